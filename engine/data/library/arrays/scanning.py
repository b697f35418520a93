"""Looking at all values of a field, block after block: how many, of which range, which different ones."""

import math
from collections import Counter

import numpy as np
import numpy.typing as npt

from engine.data.library.arrays.entries import Array, Entry, make_printable
from engine.data.library.arrays.values import flatten_column, make_keys, make_numbers
from engine.data.library.manifest import FieldKind, FieldSummary, Histogram

MAX_CLASSES = 1_000
"""More different values than that are numbers, or texts, and no classes."""

MAX_NAME = 500
BINS = 20
IMAGE_DIMENSIONS = (2, 3)
IMAGE_CHANNELS = (1, 3, 4)


Counts = npt.NDArray[np.int64]
BYTES = np.arange(256)


def count_bytes(block: Array) -> Counts:
    """How often each of the 256 bytes is in an array of them."""
    return np.bincount(block.ravel(), minlength=len(BYTES))


class FieldScan:
    """What is known of a field after the blocks that were added. Memory: a block, and the different values."""

    def __init__(self, field: str, entry: Entry):
        self.field = field
        self.entry = entry
        self.samples = 0
        self.missing = 0
        self.minimum: float | None = None
        self.maximum: float | None = None
        self.values: Counter[str | int | float] | None = Counter() if entry.row_shape == () else None
        """How often each value of a column is there; None for anything else, and where they are too many."""

        self._count = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, block: Array) -> None:
        """Looks at the next samples, shape `(n, …)`."""
        block = flatten_column(block)
        self.samples += len(block)
        if not self.entry.is_text:
            self._measure(block)
        if self.values is not None:
            self._count_values(block)

    @property
    def is_whole(self) -> bool:
        """Whether all values are integers, or truth values."""
        return self.entry.dtype.kind in "biu" or (
            self.entry.dtype.kind == "f"
            and self.values is not None
            and self.missing == 0
            and all(isinstance(one, int) for one in self.values)
        )

    def summarize(
        self, classes: list[str | int | float] | None = None, histogram: Histogram | None = None
    ) -> FieldSummary:
        """What a person sees of it; `classes` in the order of their labels where it is read as a category."""
        counts = self.values or Counter()
        shown = (classes or [])[:MAX_CLASSES]
        known = self._count > 0
        return FieldSummary(
            name=self.field,
            kind=self._find_kind(classes is not None),
            shape=list(self.entry.row_shape),
            dtype=make_printable((), self.entry.dtype).removesuffix(" ()"),
            missing=self.missing,
            unique=None if self.values is None else len(self.values),
            minimum=_finite(self.minimum),
            maximum=_finite(self.maximum),
            mean=_finite(self._mean) if known else None,
            std=_finite(math.sqrt(self._squares / self._count)) if known else None,
            histogram=histogram,
            classes=[write_name(one) for one in shown],
            class_counts=[counts[one] for one in shown],
        )

    def _find_kind(self, is_category: bool) -> FieldKind:
        if is_category:
            return "category"
        if self.entry.is_text:
            return "text"
        shape = self.entry.row_shape
        if not shape:
            return "number"
        pixels = self.entry.dtype == np.uint8 and len(shape) in IMAGE_DIMENSIONS
        return "image" if pixels and (len(shape) == IMAGE_DIMENSIONS[0] or shape[-1] in IMAGE_CHANNELS) else "array"

    def _measure(self, block: Array) -> None:
        if block.dtype == np.uint8:
            self._measure_bytes(count_bytes(block))
            return
        numbers = np.asarray(make_numbers(block, "float64"), "float64").ravel()
        if block.dtype.kind == "f":
            self.missing += int(np.isnan(numbers).sum())
            numbers = numbers[np.isfinite(numbers)]
        if not numbers.size:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(numbers.mean())
            squares = float(np.square(numbers - mean).sum())
        self._join(numbers.size, float(numbers.min()), float(numbers.max()), mean, squares)

    def _measure_bytes(self, counts: Counts) -> None:
        """As `_measure`, from how often each byte is there: pictures have few values, and very many of them."""
        there = np.flatnonzero(counts)
        size = int(counts.sum())
        mean = float(counts @ BYTES) / size
        squares = float(counts @ np.square(BYTES - mean))
        self._join(size, float(there[0]), float(there[-1]), mean, squares)

    def _join(self, size: int, least: float, most: float, mean: float, squares: float) -> None:
        """Adds what is known of a block, after Chan, Golub and LeVeque: exact enough for any number of blocks."""
        self.minimum = least if self.minimum is None else min(least, self.minimum)
        self.maximum = most if self.maximum is None else max(most, self.maximum)
        both = self._count + size
        apart = mean - self._mean
        self._squares += squares + apart * apart * self._count * size / both
        self._mean += apart * size / both
        self._count = both

    def _count_values(self, block: Array) -> None:
        if self.values is None:
            return
        if block.dtype.kind == "f":
            block = block[~np.isnan(make_numbers(block, "float64"))]
        if block.dtype.kind in "biuf":
            different, counts = np.unique(block, return_counts=True)
            if len(different) > MAX_CLASSES:
                self.values = None
                return
            self.values.update(dict(zip(make_keys(different), counts.tolist(), strict=True)))
        else:
            self.values.update(make_keys(block))
        if len(self.values) > MAX_CLASSES:
            self.values = None


class HistogramCount:
    """Counts values between the least and the most, which are known."""

    def __init__(self, minimum: float, maximum: float, whole: bool):
        steps = int(maximum - minimum) + 1 if whole and maximum - minimum < BINS else 0
        # A bar for each whole number where they are few.
        self._edges = (
            np.arange(steps + 1, dtype="float64") + minimum if steps else np.linspace(minimum, maximum, BINS + 1)
        )
        self._counts = np.zeros(len(self._edges) - 1, np.int64)

    def add(self, block: Array) -> None:
        """Counts the next values, whatever their shape."""
        if block.dtype == np.uint8:
            self._counts += np.histogram(BYTES, self._edges, weights=count_bytes(block))[0].astype(np.int64)
            return
        values = make_numbers(block, "float64").ravel()
        values = values[np.isfinite(values)]
        # Numpy counts many times faster where it is told that the edges are as far apart from each other.
        self._counts += np.histogram(values, len(self._counts), (self._edges[0], self._edges[-1]))[0]

    def make(self) -> Histogram:
        """What was counted."""
        return Histogram(edges=self._edges.tolist(), counts=self._counts.tolist())


def start_histogram(scan: FieldScan) -> HistogramCount | None:
    """For the field's numbers; None where there is no range to divide."""
    least, most = scan.minimum, scan.maximum
    if least is None or most is None or not math.isfinite(most - least):
        return None
    if least == most or np.linspace(least, most, BINS + 1)[1] <= least:
        return HistogramCount(least, least, whole=True) if float(least).is_integer() and abs(least) < 2**50 else None
    return HistogramCount(least, most, scan.entry.dtype.kind in "biu")


def write_name(key: str | int | float) -> str:
    """A class's name as it is shown."""
    return str(key)[:MAX_NAME]


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
