"""A look at an HDF5 file before it is read: what it declares stays in it, and within the limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

import h5py

from engine.errors import EngineError
from engine.models.npz import DEFAULT_NPZ_LIMITS, NpzLimits

MAGIC = b"\x89HDF\r\n\x1a\n"
MAX_DEPTH = 64
OBJECTS_PER_ARRAY = 10
"""Groups and arrays in a file, for each array that the limits allow: Keras makes a few groups for each layer."""


@contextmanager
def open_hdf5(path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> Iterator["h5py.File"]:
    """The file, open for reading, once nothing in it points elsewhere or says that it is larger than the limits.

    Whatever else goes wrong with the file inside the block becomes an `EngineError` `invalid_weights` too.

    Raises `EngineError` `invalid_weights` or `too_large`.
    """
    try:
        with h5py.File(path, "r") as file:
            _look_through(file, limits)
            yield file
    except EngineError:
        raise
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, IndexError) as error:
        raise _invalid(f"the HDF5 file is damaged or not what it seems ({error})") from error


def _look_through(file: "h5py.File", limits: NpzLimits) -> None:
    waiting: list[tuple[h5py.Group, int]] = [(file, 0)]
    objects = declared = 0
    while waiting:
        group, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _invalid(f"its groups are nested more than {MAX_DEPTH} deep")
        for name in group:
            objects += 1
            if objects > limits.max_arrays * OBJECTS_PER_ARRAY:
                raise _too_large("it has too many groups and arrays", f"{limits.max_arrays * OBJECTS_PER_ARRAY:,}")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise _invalid(f"{name!r} is a link to another place")
            inner = group[name]
            if isinstance(inner, h5py.Group):
                waiting.append((inner, depth + 1))
            elif isinstance(inner, h5py.Dataset):
                declared += _measure(inner, limits)
                if declared > limits.max_bytes:
                    raise _too_large(f"its arrays take more than {limits.max_bytes:,} bytes", f"{limits.max_bytes:,}")


def _measure(dataset: "h5py.Dataset", limits: NpzLimits) -> int:
    """The bytes that the array takes in memory."""
    if dataset.external or dataset.is_virtual:
        raise _invalid(f"the array {dataset.name!r} lies outside the file")
    if dataset.shape is None:
        return 0
    if len(dataset.shape) > limits.max_dimensions:
        raise _invalid(f"the array {dataset.name!r} has {len(dataset.shape)} dimensions")
    size: int = prod(dataset.shape) * dataset.dtype.itemsize
    return size


def _invalid(what: str) -> EngineError:
    return EngineError("invalid_weights", f"The weights cannot be read: {what}.", "Save the file again with Keras.")


def _too_large(received: str, expected: str) -> EngineError:
    return EngineError("too_large", f"The weights file is too large: {received}; expected at most {expected}.")
