"""npy: the format of one array, alone in a file or as a member of an npz. Nothing is ever unpickled."""

import shutil
import sys
import tempfile
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from engine.data.library.arrays.entries import HARMLESS_BYTES, Blocks, Entry, Unusable, find_fault
from engine.data.library.arrays.faults import printable, refuse
from engine.data.library.kinds import GivenFile

MAGIC = b"\x93NUMPY"
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
"""What reading a damaged file or member raises."""

DAMAGED_HEADER = (
    *(SyntaxError, TypeError, ValueError, KeyError, OverflowError, RecursionError, MemoryError, EOFError),
    tokenize.TokenError,
)
"""What numpy raises where a header is not what it writes itself; its messages are for programmers."""

COLUMNS_BYTES = 32 * 2**20
"""What is read at a time of an array that lies in columns."""

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Header:
    """What an array says of itself. `offset` is where its numbers begin."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: "np.dtype[np.generic]"
    offset: int

    @property
    def size(self) -> int:
        """The array's bytes."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def is_strewn(self) -> bool:
        """Whether a sample's numbers lie apart from each other."""
        return self.fortran_order and len(self.shape) > 1


def read_header(file: IO[bytes]) -> Header:
    """Reads as far as the numbers. Raises ValueError with what is wrong."""
    try:
        version = npy.read_magic(file)
        with warnings.catch_warnings():
            # Whether Python 2 wrote it is of no interest.
            warnings.simplefilter("ignore")
            shape, fortran_order, dtype = READERS[version](file)
    except DAMAGED_HEADER as error:
        raise ValueError("its header is damaged, or it is no npy") from error
    return Header(tuple(map(int, shape)), bool(fortran_order), dtype, file.tell())


def list_npy(given: GivenFile) -> list[Entry | Unusable]:
    """The one array of an npy file, under the file's name without its ending."""
    return [describe(given.name, Path(given.name).stem, lambda: given.path.open("rb"), given.path.stat().st_size)]


def describe(file: str, path: str, opener: Opener, size: int) -> Entry | Unusable:
    """The array that `opener` opens, which has `size` bytes with its header."""
    try:
        with opener() as stream:
            header = read_header(stream)
    except DAMAGED as error:
        return Unusable(file, path, printable(str(error)).rstrip(".") or "it is damaged")
    if fault := find_fault(header.shape, header.dtype):
        return Unusable(file, path, *fault)
    if header.offset + header.size != size:
        return Unusable(
            file, path,
            f"its header says {header.dtype} {header.shape}, which takes {header.size:,} bytes, and"
            f" {size - header.offset:,} are there",
            "It may be cut off: copy or save it again.",
        )  # fmt: skip
    slow = header.is_strewn and header.size > HARMLESS_BYTES
    return Entry(file, path, header.shape, header.dtype, lambda rows: _read(file, path, opener, header, rows), slow)


def _read(file: str, path: str, opener: Opener, header: Header, rows: int) -> Blocks:
    try:
        with opener() as stream:
            stream.read(header.offset)
            yield from _read_rows(stream, header, rows)
            # A zip compares its checksum once the end was read.
            stream.read(1)
    except DAMAGED as error:
        raise refuse(
            "damaged_file",
            f"The array {path!r} in {file!r} cannot be read to its end ({printable(str(error))}).",
            "Copy or save the file again.",
            path,
        ) from error


def _read_rows(stream: IO[bytes], header: Header, rows: int) -> Blocks:
    if header.is_strewn:
        yield from _read_columns(stream, header, rows)
        return
    row_bytes = prod(header.shape[1:]) * header.dtype.itemsize
    for start in range(0, header.shape[0], rows):
        count = min(rows, header.shape[0] - start)
        content = stream.read(count * row_bytes)
        if len(content) < count * row_bytes:
            raise EOFError(f"it ends after {start + len(content) // row_bytes:,} of {header.shape[0]:,} samples")
        _check_characters(content, header.dtype)
        yield np.frombuffer(content, header.dtype).reshape(count, *header.shape[1:])


def _check_characters(content: bytes, dtype: "np.dtype[np.generic]") -> None:
    """Numpy gives texts to Python as they are, which ends in an error that nobody could make sense of."""
    if dtype.kind == "U" and (np.frombuffer(content, f"{dtype.byteorder}u4") > sys.maxunicode).any():
        raise ValueError("it has characters that Unicode does not know")


def _read_columns(stream: IO[bytes], header: Header, rows: int) -> Blocks:
    """An array in Fortran's order has its samples strewn over the file: all of the first column come first.

    It is put on the disk, and of each column a piece is read at a time. Mapping the file would be shorter, and would
    have nearly all of it in memory at once.
    """
    with tempfile.TemporaryFile(prefix="layerloom-array-", buffering=0) as unpacked:
        shutil.copyfileobj(stream, unpacked, 2**20)
        if unpacked.tell() < header.size:
            raise EOFError(f"it has {unpacked.tell():,} of {header.size:,} bytes")
        samples, row_shape, item = header.shape[0], header.shape[1:], header.dtype.itemsize
        step = rows * max(1, COLUMNS_BYTES // (prod(row_shape) * item * rows))
        for first in range(0, samples, step):
            count = min(step, samples - first)
            content = np.empty((prod(row_shape), count * item), np.uint8)
            for number, column in enumerate(content):
                unpacked.seek((number * samples + first) * item)
                unpacked.readinto(column.data)
            turned = content.view(header.dtype).reshape(*reversed(row_shape), count).T
            for start in range(0, count, rows):
                yield np.array(turned[start : start + rows], order="C")
