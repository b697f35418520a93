"""Values as they are in a file, made into what lies on disk for training."""

import numpy as np
import numpy.typing as npt

from engine.data.library.arrays.entries import Array

Lacking = npt.NDArray[np.bool_]
INT32 = np.iinfo(np.int32)


def flatten_column(block: Array) -> Array:
    """A block of a single column, shape `(n, 1)`, as plain values; any other block as it is."""
    return block[:, 0] if block.ndim == 2 and block.shape[1] == 1 else block


def find_stored_dtype(dtype: "np.dtype[np.generic]", minimum: float | None, maximum: float | None) -> str:
    """The dtype in which numbers are kept: bytes stay bytes, integers become int32 where they fit, all else float32."""
    if dtype.kind == "b" or dtype == np.uint8:
        return "uint8"
    if dtype.kind in "iu" and minimum is not None and maximum is not None:
        return "int32" if minimum >= INT32.min and maximum <= INT32.max else "float32"
    return "float32"


def make_numbers(block: Array, dtype: str) -> Array:
    """The block in another dtype. What is too large for float32 becomes infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return block.astype(dtype, copy=False)


def find_lacking(block: Array) -> Lacking:
    """For each sample whether it has a value that is no finite number in float32. Shape `(n,)`."""
    if block.dtype.kind != "f":
        return np.zeros(len(block), bool)
    finite = np.isfinite(make_numbers(block, "float32"))
    return np.asarray(~finite.reshape(len(block), -1).all(axis=1))


def make_keys(block: Array) -> list[str | int | float]:
    """The values of a column as plain Python ones, to be counted and sorted: texts, integers, or floats."""
    if block.dtype.kind in "SO":
        return [_decode(value) for value in block.tolist()]
    if block.dtype.kind == "U":
        return [_clean(value) for value in block.tolist()]
    if block.dtype.kind == "b":
        block = block.astype(np.uint8)
    keys: list[str | int | float] = block.tolist()
    return [int(key) if isinstance(key, float) and key.is_integer() else key for key in keys]


def _decode(value: bytes | str) -> str:
    return _clean(value.decode("utf-8", "replace") if isinstance(value, bytes) else value)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").rstrip("\0")
