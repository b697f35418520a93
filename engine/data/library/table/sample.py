"""The first rows of a table: what its columns seem to be."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import JsonValue

from engine.data.library.manifest import FieldKind, FieldSummary
from engine.data.library.table.limits import MAX_KEPT_VALUES, SAMPLED_FILES, SHOWN_CELLS, SHOWN_CHARACTERS, SHOWN_ROWS
from engine.data.library.table.options import ColumnChoice, TableOptions
from engine.data.library.table.problems import describe
from engine.data.library.table.reading import Batch, Column, Table
from engine.data.library.table.tallies import CategoryTally, NumberTally, TextTally, refuse_too_many
from engine.data.library.table.values import CellReader, Rows
from engine.errors import IssuesError
from engine.graph.issues import Issue

SAMPLED_CELLS = 500_000
MAX_SAMPLED_ROWS = 10_000
MOSTLY = 0.9
"""The share of cells that must be numbers for a column to be taken for numbers with faults."""

FEW_VALUES = 20
"""A column of text with no more different values than this is a category, however few the rows."""

WORDS_OF_TEXT = 2.5
"""So many words, on average, make texts of what has too many different values for a category: no dates, no numbers of
things."""


@dataclass(slots=True)
class Guess:
    """A column: what it is taken for, and what it looks like in the rows that were looked at."""

    column: Column
    choice: ColumnChoice
    summary: FieldSummary
    issue: Issue | None = None
    values: set[float] | None = None
    whole: bool = False


Read = TypeVar("Read")


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

    def count_numbers(self) -> tuple[int, int]:
        """How many cells read as numbers, and how many have a value at all."""
        counts = [self.reader.count_numbers(cells) for cells, _ in self.pieces]
        return sum(numbers for numbers, _ in counts), sum(known for _, known in counts)


@dataclass(slots=True)
class Sample:
    """The first rows of a table. `complete` where there are no others."""

    guesses: list[Guess]
    rows: list[dict[str, JsonValue]]
    looked_at: int
    complete: bool
    notes: list[Issue] = field(default_factory=list)


def look(table: Table, options: TableOptions) -> Sample:
    """Reads the first rows; what `options.columns` says of a column is believed. Raises `IssuesError`."""
    readable = [column.name for column in table.columns if column.readable]
    batches, complete = _read_first(table, readable)
    reader = CellReader.of(table.file, options)
    kept = 0
    guesses = []
    for column in table.columns:
        said = options.columns.get(column.name)
        guess = _guess(column, Cells.of(column, batches, reader), said.settle(options.raw) if said else None)
        guess.choice = guess.choice.settle(options.raw)
        kept += len(guess.summary.classes)
        if kept > MAX_KEPT_VALUES and guess.choice.type == "category":
            guess = _skip(column, "text", "has too many different values, as the columns before it have")
        guesses.append(guess)
    return Sample(guesses, _show(table.columns, batches), sum(len(batch.rows) for batch in batches), complete)


def _read_first(table: Table, names: Sequence[str]) -> tuple[list[Batch], bool]:
    """The first rows of every file, or of some from the first to the last, and whether those are all rows."""
    files = table.read_each(names)
    number = len(files)
    some = range(number) if number <= SAMPLED_FILES else np.linspace(0, number - 1, SAMPLED_FILES, dtype=int)
    wanted = max(1, min(MAX_SAMPLED_ROWS, SAMPLED_CELLS // max(1, len(names))) // len(some))
    batches, complete = [], number <= SAMPLED_FILES
    for place in some:
        with closing(files[place]) as read:  # type: ignore[type-var]
            batch = next(read, None)
            if batch is None:
                continue
            complete = complete and len(batch.rows) <= wanted and next(read, None) is None
        cells = {name: column.slice(0, wanted) for name, column in batch.columns.items()}
        batches.append(Batch(batch.file, batch.rows[:wanted], cells))
    return batches, complete


def _guess(column: Column, cells: "Cells | None", choice: ColumnChoice | None) -> Guess:
    if not column.readable:
        return _skip(column, "text", f"holds {str(column.type)[:100]}, which a table's cell cannot be fed from")
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
        if wanted == "text":
            return _take_texts(column, choice, cells)
    except IssuesError as error:
        if choice or wanted != "category":
            settled = choice or ColumnChoice(type="number")
            return Guess(column, settled, _summarise_text(column, cells), error.issues[0])
        return _take_texts_or_skip(column, cells, f"has texts ({error.message})")
    return _skip(column, "text", "has no value in the rows that were looked at")


def _choose(column: Column, cells: "Cells") -> str:
    if pa.types.is_boolean(column.type):
        return "category"
    if not pa.types.is_string(column.type):
        return "number"
    numbers, known = cells.count_numbers()
    if not known:
        return "skip"
    return "number" if numbers >= MOSTLY * known else "category"


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
        return _skip(column, "text", why)
    return _take_texts(column, None, cells)


def _skip(column: Column, kind: FieldKind, why: str) -> Guess:
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


def _show(columns: Sequence[Column], batches: Sequence[Batch]) -> list[dict[str, JsonValue]]:
    """The first rows of the table, or of each file."""
    if not batches:
        return []
    most = -(-min(SHOWN_ROWS, max(1, SHOWN_CELLS // max(1, len(columns)))) // len(batches))
    return [row for batch in batches for row in _show_batch(columns, batch, most)]


def _show_batch(columns: Sequence[Column], batch: Batch, most: int) -> list[dict[str, JsonValue]]:
    count = min(len(batch.rows), most)
    shown: dict[str, list[JsonValue]] = {}
    for column in columns:
        if column.name in batch.columns:
            cells = batch.columns[column.name].slice(0, count).to_pylist()
            shown[column.name] = [_show_cell(cell) for cell in cells]
        else:
            shown[column.name] = [f"({str(column.type)[:100]})"] * count
    return [{name: cells[row] for name, cells in shown.items()} for row in range(count)]


def _show_cell(cell: object) -> JsonValue:
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int):
        return cell if abs(cell) < 2**53 else str(cell)
    if isinstance(cell, float):
        return cell if cell - cell == 0 else None  # neither infinite nor NaN: JSON has no such numbers
    text = str(cell)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
