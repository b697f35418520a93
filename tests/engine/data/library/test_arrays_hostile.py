"""Files of arrays that are damaged, that lie, or that lead elsewhere."""

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib import format as npy

from engine.data.library.arrays.kind import KIND
from engine.data.library.manifest import ArrayPlan, Definition
from engine.errors import IssuesError
from tests.engine.data.library.array_files import (
    X,
    Y,
    define,
    find_warnings,
    give,
    inspect,
    prepare,
    refuse,
    write_hdf5,
    write_npz,
)


class Bomb:
    """Would leave a file behind if it were ever unpickled."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def make_npy(shape: str, descr: str = "'<f4'", content: bytes = b"", order: str = "False") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}".encode()
    header = header.ljust(117) + b"\n"
    return npy.magic(1, 0) + struct.pack("<H", len(header)) + header + content


def zip_up(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def as_npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = {"x.npy": as_npy(X), "y.npy": as_npy(Y)}


def why(found, name: str) -> str:
    """Why an array cannot be used."""
    return next(one for one in find_warnings(found, "unusable_array") if repr(name) in one)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("descr", ["'|O'", "[('a', '|O')]"])
def test_nothing_is_ever_unpickled(tmp_path: Path, descr: str):
    trace = tmp_path / "trace"
    array = np.empty(20, dtype=object)
    array[:] = [Bomb(trace)] * 20
    path = write_npz(tmp_path / "a.npz", x=X, y=Y, bad=array if descr == "'|O'" else array.astype([("a", "O")]))
    found = inspect(path)
    assert "Python objects" in why(found, "bad")
    assert refuse(tmp_path / "set", path, definition=define("bad")).code == "unusable_array"
    assert found.samples == 20
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (make_npy("(10, 2)", content=bytes(40)), "takes 80 bytes, and 40 are there"),
        (make_npy("(10, 2)", content=bytes(200)), "takes 80 bytes, and 200 are there"),
        (make_npy("(10**9, 2)"), "header is damaged"),
        (make_npy("(1000000000000, 2)"), "takes 8,000,000,000,000 bytes"),
        (make_npy("(-1, 2)"), "no size below 0"),
        (make_npy("(-2, -5)", content=bytes(40)), "no size below 0"),
        (make_npy("(5.5,)"), "header is damaged"),
        (make_npy("(9" + "9" * 5000 + ",)"), "header is damaged"),
        (make_npy("()", content=bytes(4)), "single value"),
        (make_npy("(0, 3)"), "empty"),
        (make_npy("(5, 0)"), "empty"),
        (make_npy("(" + "1," * 33 + ")", content=bytes(4)), "33 dimensions"),
        (make_npy("(1000000000,)", "'|S0'"), "no characters"),
        (make_npy("(3,)", "'<U0'"), "no characters"),
        (make_npy("(2,)", "'<U90000'", bytes(720000)), "720,000|360,000"),
        (make_npy("(2,)", "'<c8'", bytes(16)), "complex64"),
        (make_npy("(2,)", "'<M8[s]'", bytes(16)), "datetime64"),
        (
            make_npy("(2,)", "[('a', '<f4'), ('b', '<i4')]", bytes(16)),
            "each column as an array of its own|expected num",
        ),
        (make_npy("(2,)", "'|V8'", bytes(16)), "V8"),
        (make_npy("(2,)", "'nonsense'"), "header is damaged"),
        (make_npy("(2,)", "__import__('os').system('touch /tmp/x')"), "header is damaged"),
        (make_npy("(2,)", "[[[[" * 15), "header is damaged"),
        (make_npy("(1, 100000000)", content=b""), "one sample has 400,000,000 bytes"),
        (b"\x93NUMPY\x07\x00rest", "header is damaged"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "header is damaged"),
        (b"\x93NUMPY", "header is damaged"),
        (b"no npy at all", "header is damaged"),
        (b"", "header is damaged"),
    ],
)
def test_an_array_that_lies_about_itself_is_named_with_the_reason(tmp_path: Path, content: bytes, reason: str):
    path = zip_up(tmp_path / "a.npz", GOOD | {"bad.npy": content})
    found = inspect(path)
    assert found.samples == 20
    told = why(found, "bad")
    assert "'a.npz'" in told
    assert any(part in told for part in reason.split("|")), told
    assert refuse(tmp_path / "set", path, definition=define("bad")).argument == "bad"


def test_an_npy_that_was_cut_off_is_refused(tmp_path: Path):
    (tmp_path / "x.npy").write_bytes(as_npy(X)[:-10])
    np.save(tmp_path / "y.npy", Y)
    found = inspect(tmp_path / "x.npy", tmp_path / "y.npy")
    assert "240 bytes, and 230 are there" in why(found, "x")


@pytest.mark.parametrize("name", ["../../x.npy", "/etc/x.npy", "a\\..\\..\\x.npy"])
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path: Path, name: str):
    found = inspect(zip_up(tmp_path / "a.npz", GOOD | {name: as_npy(X)}))
    assert "leads out" in find_warnings(found, "unusable_array")[0]
    assert {one.name for one in found.fields} == {"x", "y"}


def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path: Path):
    zeros = make_npy("(200000000,)", "'|u1'", bytes(200_000_000))
    path = zip_up(tmp_path / "a.npz", GOOD | {"bad.npy": zeros}, zipfile.ZIP_DEFLATED)
    assert refuse(tmp_path / "set", path).code == "too_large"


NOISE = np.random.default_rng(0).integers(0, 255, (20, 5000), "uint8")


def test_a_member_that_unpacks_to_more_than_it_declares_is_read_no_further(tmp_path: Path):
    much = as_npy(NOISE) + bytes(50_000_000)
    path = zip_up(tmp_path / "a.npz", {"y.npy": as_npy(Y), "x.npy": much}, zipfile.ZIP_DEFLATED)
    # Both in the list of members and before the member itself.
    true, said = struct.pack("<L", len(much)), struct.pack("<L", len(as_npy(NOISE)))
    assert path.read_bytes().count(true) == 2
    path.write_bytes(path.read_bytes().replace(true, said))
    told = refuse(tmp_path / "set", path)
    assert (told.code, told.argument) == ("damaged_file", "x")


def test_a_wrong_checksum_is_found(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=NOISE, y=Y)
    content = bytearray(path.read_bytes())
    content[content.index(NOISE.tobytes()) + 50_000] ^= 0xFF
    path.write_bytes(content)
    told = refuse(tmp_path / "set", path)
    assert (told.code, told.argument) == ("damaged_file", "x")


def test_an_archive_with_two_members_of_one_name_is_refused(tmp_path: Path):
    path = zip_up(tmp_path / "a.npz", {"x.npy": GOOD["x.npy"], "z.npy": GOOD["x.npy"]})
    path.write_bytes(path.read_bytes().replace(b"z.npy", b"x.npy"))
    assert "two members" in refuse(tmp_path / "set", path).message


def test_an_encrypted_member_is_named(tmp_path: Path):
    path = zip_up(tmp_path / "a.npz", {"y.npy": as_npy(Y), "z.npy": as_npy(Y), "x.npy": as_npy(X)})
    content = bytearray(path.read_bytes())
    last = content.rindex(b"PK\x01\x02")
    content[last + 8] |= 1
    path.write_bytes(content)
    assert "encrypted" in why(inspect(path), "x")


def test_what_is_no_file_of_arrays_is_not_taken(tmp_path: Path):
    for name, content in {
        "a.npz": b"PK\x03\x04 and no more",
        "b.csv": b"x,y\n1,2\n",
        "c.npy": b"",
        "d.h5": b"\x89HDF",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert not KIND.takes(give(tmp_path / name))
        with pytest.raises(IssuesError) as caught:
            KIND.inspect(give(tmp_path / name), None)
        assert repr(name) in caught.value.message
    assert not KIND.takes([])
    assert not KIND.takes(give(zip_up(tmp_path / "photos.zip", {"cat/1.png": b"", "dog/1.png": b""})))


def test_lengths_that_differ_are_refused(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=X, y=Y[:19])
    told = refuse(tmp_path / "set", path, definition=define())
    assert told.message == (
        "Samples lie along axis 0: the array 'x' in 'a.npz' has 20 of them and the array 'y' in 'a.npz' has 19;"
        " expected as many in each."
    )


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (define("nothing"), "unknown_field"),
        (define(test={"x": "x"}), "no_test_array"),
        (define(test={"x": "y", "y": "y"}), "other_shape"),
        (define(test={"x": "nothing", "y": "y"}), "unknown_field"),
        (define(read_as={"nothing": "number"}), "unknown_field"),
        (define(read_as={"y": "wish"}), "invalid_option"),
        (define(folder="/etc"), "invalid_option"),
        (define(missing=3), "invalid_option"),
        (define(read_as={"x": "category"}), "not_a_column"),
        (define(class_names="x"), "no_class_names"),
        (define(class_names="few"), "no_class_name"),
        (define(targets="name", read_as={"name": "number"}), "no_numbers"),
        (define("gaps"), "missing_values"),
        (define("huge"), "missing_values"),
        (define(targets="many", read_as={"many": "category"}), "other_length"),
        (
            Definition(
                kind="arrays",
                inputs=[ArrayPlan(name="a", fields=["x", "deep"])],
                targets=[ArrayPlan(name="b", fields=["y"])],
            ),
            "not_side_by_side",
        ),
    ],
)
def test_a_definition_that_does_not_fit_is_refused(tmp_path: Path, definition: Definition, code: str):
    path = write_npz(
        tmp_path / "a.npz",
        x=X,
        y=Y,
        deep=np.zeros((20, 2, 2)),
        few=np.array(["a", "b"]),
        name=np.array(["a", "b"] * 10),
        gaps=np.where(X == 4, np.nan, X),
        huge=np.where(X == 4, 1e300, X.astype(float)),
        many=np.arange(3000),
    )
    assert refuse(tmp_path / "set", path, definition=definition).code == code


def test_the_first_missing_value_is_named_by_its_sample(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=np.where(X == 52, np.nan, X), y=Y)
    assert "the first is sample 17 of the array 'x' in 'a.npz'" in refuse(tmp_path / "set", path).message


def test_a_thousand_different_texts_are_no_classes(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=np.zeros((1500, 2)), y=np.arange(1500).astype(str))
    assert refuse(tmp_path / "set", path).code == "too_many_classes"


def test_texts_that_are_no_unicode_are_refused(tmp_path: Path):
    content = as_npy(np.array(["a", "b"] * 2000)).replace(struct.pack("<L", ord("b")), struct.pack("<L", 0x7FFFFFFF))
    path = zip_up(tmp_path / "a.npz", {"x.npy": as_npy(np.zeros((4000, 2))), "y.npy": content})
    told = refuse(tmp_path / "set", path, definition=define(read_as={"y": "category"}))
    assert "Unicode does not know" in told.message


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    first = write_npz(tmp_path / "a.npz", x=X, y=Y)
    assert refuse(tmp_path / "set", first, first).code == "same_name"


def test_links_out_of_an_hdf5_file_are_not_followed(tmp_path: Path):
    write_hdf5(tmp_path / "secret.h5", x=X)
    path = write_hdf5(tmp_path / "a.h5", x=X, y=Y)
    with h5py.File(path, "a") as file:
        file["external"] = h5py.ExternalLink("secret.h5", "/x")
        file["soft"] = h5py.SoftLink("/x")
        file["endless"] = h5py.SoftLink("/endless")
        file.create_dataset("outside", (20, 3), "f4", external=[(str(tmp_path / "raw"), 0, 240)])
        layout = h5py.VirtualLayout((20, 3), "f4")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "x", (20, 3))
        file.create_virtual_dataset("virtual", layout)
    found = inspect(path)
    assert {one.name for one in found.fields} == {"x", "y"}
    assert "another file, 'secret.h5'" in why(found, "external")
    for name in ("outside", "virtual"):
        assert "lie in other files" in why(found, name)
        assert refuse(tmp_path / "set", path, definition=define(name)).code == "unusable_array"
    for name in ("soft", "endless"):
        assert "a link to another place" in why(found, name)


def test_a_tree_that_bites_its_tail_is_refused(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=X, y=Y)
    with h5py.File(path, "a") as file:
        file["group/inner"] = X
        file["group/again"] = file["group"]
    assert "expected a tree" in refuse(tmp_path / "set", path).message


def test_a_tree_that_is_too_deep_is_refused(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=X)
    with h5py.File(path, "a") as file:
        file["/".join("g" * 100) + "/x"] = X
    assert refuse(tmp_path / "set", path).code == "too_large"


def test_types_of_hdf5_that_are_no_data_are_named(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=X, y=Y)
    with h5py.File(path, "a") as file:
        file.create_dataset("pairs", (20,), np.dtype([("a", "f4"), ("b", "i4")]))
        file.create_dataset("ragged", (20,), h5py.vlen_dtype("i4"))
        file.create_dataset("pointing", (20,), h5py.ref_dtype)
        file.create_dataset("nothing", data=h5py.Empty("f4"))
        file.create_dataset("opaque", (20,), "V7")
        file.create_dataset("complex", (20,), "c8")
    found = inspect(path)
    assert {one.name for one in found.fields} == {"x", "y"}
    assert "different lengths" in why(found, "ragged")
    assert "references" in why(found, "pointing")
    assert "empty" in why(found, "nothing")
    for name in ("pairs", "opaque", "complex"):
        assert "expected numbers" in why(found, name)


def test_hdf5_that_declares_more_than_it_holds_is_refused(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", y=Y)
    with h5py.File(path, "a") as file:
        file.create_dataset("terabytes", (10**9, 1000), "f4", chunks=(100, 1000), fillvalue=1)
        file.create_dataset("piece", (20, 50_000_000), "f4", chunks=(1, 50_000_000), compression="gzip")
    found = inspect(path)
    assert "4,000,000,000,000 bytes" in why(found, "terabytes")
    assert "in pieces of 200,000,000" in why(found, "piece")


def test_a_filter_that_is_not_here_is_named(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=X, y=Y)
    with h5py.File(path, "a") as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((5, 3))
        properties.set_filter(32999, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((20, 3))
        h5py.h5d.create(file.id, b"strange", h5py.h5t.NATIVE_FLOAT, space, properties)
    assert "filter 32999" in why(inspect(path), "strange")


def test_a_text_of_a_megabyte_is_no_label(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=X)
    with h5py.File(path, "a") as file:
        file.create_dataset("y", data=["a"] * 19 + ["b" * 10**6], dtype=h5py.string_dtype())
    told = refuse(tmp_path / "set", path, definition=define(read_as={"y": "category"}))
    assert "The text of sample 19 of 'y' in 'a.h5' has 1,000,000 bytes" in told.message


def test_names_in_any_script_and_of_no_script_come_through(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", 数据=X, метки=Y)
    with h5py.File(path, "a") as file:
        file[b"broken\xff"] = X
    found = inspect(path)
    found.model_dump_json()
    assert {"数据", "метки"} <= {one.name for one in found.fields}
    prepared, arrays = prepare(tmp_path / "set", path)
    assert prepared.targets[0].name in arrays


def test_hdf5_that_was_cut_off_is_refused(tmp_path: Path):
    path = write_hdf5(tmp_path / "a.h5", x=np.zeros((5000, 3)), y=np.zeros(5000, int))
    path.write_bytes(path.read_bytes()[:-2000])
    assert refuse(tmp_path / "set", path).code == "damaged_file"


def test_packed_hdf5_with_damaged_pieces_is_refused(tmp_path: Path):
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        noise = np.random.default_rng(0).integers(0, 255, (2000, 3), "uint8")
        x = file.create_dataset("x", data=noise, chunks=(100, 3), compression="gzip")
        file["y"] = np.arange(2000) % 2
        place = x.id.get_chunk_info(15).byte_offset
    content = bytearray(path.read_bytes())
    content[place : place + 50] = b"\xff" * 50
    path.write_bytes(content)
    told = refuse(tmp_path / "set", path)
    assert (told.code, told.argument) == ("damaged_file", "x")


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.booleans(), packed=st.booleans())
def test_whatever_byte_is_wrong_it_is_refused_or_read(tmp_path_factory, place, value, cut, packed):
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "a.npz"
    (np.savez_compressed if packed else np.savez)(path, x=X, y=Y, name=np.array(["a", "b"] * 10))
    content = bytearray(path.read_bytes())
    index = int(place * len(content))
    content[index] = value
    path.write_bytes(content[:index] if cut else content)
    KIND.takes(give(path))
    # Anything but an `IssuesError` would be a fault of ours.
    with suppress(IssuesError):
        prepare(folder / "set", path)
