"""Arrays in npz files: what is written comes back, and what is hostile is refused before it is read."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.lib import format as npy

from engine.errors import EngineError
from engine.models.npz import NpzLimits, read_npz, read_npz_headers, write_npz
from engine.models.weights import LayerWeights, read_weight_shapes, read_weights, write_weights

DTYPES = st.sampled_from(["float32", "float16", "float64", "int8", "uint64", "bool", ">f4"])


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, min_side=0, max_side=4)), max_size=3))
def test_arrays_come_back_as_they_were(tmp_path: Path, given_arrays):
    path = tmp_path / "a.npz"
    write_npz(path, ((str(i), array) for i, array in enumerate(given_arrays)))
    found = read_npz(path)
    assert [*found] == [str(i) for i in range(len(given_arrays))]
    for array, one in zip(found.values(), given_arrays, strict=True):
        assert (array.shape, array.dtype) == (one.shape, one.dtype.newbyteorder("="))
        assert np.array_equal(array, one, equal_nan=array.dtype.kind == "f")
    assert [header.shape for header in read_npz_headers(path).values()] == [one.shape for one in given_arrays]


def test_equal_weights_make_equal_files_which_numpy_reads(tmp_path: Path):
    weights: LayerWeights = {
        "dense": [np.ones((2, 3), "float32"), np.zeros(3, "float32")],
        "a": [np.array(1, "float32")],
    }
    for name in ("one.npz", "two.npz"):
        write_weights(tmp_path / name, weights)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as file:
        assert file.files == ["dense/0", "dense/1", "a/0"]
    assert read_weight_shapes(tmp_path / "one.npz") == {"dense": [[2, 3], [3]], "a": [[]]}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.npz", "two.npz"]


def test_numpys_own_compressed_files_are_read(tmp_path: Path):
    array = np.asfortranarray(np.arange(6, dtype="int32").reshape(2, 3))
    np.savez_compressed(tmp_path / "a.npz", x=array)
    assert np.array_equal(read_npz(tmp_path / "a.npz")["x"], array)


def make_header(shape: str, descr: str = "'<f4'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def pack(tmp_path: Path, **members: bytes) -> Path:
    path = tmp_path / "hostile.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def make_pickled() -> bytes:
    file = io.BytesIO()
    npy.write_array(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header",
        make_pickled(),
        make_header("(3,)", "'|O'"),
        make_header("(3,)", "'<c8'") + bytes(24),
        make_header("(1,)", "'|V4'") + bytes(4),
        make_header("(1,)", "[('a', '<f4')]") + bytes(4),
        make_header("(1,)", "'<U1'") + bytes(4),
        make_header("(-1,)") + bytes(4),
        make_header("(2, -2)") + bytes(16),
        make_header("(True,)") + bytes(4),
        make_header("(1e3,)") + bytes(4),
        make_header("__import__('os').abort()"),
        make_header("(3,)") + bytes(8),
        make_header("(1,)") + bytes(8),
        make_header("(" + "1," * 40 + ")") + bytes(4),
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 65000) + b"{" * 65000,
        b"\x93NUMPY\x09\x00" + bytes(100),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises(EngineError) as refusal:
        read_npz(pack(tmp_path, a=content))
    assert refusal.value.code == "invalid_weights"


def test_a_shape_larger_than_the_limit_is_refused_before_anything_is_allocated(tmp_path: Path):
    with pytest.raises(EngineError) as refusal:
        read_npz(pack(tmp_path, a=make_header("(1000000, 1000000, 1000000)")))
    assert refusal.value.code == "too_large"


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path):
    path = pack(tmp_path, a=make_header("(50000000,)") + bytes(200_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(EngineError) as refusal:
        read_npz(path, NpzLimits(max_bytes=100_000_000))
    assert refusal.value.code == "too_large"


def test_too_many_arrays_are_refused(tmp_path: Path):
    path = pack(tmp_path, **{f"a{i}": make_header("()") + bytes(4) for i in range(11)})
    with pytest.raises(EngineError) as refusal:
        read_npz(path, NpzLimits(max_arrays=10))
    assert refusal.value.code == "too_large"


def test_a_long_list_of_members_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 2**31, 0, 0))
    with pytest.raises(EngineError) as refusal:
        read_npz(path)
    assert refusal.value.code == "too_large"


def test_a_name_that_comes_twice_and_a_member_that_is_no_array_are_refused(tmp_path: Path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", make_header("()") + bytes(4))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.npy", make_header("()") + bytes(4))
    with pytest.raises(EngineError, match="twice"):
        read_npz(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/passwd", b"x")
    with pytest.raises(EngineError, match="no array"):
        read_npz(path)


def test_damaged_numbers_are_noticed(tmp_path: Path):
    path = tmp_path / "a.npz"
    write_npz(path, [("a", np.arange(1000, dtype="float32"))])
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    with pytest.raises(EngineError, match="damaged"):
        read_npz(path)


@pytest.mark.parametrize("name", ["a", "a/x", "a/-1", "/0", "a/1", "a/00"])
def test_arrays_have_to_be_named_by_layer_and_place(tmp_path: Path, name: str):
    write_npz(tmp_path / "a.npz", [(name, np.zeros(1))])
    with pytest.raises(EngineError) as refusal:
        read_weights(tmp_path / "a.npz")
    assert refusal.value.code == "invalid_weights"


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path):
    path = tmp_path / "a.npz"
    write_npz(path, [("a", np.ones(2))])
    with pytest.raises(ValueError, match="Object arrays"):
        write_npz(path, [("a", np.zeros(2)), ("b", np.array([{}], dtype=object))])
    assert read_npz(path)["a"].tolist() == [1, 1]
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]
