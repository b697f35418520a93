"""One array in a file: what is known of it before it is read, and the way to read it piece by piece."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from engine.data.library.arrays.faults import printable

Array = npt.NDArray[np.generic]
Blocks = Generator[Array, None, None]
"""Pieces of an array in order; to be closed where they are not read to the end."""

NUMBERS = "biuf"
"""Truth values, integers with and without sign, and floating-point numbers: numpy's one-letter codes."""

TEXTS = "SUO"
"""`O` is what h5py makes of texts of any length; it comes from nowhere else."""

MAX_DIMENSIONS = 16
MAX_ROW_BYTES = 256 * 2**20
MAX_TEXT_BYTES = 2_000
MAX_PATH_LENGTH = 300
MAX_ENTRIES = 10_000
"""Arrays and groups in one file."""

HARMLESS_BYTES = 64 * 2**20
"""An array up to this size may be packed as tightly as it likes."""

MAX_COMPRESSION = 200
"""How many times larger than in the file an array may be. Zeros reach 1,000; what teaches a model does not."""


@dataclass(frozen=True)
class Entry:
    """An array that can be read: samples lie along axis 0.

    `file` is the file's name as it was given, `path` the array's place in it. `blocks` reads all samples in order, at
    most so many at once. Where it `has_slow_start`, much is read before the first sample.
    """

    file: str
    path: str
    shape: tuple[int, ...]
    dtype: "np.dtype[np.generic]"
    blocks: Callable[[int], Blocks]
    has_slow_start: bool = False

    @property
    def samples(self) -> int:
        """The length of axis 0."""
        return self.shape[0]

    @property
    def row_shape(self) -> tuple[int, ...]:
        """The shape of one sample; a single column counts as plain values."""
        return () if self.shape[1:] == (1,) else self.shape[1:]

    @property
    def row_bytes(self) -> int:
        """What one sample takes in memory."""
        return prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def is_text(self) -> bool:
        """Whether it holds texts, and no numbers."""
        return self.dtype.kind in TEXTS

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"the array {self.path!r} in {self.file!r}"

    @property
    def subject(self) -> str:
        """Where it is, at the beginning of a message."""
        return f"The array {self.path!r} in {self.file!r}"


@dataclass(frozen=True, slots=True)
class Unusable:
    """An array that is there and cannot be data for a model: why, and what could be done about it."""

    file: str
    path: str
    reason: str
    hint: str | None = None

    @property
    def message(self) -> str:
        """The sentence for a person."""
        return f"The array {self.path!r} in {self.file!r} cannot be used: {self.reason}."


def find_fault(shape: tuple[int, ...], dtype: "np.dtype[np.generic]") -> tuple[str, str | None] | None:
    """Why an array of this form is no data, with a hint; None where it is fine."""
    return _find_fault_of_type(shape, dtype) or _find_fault_of_shape(shape, dtype)


def check_packing(size: int, packed: int) -> str | None:
    """Why an array is refused that takes `size` bytes in memory and `packed` in the file; None where it is fine."""
    if size > HARMLESS_BYTES and size > MAX_COMPRESSION * max(1, packed):
        return (
            f"it says that it has {size:,} bytes, and the file holds {packed:,}; expected at most {MAX_COMPRESSION}"
            " times as many"
        )
    return None


def make_printable(shape: tuple[int, ...], dtype: "np.dtype[np.generic]") -> str:
    """`float32 (100, 3)`."""
    return f"{printable(str(dtype))[:100]} {shape}"


def _find_fault_of_type(shape: tuple[int, ...], dtype: "np.dtype[np.generic]") -> tuple[str, str | None] | None:
    if dtype.hasobject:
        return (
            "it holds Python objects, which can run code when they are read",
            "Save numbers: lists of different lengths become an array with keras.utils.pad_sequences.",
        )
    if dtype.kind not in NUMBERS + "SU":
        return f"it holds {printable(str(dtype))[:100]!r}; expected numbers, truth values or texts", (
            "Save each column as an array of its own." if dtype.names else None
        )
    if dtype.itemsize == 0:
        return "its texts have no characters", None
    if dtype.kind in "SU" and len(shape) > 1 and shape[1:] != (1,):
        return f"it holds texts in {len(shape)} dimensions; expected one text per sample", None
    if dtype.kind in "SU" and dtype.itemsize > MAX_TEXT_BYTES * (4 if dtype.kind == "U" else 1):
        return f"its texts have up to {dtype.itemsize:,} bytes; expected {MAX_TEXT_BYTES:,} at most", None
    return None


def _find_fault_of_shape(shape: tuple[int, ...], dtype: "np.dtype[np.generic]") -> tuple[str, str | None] | None:
    if not shape:
        return "it is a single value; expected an array with the samples along axis 0", None
    if len(shape) > MAX_DIMENSIONS:
        return f"it has {len(shape)} dimensions; expected {MAX_DIMENSIONS} at most", None
    if any(size < 0 for size in shape):
        return f"its shape is {shape}; expected no size below 0", None
    if 0 in shape:
        return f"it is empty: its shape is {shape}", None
    if prod(shape[1:]) * dtype.itemsize > MAX_ROW_BYTES:
        return f"one sample has {prod(shape[1:]) * dtype.itemsize:,} bytes; expected {MAX_ROW_BYTES:,} at most", None
    return None
