"""The first rows of a table: what its columns seem to be."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from pydantic import JsonValue

from engine.data.library.table.guessing import Cells, Guess, guess, skip
from engine.data.library.table.limits import MAX_KEPT_VALUES, SAMPLED_FILES, SHOWN_CELLS, SHOWN_CHARACTERS, SHOWN_ROWS
from engine.data.library.table.options import TableOptions
from engine.data.library.table.reading import Batch, Column, Table
from engine.data.library.table.values import CellReader
from engine.graph.issues import Issue

SAMPLED_CELLS = 500_000
MAX_SAMPLED_ROWS = 10_000


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
        found = guess(column, Cells.of(column, batches, reader), said.settle(options.raw) if said else None)
        found.choice = found.choice.settle(options.raw)
        kept += len(found.summary.classes)
        if kept > MAX_KEPT_VALUES and found.choice.type == "category":
            found = skip(column, "text", "has too many different values, as the columns before it have")
        guesses.append(found)
    return Sample(guesses, _show(table.columns, batches), sum(len(batch.rows) for batch in batches), complete)


def _read_first(table: Table, names: Sequence[str]) -> tuple[list[Batch], bool]:
    """The first rows of every file, or of some from the first to the last, and whether those are all rows."""
    files = table.read_each(names)
    number = len(files)
    some = range(number) if number <= SAMPLED_FILES else np.linspace(0, number - 1, SAMPLED_FILES, dtype=int)
    wanted = max(1, min(MAX_SAMPLED_ROWS, SAMPLED_CELLS // max(1, len(names))) // len(some))
    batches, complete = [], number <= SAMPLED_FILES
    for place in some:
        with closing(files[place]) as read:
            batch = next(read, None)
            if batch is None:
                continue
            complete = complete and len(batch.rows) <= wanted and next(read, None) is None
        cells = {name: column.slice(0, wanted) for name, column in batch.columns.items()}
        batches.append(Batch(batch.file, batch.rows[:wanted], cells))
    return batches, complete


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
