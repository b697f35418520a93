"""Arrays that are mapped from files: samples of them, without the files' pages staying in the process's memory."""

import mmap
from pathlib import Path

import numpy as np

from engine.data.source import Array
from engine.errors import EngineError

TOUCHED_BYTES = 16 << 20
"""So much of a file a process has in its memory at a time, whatever is taken of it."""

BYTES_PER_FAULT = 64 << 10
"""As much as Linux maps at once around a page that is read."""


def is_mapped(array: Array) -> bool:
    """Whether the numbers lie in a file and are read as they are asked for."""
    return _find_map(array) is not None


def release(array: Array) -> None:
    """Lets go of the pages that were read of a mapped array; it is as readable as before. Others are left alone."""
    mapped = _find_map(array)
    # What was changed in a private copy would be lost with its pages.
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED") and memoryview(mapped).readonly:
        mapped.madvise(mmap.MADV_DONTNEED)


def take_rows(array: Array, rows: "np.typing.NDArray[np.integer]") -> Array:
    """A copy of these rows of axis 0, of shape `(*rows.shape, *array.shape[1:])`.

    A file is gone through once from its beginning to its end, however the rows are mixed: reading here and there would
    take many times longer. Memory: the copy, and `TOUCHED_BYTES` of the file.

    Raises:
        EngineError: `data_changed`, where the file has become shorter: its end cannot be read any more.
    """
    if not is_mapped(array):
        found: Array = np.asarray(array)[rows]
        return found
    refuse_shortened(array)
    wanted = rows.ravel()
    taken = np.empty((len(wanted), *array.shape[1:]), array.dtype)
    order = np.argsort(wanted, kind="stable")
    plain = np.asarray(array)
    for places in np.split(order, _find_ends(wanted[order], plain)):
        taken[places] = plain[wanted[places]]
        release(array)
    return taken.reshape(*rows.shape, *array.shape[1:])


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


def _find_map(array: Array) -> mmap.mmap | None:
    found: object = array
    while found is not None and not isinstance(found, mmap.mmap):
        found = getattr(found, "base", None)
    return found


def _find_ends(rows: "np.typing.NDArray[np.integer]", array: Array) -> "np.typing.NDArray[np.int64]":
    """Where sorted rows are to be cut, so that each piece touches little of the file."""
    size = abs(array.strides[0]) if array.ndim else array.itemsize
    touched = np.minimum(np.diff(rows.astype("int64"), prepend=0) * size, size + BYTES_PER_FAULT)
    return np.flatnonzero(np.diff(np.cumsum(touched) // TOUCHED_BYTES)) + 1
