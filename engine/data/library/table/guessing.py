"""What a column seems to be, by the cells that were looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.manifest import FieldKind, FieldSummary
from engine.data.library.table.date_field import propose_parts, summarise_dates
from engine.data.library.table.dates import find_format, read_dates
from engine.data.library.table.options import ISO, ColumnChoice
from engine.data.library.table.problems import describe, refuse
from engine.data.library.table.reading import Batch, Column
from engine.data.library.table.tallies import CategoryTally, NumberTally, TextTally, refuse_too_many
from engine.data.library.table.values import CellReader, Rows
from engine.errors import IssuesError
from engine.graph.issues import Issue

MOSTLY = 0.9
"""The share of cells that must be numbers for a column to be taken for numbers with faults."""

FEW_VALUES = 20
"""A column of text with no more different values than this is a category, however few the rows."""

WORDS_OF_TEXT = 2.5
"""So many words, on average, make texts of what has too many different values for a category: no dates, no numbers of
things."""


Read = TypeVar("Read")


@dataclass(slots=True)
class Guess:
    """A column: what it is taken for, and what it looks like in the rows that were looked at."""

    column: Column
    choice: ColumnChoice
    summary: FieldSummary
    issue: Issue | None = None
    values: set[float] | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a column that were looked at: some of each file, with its batch."""

    name: str
    pieces: list[tuple[pa.Array, Batch]]
    reader: CellReader

    @classmethod
    def of(cls, column: Column, batches: Sequence[Batch], reader: CellReader) -> "Cells | None":
        """None where there are none."""
        pieces = [(batch.columns[column.name], batch) for batch in batches if column.name in batch.columns]
        return cls(column.name, pieces, reader) if pieces else None

    def each(self, read: Callable[[CellReader, str, pa.Array, Rows], Read]) -> list[Read]:
        """What a method of the reader makes of the pieces."""
        return [read(self.reader.at(batch.file), self.name, cells, batch.rows) for cells, batch in self.pieces]

    def trim(self) -> list[pa.Array]:
        """The cells as texts, null where they say that there is no value."""
        return [self.reader.trim(pc.cast(cells, pa.string())) for cells, _ in self.pieces]

    def count_numbers(self) -> tuple[int, int]:
        """How many cells read as numbers, and how many have a value at all."""
        counts = [self.reader.count_numbers(cells) for cells, _ in self.pieces]
        return sum(numbers for numbers, _ in counts), sum(known for _, known in counts)


def guess(column: Column, cells: "Cells | None", choice: ColumnChoice | None) -> Guess:
    """What a column is; what is said of it is believed. None: no cells were read."""
    if not column.readable:
        return skip(column, "text", f"holds {str(column.type)[:100]}, which a table's cell cannot be fed from")
    if choice and choice.type == "skip":
        return Guess(column, choice, _summarise_text(column, cells))
    if cells is None:
        return Guess(column, choice or ColumnChoice(type="number"), _summarise_text(column, cells))
    wanted = choice.type if choice else _choose(column, cells)
    try:
        if wanted == "number":
            return _take_numbers(column, choice, cells)
        if wanted == "category":
            return _take_category(column, choice, cells)
        if wanted == "date":
            return _take_dates(column, choice, cells)
        if wanted == "text":
            return _take_texts(column, choice, cells)
    except IssuesError as error:
        if choice or wanted != "category":
            settled = choice or ColumnChoice(type="number")
            return Guess(column, settled, _summarise_text(column, cells), error.issues[0])
        return _take_texts_or_skip(column, cells, f"has texts ({error.message})")
    return skip(column, "text", "has no value in the rows that were looked at")


def _choose(column: Column, cells: "Cells") -> str:
    if pa.types.is_boolean(column.type):
        return "category"
    if pa.types.is_temporal(column.type):
        return "date"
    if not pa.types.is_string(column.type):
        return "number"
    numbers, known = cells.count_numbers()
    if not known:
        return "skip"
    if numbers >= MOSTLY * known:
        return "number"
    return "date" if find_format(cells.trim())[0] else "category"


def _take_numbers(column: Column, choice: ColumnChoice | None, cells: "Cells") -> Guess:
    tally = NumberTally()
    numbers = np.concatenate(cells.each(CellReader.read_numbers))
    tally.add(numbers)
    tally.add_to_histogram(numbers)
    settled = choice or ColumnChoice(type="number" if tally.count else "skip")
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, settled, summary, values=tally.values, whole=tally.whole)


def _take_category(column: Column, choice: ColumnChoice | None, cells: "Cells") -> Guess:
    tally = CategoryTally()
    tally.add(pa.concat_arrays(cells.each(CellReader.read_categories)))
    refuse_too_many(cells.reader.file, column.name, tally)
    if not choice and len(tally.counts) > max(FEW_VALUES, tally.count // 2):
        why = "has nearly as many different values as rows"
        return _take_texts_or_skip(column, cells, why)
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, choice or ColumnChoice(type="category"), summary)


def _take_dates(column: Column, choice: ColumnChoice | None, cells: "Cells") -> Guess:
    is_text = not pa.types.is_temporal(column.type)
    found, other = find_format(cells.trim()) if is_text and not (choice and choice.format) else (ISO, None)
    choice = choice or ColumnChoice(type="date")
    settled = choice.model_copy(update={"format": choice.format or found})
    if settled.format is None:
        raise refuse(
            "unknown_dates",
            f"column {column.name!r}: expected dates that are written in one of the usual ways, received others",
            "Say the `format` of its dates, such as %d.%m.%Y %H:%M, or what else the column is.",
            f"options.columns.{column.name}",
        )
    tally = NumberTally()
    form = settled.format
    try:
        seconds = np.concatenate(cells.each(partial(read_dates, form=form)))
    except IssuesError as error:
        parts = settled.parts or propose_parts(None)
        return Guess(
            column, settled.model_copy(update={"parts": parts}), _summarise_text(column, cells), error.issues[0]
        )
    tally.add(seconds)
    tally.add_to_histogram(seconds)
    settled = settled.model_copy(update={"parts": settled.parts or propose_parts(seconds)})
    summary = summarise_dates(tally, column.name, str(column.type))
    return Guess(column, settled, summary, _note_other_reading(column, form, other) if other else None)


def _note_other_reading(column: Column, form: str, other: str) -> Issue:
    return describe(
        "several_readings",
        f"column {column.name!r}: its dates are read as {form}; all of them could be {other}, too",
        "Say the `format` if it is another.",
        f"options.columns.{column.name}",
        "warning",
    )


def _take_texts(column: Column, choice: ColumnChoice | None, cells: "Cells") -> Guess:
    tally = TextTally()
    texts = pa.concat_arrays(cells.each(CellReader.read_texts))
    tally.add(texts)
    tally.add_to_histogram(texts)
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, choice or ColumnChoice(type="text"), summary)


def _take_texts_or_skip(column: Column, cells: "Cells", why: str) -> Guess:
    """Texts where they have words like texts; otherwise nothing is known that could be made of the column."""
    known = pc.utf8_trim_whitespace(pa.concat_arrays([one.drop_null() for one, _ in cells.pieces]))
    words = pc.mean(pc.list_value_length(pc.utf8_split_whitespace(known))).as_py() or 0
    # A single one is more likely a quote that is never closed.
    if len(known) == 1 or words < WORDS_OF_TEXT:
        return skip(column, "text", why)
    return _take_texts(column, None, cells)


def skip(column: Column, kind: FieldKind, why: str) -> Guess:
    """Leaves a column out, with a note."""
    note = describe(
        "column_skipped",
        f"column {column.name!r} {why}; it is left out",
        "Say that it is a text, a category or a number if it is to be used.",
        f"options.columns.{column.name}",
        "warning",
    )
    summary = FieldSummary(name=column.name, kind=kind, dtype=str(column.type)[:100])
    return Guess(column, ColumnChoice(type="skip"), summary, note)


def _summarise_text(column: Column, cells: "Cells | None") -> FieldSummary:
    missing = sum(one.null_count for one, _ in cells.pieces) if cells else 0
    return FieldSummary(name=column.name, kind="text", dtype=str(column.type)[:100], missing=missing)
