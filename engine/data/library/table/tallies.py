"""What is known of a column after all of it was read, gathered batch by batch."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import FieldSummary, Histogram
from engine.data.library.table.limits import HISTOGRAM_BINS, MAX_CATEGORIES
from engine.data.library.table.problems import refuse
from engine.data.library.table.values import Numbers
from engine.data.library.text_counts import TextCounts


class NumberTally:
    """Range, mean and deviation (of all values, not of a sample of them), and the different values while few."""

    def __init__(self) -> None:
        self.count = self.missing = 0
        self.minimum, self.maximum = np.inf, -np.inf
        self.mean = self._squares = 0.0
        self.whole = True
        self.values: set[float] | None = set()
        self._edges: Numbers | None = None
        self._counts = np.zeros(HISTOGRAM_BINS, np.int64)

    def add(self, numbers: Numbers) -> None:
        """Takes note of numbers; NaN is missing."""
        missing = np.isnan(numbers)
        known = numbers[~missing]
        self.missing += len(numbers) - len(known)
        if not len(known):
            return
        mean, delta_count = float(known.mean()), len(known)
        squares = float(np.square(known - mean).sum())
        total = self.count + delta_count
        delta = mean - self.mean
        self._squares += squares + delta * delta * self.count * delta_count / total
        self.mean += delta * delta_count / total
        self.count = total
        self.minimum = min(self.minimum, float(known.min()))
        self.maximum = max(self.maximum, float(known.max()))
        self.whole = self.whole and bool((known == np.floor(known)).all())
        if self.values is not None:
            self.values.update(np.unique(known)[: MAX_CATEGORIES + 1].tolist())
            if len(self.values) > MAX_CATEGORIES:
                self.values = None

    def add_to_histogram(self, numbers: Numbers) -> None:
        """Counts the same numbers, once the range is known."""
        if not self.count:
            return
        if self._edges is None:
            bins = HISTOGRAM_BINS if self.maximum > self.minimum else 1
            self._edges = np.linspace(self.minimum, self.maximum, bins + 1)
            self._counts = np.zeros(bins, np.int64)
        self._counts += np.histogram(numbers[~np.isnan(numbers)], self._edges)[0]

    def summarise(self, name: str, dtype: str) -> FieldSummary:
        """What a person wants to know of the column."""
        known = self.count > 0
        histogram = None
        if self._edges is not None:
            histogram = Histogram(edges=self._edges.tolist(), counts=self._counts.tolist())
        return FieldSummary(
            name=name,
            kind="number",
            dtype=dtype,
            missing=self.missing,
            unique=None if self.values is None else len(self.values),
            minimum=self.minimum if known else None,
            maximum=self.maximum if known else None,
            mean=self.mean if known else None,
            std=float(np.sqrt(self._squares / self.count)) if known else None,
            histogram=histogram,
        )


class CategoryTally:
    """How often each value is there, until there are more than a category may have."""

    def __init__(self) -> None:
        self.count = self.missing = self.bytes = 0
        self.counts: Counter[str] = Counter()

    @property
    def too_many(self) -> bool:
        """Whether these are texts rather than categories."""
        return len(self.counts) > MAX_CATEGORIES

    def add(self, texts: pa.Array) -> None:
        """Takes note of texts; null is missing."""
        self.missing += texts.null_count
        self.count += len(texts) - texts.null_count
        self.bytes += pc.sum(pc.binary_length(texts)).as_py() or 0
        for pair in pc.value_counts(texts.drop_null()):
            self.counts[pair["values"].as_py()] += pair["counts"].as_py()
            if self.too_many:
                return

    @property
    def classes(self) -> list[str]:
        """The values in the order of their labels: as numbers where all are numbers, otherwise as texts."""
        values = sorted(self.counts)
        try:
            return sorted(values, key=float)
        except ValueError:
            return values

    def summarise(self, name: str, dtype: str) -> FieldSummary:
        """What a person wants to know of the column."""
        classes = self.classes
        return FieldSummary(
            name=name,
            kind="category",
            dtype=dtype,
            missing=self.missing,
            unique=len(classes),
            classes=classes,
            class_counts=[self.counts[one] for one in classes],
        )


class TextTally:
    """Lengths of texts in characters, and how many different ones there are."""

    def __init__(self) -> None:
        self.bytes = 0
        self._lengths = NumberTally()
        self._counts = TextCounts()

    @property
    def count(self) -> int:
        """How many texts there are."""
        return self._lengths.count

    @property
    def missing(self) -> int:
        """How many rows have none."""
        return self._lengths.missing

    def add(self, texts: pa.Array) -> None:
        """Takes note of texts; null is missing."""
        self.bytes += pc.sum(pc.binary_length(texts)).as_py() or 0
        self._lengths.add(_measure(texts))
        self._counts.add(texts.drop_null().to_pylist())

    def add_to_histogram(self, texts: pa.Array) -> None:
        """Counts the same texts by their lengths, once the range is known."""
        self._lengths.add_to_histogram(_measure(texts))

    def summarise(self, name: str, dtype: str) -> FieldSummary:
        """What a person wants to know of the column."""
        found = self._lengths.summarise(name, dtype)
        return found.model_copy(update={"kind": "text", "unique": self._counts.unique})


def _measure(texts: pa.Array) -> Numbers:
    """Characters of each text, NaN where there is none."""
    lengths: Numbers = pc.cast(pc.utf8_length(texts), pa.float64()).to_numpy(zero_copy_only=False)
    return lengths


def refuse_too_many(file: GivenFile, name: str, tally: CategoryTally) -> None:
    """Raises `IssuesError` where a column has more values than a category may have."""
    if tally.too_many:
        some = ", ".join(repr(one[:20]) for one in list(tally.counts)[:3])
        raise refuse(
            "too_many_categories",
            f"{file.name}: column {name!r}: expected at most {MAX_CATEGORIES:,} different values of a category,"
            f" received more: {some}, …",
            "Skip this column, or say that it holds texts or numbers.",
            f"options.columns.{name}",
        )
