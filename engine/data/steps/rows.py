"""Applies a function to many samples in bounded memory."""

import math
import os
import shutil
import tempfile
from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt

from engine.data.source import Array
from engine.data.steps.faults import StepFault

BLOCK_BYTES = 1 << 25
"""So many bytes of samples go through a function at a time."""

IN_MEMORY_BYTES = 1 << 28
"""A larger result lies in a file without a name, which the system can take out of memory, and which goes with us."""

FREE_DISK_SHARE = 0.8


def map_rows(array: Array, function: Callable[[Array], Array]) -> Array:
    """What the function makes of the samples, read-only. It is called with blocks of them, shape `(n, …)`.

    Floats become Keras's `floatx`, as `fit` makes them of all that it is given, and half as many bytes.

    Raises:
        StepFault: there is no room for the result.
    """
    first = _like_fit(function(np.asarray(array[:1])))
    made, read = make_room((len(array), *first.shape[1:]), first.dtype)
    rows = max(1, BLOCK_BYTES // max(1, first.nbytes, math.prod(array.shape[1:]) * array.dtype.itemsize))
    for start in range(0, len(array), rows):
        made[start : start + rows] = function(np.asarray(array[start : start + rows]))
    read.setflags(write=False)
    return read


def measure_range(array: Array) -> tuple[float, float, bool]:
    """The least and the largest value, and whether all are whole numbers. Reads block by block."""
    low, high, whole = math.inf, -math.inf, True
    rows = max(1, BLOCK_BYTES // max(1, math.prod(array.shape[1:]) * array.dtype.itemsize))
    for start in range(0, len(array), rows):
        block = np.asarray(array[start : start + rows])
        if not block.size:
            continue
        low, high = min(low, float(block.min())), max(high, float(block.max()))
        whole = whole and (block.dtype.kind in "biu" or bool((block == np.trunc(block)).all()))
    return low, high, whole


def _like_fit(block: Array) -> Array:
    return block.astype(keras.config.floatx()) if block.dtype.kind == "f" else block


def make_room(shape: tuple[int, ...], dtype: npt.DTypeLike) -> tuple[Array, Array]:
    """The same numbers twice: an array to write them, and one to read them once that is done.

    A file that is mapped for reading only may be let go of, page by page (`engine.data.mapped`).

    Raises:
        StepFault: there is no room on the disk (`no_room`).
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size <= IN_MEMORY_BYTES:
        made = np.empty(shape, dtype)
        return made, made.view()
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if size > FREE_DISK_SHARE * free:
        raise StepFault(
            None,
            f"The result of shape {list(shape)} takes {size:,} bytes on the disk; expected at most"
            f" {FREE_DISK_SHARE:.0%} of the {free:,} bytes that are free in {tempfile.gettempdir()}.",
            "Let a layer of the model do it, batch by batch.",
            "no_room",
        )
    with tempfile.TemporaryFile() as file:
        _reserve(file.fileno(), size)
        return np.memmap(file, dtype, "w+", shape=shape), np.asarray(np.memmap(file, dtype, "r", shape=shape))


def _reserve(file: int, size: int) -> None:
    """Where a disk gets full under a mapped file, the process dies instead of hearing of it."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        message = f"The result takes {size:,} bytes on the disk, and the system does not give them: {error.strerror}."
        raise StepFault(None, message, "Let a layer of the model do it, batch by batch.", "no_room") from error
