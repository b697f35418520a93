"""The columns that a data set is made of, as numbers or texts in its arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.manifest import FieldSummary
from engine.data.library.table.date_field import SECONDS, DateField
from engine.data.library.table.limits import MAX_KEPT_VALUES
from engine.data.library.table.options import ISO, ColumnChoice
from engine.data.library.table.problems import refuse, refuse_cell
from engine.data.library.table.reading import Batch, Column
from engine.data.library.table.tallies import CategoryTally, NumberTally, TextTally, refuse_too_many
from engine.data.library.table.values import CellReader, Values
from engine.data.library.text_arrays import Texts


class NumberField:
    """A column of numbers."""

    def __init__(self, column: Column):
        self.name = column.name
        self._dtype = str(column.type)
        self.tally = NumberTally()
        self.width = 1

    def learn(self, batch: Batch, reader: CellReader) -> npt.NDArray[np.bool_]:
        """Takes note of a batch; answers where values are missing."""
        numbers = reader.read_numbers(self.name, batch.columns[self.name], batch.rows)
        self.tally.add(numbers)
        return np.isnan(numbers)

    def finish_learning(self) -> None:
        """Nothing is left to do."""

    def read(self, batch: Batch, reader: CellReader) -> tuple[Values, npt.NDArray[np.bool_]]:
        """The values of a batch, and where they are missing."""
        numbers = reader.read_numbers(self.name, batch.columns[self.name], batch.rows)
        self.tally.add_to_histogram(numbers)
        return numbers, np.isnan(numbers)

    def fill(self, values: Values, missing: npt.NDArray[np.bool_]) -> Values:
        """The values with the mean where one is missing."""
        return np.where(missing, self.tally.mean, values) if missing.any() else values

    def write(self, values: Values, into: npt.NDArray[np.generic]) -> None:
        """Into shape (rows, 1)."""
        into[:, 0] = values

    def summarise(self) -> FieldSummary:
        """What is known of the column."""
        return self.tally.summarise(self.name, self._dtype)


class CategoryField:
    """A column of categories: a number per value, 1 for the one it is, or the number of its label."""

    def __init__(self, column: Column, as_label: bool):
        self.name = column.name
        self._dtype = str(column.type)
        self.tally = CategoryTally()
        self.as_label = as_label
        self.classes: list[str] = []
        self._values: pa.Array = pa.array([], pa.string())
        self._most_frequent = 0

    @property
    def width(self) -> int:
        """Numbers per sample."""
        return 1 if self.as_label else len(self.classes)

    def learn(self, batch: Batch, reader: CellReader) -> npt.NDArray[np.bool_]:
        """Takes note of a batch; answers where values are missing. Raises `IssuesError` for too many values."""
        texts = reader.read_categories(self.name, batch.columns[self.name], batch.rows)
        self.tally.add(texts)
        refuse_too_many(reader.file, self.name, self.tally)
        missing: npt.NDArray[np.bool_] = pc.is_null(texts).to_numpy(zero_copy_only=False)
        return missing

    def finish_learning(self) -> None:
        """Gives each value its label."""
        self.classes = self.tally.classes
        self._values = pa.array(self.classes, pa.string())
        if self.classes:
            self._most_frequent = max(
                range(len(self.classes)), key=lambda label: self.tally.counts[self.classes[label]]
            )

    def read(self, batch: Batch, reader: CellReader) -> tuple[Values, npt.NDArray[np.bool_]]:
        """The labels of a batch, and where they are missing."""
        texts = reader.read_categories(self.name, batch.columns[self.name], batch.rows)
        labels = pc.fill_null(pc.index_in(texts, value_set=self._values), -1).to_numpy(zero_copy_only=False)
        return labels, labels < 0

    def fill(self, values: Values, missing: npt.NDArray[np.bool_]) -> Values:
        """The labels with the most frequent one where one is missing."""
        return np.where(missing, np.int32(self._most_frequent), values) if missing.any() else values

    def write(self, values: Values, into: npt.NDArray[np.generic]) -> None:
        """Into shape (rows, width)."""
        if self.as_label:
            into[:, 0] = values
        else:
            into[...] = 0
            into[np.arange(len(values)), values] = 1

    def summarise(self) -> FieldSummary:
        """What is known of the column."""
        return self.tally.summarise(self.name, self._dtype)


class TextField:
    """A column of texts, or of the values of a category as they are."""

    def __init__(self, column: Column, is_category: bool):
        self.name = column.name
        self._dtype = str(column.type)
        self.is_category = is_category
        self.tally: TextTally | CategoryTally = CategoryTally() if is_category else TextTally()
        self.width = 1
        self.classes: list[str] = []
        self._filling = ""

    def learn(self, batch: Batch, reader: CellReader) -> npt.NDArray[np.bool_]:
        """Takes note of a batch; answers where values are missing."""
        texts = self._read(batch, reader)
        self.tally.add(texts)
        if isinstance(self.tally, CategoryTally):
            refuse_too_many(reader.file, self.name, self.tally)
        missing: npt.NDArray[np.bool_] = pc.is_null(texts).to_numpy(zero_copy_only=False)
        return missing

    def finish_learning(self) -> None:
        """Finds out what stands where a value is missing: the most frequent one of a category, otherwise nothing."""
        if isinstance(self.tally, CategoryTally) and self.tally.counts:
            self.classes = self.tally.classes
            self._filling = max(self.classes, key=self.tally.counts.__getitem__)

    @property
    def bytes_per_sample(self) -> int:
        """On disk, on average."""
        return 8 + -(-self.tally.bytes // max(1, self.tally.count))

    def read(self, batch: Batch, reader: CellReader) -> tuple[Values, npt.NDArray[np.bool_]]:
        """The texts of a batch, and where they are missing."""
        texts = self._read(batch, reader)
        if isinstance(self.tally, TextTally):
            self.tally.add_to_histogram(texts)
        missing: npt.NDArray[np.bool_] = pc.is_null(texts).to_numpy(zero_copy_only=False)
        values: Texts = texts.to_numpy(zero_copy_only=False)
        return values, missing

    def fill(self, values: Values, missing: npt.NDArray[np.bool_]) -> Values:
        """The texts with something where one is missing."""
        return np.where(missing, self._filling, values) if missing.any() else values

    def write(self, values: Values, into: npt.NDArray[np.generic]) -> None:
        """Into shape (rows, 1)."""
        into[:, 0] = values

    def summarise(self) -> FieldSummary:
        """What is known of the column."""
        return self.tally.summarise(self.name, self._dtype)

    def _read(self, batch: Batch, reader: CellReader) -> pa.Array:
        read = reader.read_categories if self.is_category else reader.read_texts
        return read(self.name, batch.columns[self.name], batch.rows)


TableField = NumberField | CategoryField | TextField | DateField


@dataclass(slots=True)
class Learned:
    """What the first reading of a table has told."""

    rows: int = 0
    missing_rows: int = 0


def make_field(column: Column, choice: ColumnChoice, is_target: bool) -> TableField:
    """The field of a column. A target's categories are labels always."""
    if choice.type == "number":
        return NumberField(column)
    if choice.type == "date":
        return DateField(column, choice.parts or [SECONDS], choice.format or ISO)
    if choice.type == "text" or (choice.is_raw and not is_target):
        return TextField(column, is_category=choice.type == "category")
    return CategoryField(column, as_label=is_target or choice.encode == "index")


def learn_batch(
    batch: Batch, fields: list[TableField], reader: CellReader, learned: Learned, refuse_missing: bool
) -> None:
    """Takes note of a batch in all fields. Raises `IssuesError` for a missing value where none may be missing."""
    reader = reader.at(batch.file)
    for field in fields:
        missing = field.learn(batch, reader)
        if refuse_missing and missing.any():
            row = int(batch.rows[int(missing.argmax())])
            raise refuse_cell(
                reader.file, row, field.name, "a value", _show(batch, field.name, int(missing.argmax())),
                "Say in `missing_rows` whether such rows are to be dropped or filled.",
            )  # fmt: skip
    learned.rows += len(batch.rows)
    kept = sum(len(field.tally.counts) for field in fields if isinstance(field.tally, CategoryTally))
    if kept > MAX_KEPT_VALUES:
        raise refuse(
            "too_many_categories",
            f"{reader.file.name}: expected at most {MAX_KEPT_VALUES:,} different values of all categories together,"
            f" received {kept:,} by row {int(batch.rows[-1]):,}",
            "Skip columns with many different values.",
        )


def _show(batch: Batch, name: str, place: int) -> str:
    value = batch.columns[name][place].as_py()
    return "" if value is None else str(value)
