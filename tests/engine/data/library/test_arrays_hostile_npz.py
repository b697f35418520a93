"""npy and npz files that are damaged, that lie, or that lead elsewhere."""

import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.library.arrays.kind import KIND
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
    write_npz,
)
from tests.engine.data.library.hostile_arrays import GOOD, as_npy, make_npy, why, zip_up


class Bomb:
    """Would leave a file behind if it were ever unpickled."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


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
