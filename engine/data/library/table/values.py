"""Cells as numbers or as categories' values, and the first cell that is neither."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.kinds import GivenFile
from engine.data.library.table.limits import MAX_CATEGORY_LENGTH, MAX_TEXT_LENGTH
from engine.data.library.table.options import TableOptions
from engine.data.library.table.problems import refuse_cell
from engine.data.library.text_arrays import Texts

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64] | npt.NDArray[np.int32] | Texts
NO_TEXT, NO_NUMBER = pa.scalar(None, pa.string()), pa.scalar(None, pa.float64())
"""Typed once: Arrow takes a long time to find out what a None of Python's may be."""

LARGEST = float(np.finfo(np.float32).max)
NUMBER_PATTERN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class CellReader:
    """Turns the columns of one file's batches into values. Raises `IssuesError` with row and column."""

    file: GivenFile
    missing: pa.Array
    decimal: str

    @classmethod
    def of(cls, file: GivenFile, options: TableOptions) -> "CellReader":
        """A reader that follows these options."""
        return cls(file, pa.array([text.strip() for text in options.missing], pa.string()), options.decimal or ".")

    def at(self, file: GivenFile) -> "CellReader":
        """The same for another file of the table."""
        return self if file is self.file else replace(self, file=file)

    def read_numbers(self, name: str, cells: pa.Array, rows: Rows) -> Numbers:
        """Shape (rows,), NaN where a value is missing; all others are finite as float32, too."""
        if pa.types.is_string(cells.type):
            return self._read_number_texts(name, cells, rows)
        if pa.types.is_temporal(cells.type):
            return to_seconds(cells)
        if pa.types.is_boolean(cells.type):
            cells = pc.cast(cells, pa.uint8())
        numbers = _to_floats(pc.cast(cells, pa.float64(), safe=False))
        self._refuse_infinite(name, numbers, np.isnan(numbers), cells, rows)
        return numbers

    def read_categories(self, name: str, cells: pa.Array, rows: Rows) -> pa.Array:
        """Strings without space around them, null where a value is missing."""
        what, hint = "a category", "Make this column a text, skip it, or choose another quote or delimiter."
        return self._read_strings(name, cells, rows, (what, MAX_CATEGORY_LENGTH, hint))

    def read_texts(self, name: str, cells: pa.Array, rows: Rows) -> pa.Array:
        """As `read_categories`, but longer."""
        what, hint = "a text", "Skip this column, or choose another quote or delimiter."
        return self._read_strings(name, cells, rows, (what, MAX_TEXT_LENGTH, hint))

    def _read_strings(self, name: str, cells: pa.Array, rows: Rows, allowed: tuple[str, int, str]) -> pa.Array:
        what, longest, hint = allowed
        texts = self.trim(cells if pa.types.is_string(cells.type) else _to_texts(cells))
        lengths = pc.fill_null(pc.utf8_length(texts), 0)
        if (pc.max(lengths).as_py() or 0) > longest:
            place = pc.index(pc.greater(lengths, longest), True).as_py()
            raise refuse_cell(
                self.file, int(rows[place]), name, f"{what} of at most {longest:,} characters",
                texts[place].as_py(), hint,
            )  # fmt: skip
        return texts

    def count_numbers(self, cells: pa.Array) -> tuple[int, int]:
        """How many cells read as numbers, and how many have a value at all."""
        texts = self.trim(cells)
        if self.decimal == ",":
            texts = pc.replace_substring(texts, ",", ".")
        numbers = pc.sum(pc.match_substring_regex(texts, NUMBER_PATTERN)).as_py() or 0
        return numbers, len(texts) - texts.null_count

    def _read_number_texts(self, name: str, cells: pa.Array, rows: Rows) -> Numbers:
        texts = pc.if_else(pc.is_in(cells, value_set=self.missing), NO_TEXT, cells)
        try:
            parsed = pc.cast(texts if self.decimal == "." else pc.replace_substring(texts, ",", "."), pa.float64())
        except pa.ArrowInvalid:
            texts = self.trim(cells)
            parsed = self._parse_or_refuse(name, texts, rows)
        numbers = _to_floats(parsed)
        self._refuse_infinite(name, numbers, pc.is_null(texts).to_numpy(zero_copy_only=False), texts, rows)
        return numbers

    def _parse_or_refuse(self, name: str, texts: pa.Array, rows: Rows) -> pa.Array:
        pointed = texts if self.decimal == "." else pc.replace_substring(texts, ",", ".")
        try:
            return pc.cast(pointed, pa.float64())
        except pa.ArrowInvalid as error:
            place = find_first_unreadable(pointed, pa.float64())
            raise refuse_cell(
                self.file, int(rows[place]), name, "a number", texts[place].as_py(),
                "Correct the cell, make the column a category, skip it, or say in `missing` that this text means that"
                " there is no value.",
            ) from error  # fmt: skip

    def _refuse_infinite(
        self, name: str, numbers: Numbers, missing: npt.NDArray[np.bool_], cells: pa.Array, rows: Rows
    ) -> None:
        wrong = ~(np.abs(numbers) <= LARGEST) & ~missing
        if wrong.any():
            place = int(wrong.argmax())
            raise refuse_cell(
                self.file, int(rows[place]), name, f"a number that float32 can hold (at most {LARGEST:.3g})",
                cells[place].as_py(),
                "A model cannot learn from it. Say in `missing` that this text means that there is no value.",
            )  # fmt: skip

    def trim(self, cells: pa.Array) -> pa.Array:
        """Texts without space around them, null where they say that there is no value."""
        trimmed = pc.utf8_trim_whitespace(cells)
        return pc.if_else(pc.is_in(trimmed, value_set=self.missing), NO_TEXT, trimmed)


def to_seconds(moments: pa.Array) -> Numbers:
    """Seconds since 1970 of dates and times, NaN where there is none."""
    whole = pc.cast(pc.cast(moments, pa.timestamp("us"), safe=False), pa.int64())
    return _to_floats(pc.cast(whole, pa.float64(), safe=False)) / 1e6


def _to_floats(parsed: pa.Array) -> Numbers:
    floats: Numbers = parsed.to_numpy(zero_copy_only=False)
    return floats


def _to_texts(cells: pa.Array) -> pa.Array:
    if pa.types.is_floating(cells.type):
        cells = pc.if_else(pc.is_nan(cells), NO_NUMBER, cells)
    return pc.cast(cells, pa.string())


def find_first_unreadable(texts: pa.Array, wanted: pa.DataType) -> int:
    """By halves: the first half is read again and again, until one cell is left."""
    start, stop = 0, len(texts)
    while stop - start > 1:
        middle = (start + stop) // 2
        try:
            pc.cast(texts.slice(start, middle - start), wanted)
            start = middle
        except pa.ArrowInvalid:
            stop = middle
    return start
