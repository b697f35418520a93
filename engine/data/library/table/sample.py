"""The first rows of a table: what its columns seem to be."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import JsonValue

from engine.data.library.manifest import FieldKind, FieldSummary
from engine.data.library.table.csv_table import CsvTable
from engine.data.library.table.limits import MAX_KEPT_VALUES, SHOWN_CELLS, SHOWN_CHARACTERS, SHOWN_ROWS
from engine.data.library.table.options import ColumnChoice, TableOptions
from engine.data.library.table.parquet_table import ParquetTable
from engine.data.library.table.problems import describe
from engine.data.library.table.reading import Batch, Column
from engine.data.library.table.tallies import CategoryTally, NumberTally, TextTally, refuse_too_many
from engine.data.library.table.values import CellReader
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


@dataclass(slots=True)
class Sample:
    """The first rows of a table. `complete` where there are no others."""

    guesses: list[Guess]
    rows: list[dict[str, JsonValue]]
    looked_at: int
    complete: bool
    notes: list[Issue] = field(default_factory=list)


def look(table: CsvTable | ParquetTable, options: TableOptions) -> Sample:
    """Reads the first rows; what `options.columns` says of a column is believed. Raises `IssuesError`."""
    readable = [column.name for column in table.columns if column.readable]
    batch, complete = _read_first(table, readable)
    reader = CellReader.of(table.file, options)
    kept = 0
    guesses = []
    for column in table.columns:
        cells = batch.columns.get(column.name) if batch else None
        said = options.columns.get(column.name)
        guess = _guess(column, cells, batch, reader, said.settle(options.raw) if said else None)
        guess.choice = guess.choice.settle(options.raw)
        kept += len(guess.summary.classes)
        if kept > MAX_KEPT_VALUES and guess.choice.type == "category":
            guess = _skip(column, "text", "has too many different values, as the columns before it have")
        guesses.append(guess)
    looked_at = len(batch.rows) if batch else 0
    return Sample(guesses, _show(table.columns, batch), looked_at, complete)


def _read_first(table: CsvTable | ParquetTable, names: Sequence[str]) -> tuple[Batch | None, bool]:
    wanted = max(1, min(MAX_SAMPLED_ROWS, SAMPLED_CELLS // max(1, len(names))))
    with closing(table.read(names)) as batches:  # type: ignore[type-var]
        batch = next(batches, None)
        if batch is None:
            return None, True
        complete = len(batch.rows) <= wanted and next(batches, None) is None
    cells = {name: column.slice(0, wanted) for name, column in batch.columns.items()}
    return Batch(batch.rows[:wanted], cells), complete


def _guess(
    column: Column, cells: pa.Array | None, batch: Batch | None, reader: CellReader, choice: ColumnChoice | None
) -> Guess:
    if not column.readable:
        return _skip(column, "text", f"holds {str(column.type)[:100]}, which a table's cell cannot be fed from")
    if choice and choice.type == "skip":
        return Guess(column, choice, _summarise_text(column, cells))
    if cells is None or batch is None:
        return Guess(column, choice or ColumnChoice(type="number"), _summarise_text(column, cells))
    wanted = choice.type if choice else _choose(column, cells, reader)
    try:
        if wanted == "number":
            return _take_numbers(column, choice, cells, batch, reader)
        if wanted == "category":
            return _take_category(column, choice, cells, batch, reader)
        if wanted == "text":
            return _take_texts(column, choice, cells, batch, reader)
    except IssuesError as error:
        if choice or wanted != "category":
            settled = choice or ColumnChoice(type="number")
            return Guess(column, settled, _summarise_text(column, cells), error.issues[0])
        return _take_texts_or_skip(column, cells, batch, reader, f"has texts ({error.message})")
    return _skip(column, "text", "has no value in the rows that were looked at")


def _choose(column: Column, cells: pa.Array, reader: CellReader) -> str:
    if pa.types.is_boolean(column.type):
        return "category"
    if not pa.types.is_string(column.type):
        return "number"
    numbers, known = reader.count_numbers(cells)
    if not known:
        return "skip"
    return "number" if numbers >= MOSTLY * known else "category"


def _take_numbers(
    column: Column, choice: ColumnChoice | None, cells: pa.Array, batch: Batch, reader: CellReader
) -> Guess:
    tally = NumberTally()
    numbers = reader.read_numbers(column.name, cells, batch.rows)
    tally.add(numbers)
    tally.add_to_histogram(numbers)
    settled = choice or ColumnChoice(type="number" if tally.count else "skip")
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, settled, summary, values=tally.values, whole=tally.whole)


def _take_category(
    column: Column, choice: ColumnChoice | None, cells: pa.Array, batch: Batch, reader: CellReader
) -> Guess:
    tally = CategoryTally()
    tally.add(reader.read_categories(column.name, cells, batch.rows))
    refuse_too_many(reader.file, column.name, tally)
    if not choice and len(tally.counts) > max(FEW_VALUES, tally.count // 2):
        why = "has nearly as many different values as rows"
        return _take_texts_or_skip(column, cells, batch, reader, why)
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, choice or ColumnChoice(type="category"), summary)


def _take_texts(
    column: Column, choice: ColumnChoice | None, cells: pa.Array, batch: Batch, reader: CellReader
) -> Guess:
    tally = TextTally()
    texts = reader.read_texts(column.name, cells, batch.rows)
    tally.add(texts)
    tally.add_to_histogram(texts)
    summary = tally.summarise(column.name, str(column.type))
    return Guess(column, choice or ColumnChoice(type="text"), summary)


def _take_texts_or_skip(column: Column, cells: pa.Array, batch: Batch, reader: CellReader, why: str) -> Guess:
    """Texts where they have words like texts; otherwise nothing is known that could be made of the column."""
    known = pc.utf8_trim_whitespace(cells.drop_null())
    words = pc.mean(pc.list_value_length(pc.utf8_split_whitespace(known))).as_py() or 0
    # A single one is more likely a quote that is never closed.
    if len(known) == 1 or words < WORDS_OF_TEXT:
        return _skip(column, "text", why)
    return _take_texts(column, None, cells, batch, reader)


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


def _summarise_text(column: Column, cells: pa.Array | None) -> FieldSummary:
    missing = cells.null_count if cells is not None else 0
    return FieldSummary(name=column.name, kind="text", dtype=str(column.type)[:100], missing=missing)


def _show(columns: Sequence[Column], batch: Batch | None) -> list[dict[str, JsonValue]]:
    if batch is None:
        return []
    count = min(len(batch.rows), SHOWN_ROWS, max(1, SHOWN_CELLS // max(1, len(columns))))
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
