"""Arrays that are mapped from files: samples of them, without the files' pages staying in the process's memory."""

import mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.data.source import Array
from engine.errors import EngineError

REGION_BYTES = 16 << 20
"""A file is gone through in pieces of this size. A process has twice as much of it in its memory at the most."""

BYTES_PER_FAULT = 2 << 20
"""So much Linux maps around a number that is read: a few hundred rows from all over a file would bring in all of it."""

MOST_REGIONS = 1 << 16
"""Numbers of 16 bits are sorted many times as fast as larger ones."""

Rows = npt.NDArray[np.integer]


def is_mapped(array: Array) -> bool:
    """Whether the numbers lie in a file and are read as they are asked for."""
    return _find_map(array) is not None


def release(array: npt.NDArray[np.generic]) -> None:
    """Lets go of the pages that were read of a mapped array; it is as readable as before. Others are left alone."""
    mapped = _find_map(array)
    # What was changed in a private copy would be lost with its pages.
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED") and memoryview(mapped).readonly:
        mapped.madvise(mmap.MADV_DONTNEED)


def take_rows(array: Array, rows: Rows) -> Array:
    """A copy of these rows of axis 0, of shape `(*rows.shape, *array.shape[1:])`.

    A file is gone through region by region, however the rows are mixed. Memory: the copy, twice while it is put in
    order, and a few regions of the file.

    Raises:
        EngineError: `data_changed`, where the file has become shorter: its end cannot be read any more.
    """
    if not is_mapped(array):
        return _take(np.asarray(array), rows)
    refuse_shortened(array)
    plain, wanted = np.asarray(array), rows.ravel()
    if len(wanted) and not 0 <= wanted.min() <= wanted.max() < len(plain):
        raise IndexError(f"expected rows 0 to {len(plain) - 1}, received {wanted.min()} to {wanted.max()}")
    regions = _find_regions(wanted, plain)
    order = np.argsort(regions, kind="stable")
    taken = np.empty((len(wanted), *plain.shape[1:]), plain.dtype)
    ends = np.cumsum(np.bincount(regions))
    touched = 0
    for start, end in zip([0, *ends], ends, strict=False):
        if start < end:
            taken[start:end] = _take(plain, wanted[order[start:end]])
            touched += min(REGION_BYTES, int(end - start) * (BYTES_PER_FAULT + abs(plain.strides[0])))
        if touched >= REGION_BYTES:
            release(array)
            touched = 0
    release(array)
    if (np.diff(order) != 1).any():
        taken = _take(taken, _invert(order))
    return taken.reshape(*rows.shape, *plain.shape[1:])


def refuse_shortened(array: Array) -> None:
    """Raises `EngineError` where a mapped file is shorter than the array: whoever reads its end would be killed.

    A file that was deleted is still there for those who mapped it.
    """
    found: object = array
    while found is not None:
        if isinstance(found, np.memmap) and found.filename is not None:
            _refuse_shorter(Path(found.filename), found.offset + found.nbytes)
        found = getattr(found, "base", None)


def _refuse_shorter(path: Path, expected: int) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return
    if size < expected:
        raise EngineError(
            "data_changed",
            f"The file {path.name} of the data set was changed while it was read: it has {size:,} bytes,"
            f" expected {expected:,}.",
            "Prepare the data set anew, and start the training again.",
        )


def _find_map(array: npt.NDArray[np.generic]) -> mmap.mmap | None:
    found: object = array
    while found is not None and not isinstance(found, mmap.mmap):
        found = getattr(found, "base", None)
    return found


def _find_regions(rows: Rows, array: Array) -> npt.NDArray[np.uint16]:
    """In which piece of the file each row lies."""
    stride = max(1, abs(array.strides[0]))
    size = max(1, REGION_BYTES // stride, -(-len(array) // MOST_REGIONS))
    return (rows // size).astype("uint16")


def _take(array: Array, rows: Rows) -> Array:
    # `take` is three times as fast as indexing, but copies an array whole that is no contiguous piece of memory.
    taken: Array = np.take(array, rows, axis=0) if array.flags.c_contiguous else array[rows]
    return taken


def _invert(order: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each row has come to, of which `order` says where it was."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places
