"""HDF5 files that are damaged, that lie, or that lead elsewhere."""

from pathlib import Path

import h5py
import numpy as np

from tests.engine.data.library.array_files import (
    X,
    Y,
    define,
    inspect,
    prepare,
    refuse,
    write_hdf5,
)
from tests.engine.data.library.hostile_arrays import why


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
