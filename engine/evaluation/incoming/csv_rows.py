"""A table in CSV as arrays for a model's inputs. What does not fit is named by its line and column."""

import math
from collections.abc import Sequence

import keras
from pydantic import JsonValue

from engine.backend.values import ValuesError, read_values
from engine.evaluation.arrays import Array
from engine.evaluation.incoming.csv_lines import Line, split_lines
from engine.evaluation.incoming.received import SHOWN, Received, RowIssues

Cell = float | int | str
NAMES_SHOWN = 8


def read_csv(text: str, inputs: Sequence["keras.KerasTensor"]) -> Received:
    """Comma-separated values, a line per sample: all numbers of the first input, then those of the second, and so on.

    The first line may have names. Where those are the inputs' own, the columns may stand in any order; else they count
    in theirs, and a remark says so. Semicolons and tabs separate too. Raises `IssuesError` with the line and column of
    what is wrong.
    """
    problems = RowIssues()
    lines = split_lines(text)
    named = _find_names(lines, inputs, problems)
    sizes = _measure_columns(lines[0].cells, inputs, problems)
    problems.raise_if_any()
    order = _order_columns(named, inputs, sizes, problems)
    problems.raise_if_any()
    labels = named or [f"column {place + 1}" for place in range(sum(sizes))]
    kinds = [str(tensor.dtype) for tensor, size in zip(inputs, sizes, strict=True) for _ in range(size)]
    table: list[list[Cell]] = []
    for place, line in enumerate(lines):
        if len(line.cells) != sum(sizes):
            problems.add(
                "wrong_number_of_columns",
                f"line {line.number}",
                f"Line {line.number}: expected {sum(sizes)} columns ({_say_inputs(inputs, sizes)});"
                f" received {len(line.cells)}.",
            )
        elif place > 0 or named is None:
            cells = zip(order, kinds, strict=True)
            table.append([_read_cell(line, source, kind, labels, problems) for source, kind in cells])
    problems.raise_if_any()
    return Received(_cut_columns(table, inputs, sizes), _remark_names(named, lines, order))


def _find_names(lines: list[Line], inputs: Sequence["keras.KerasTensor"], problems: RowIssues) -> list[str] | None:
    """The names in the first line, None where it has values."""
    first = lines[0].cells
    takes_text = any(tensor.dtype == "string" for tensor in inputs)
    names = {tensor.name for tensor in inputs}
    has_names = bool(set(first) & names) if takes_text else not any(_parse(cell) is not None for cell in first)
    if not has_names:
        return None
    if len(lines) == 1:
        message = "There are only names; expected a line of numbers for each sample."
        problems.add("empty_csv", f"line {lines[0].number}", message)
    return first


def _remark_names(named: list[str] | None, lines: list[Line], order: list[int]) -> list[str]:
    """What was made of the first line, where somebody may have meant something else."""
    if named is not None and order == list(range(len(order))):
        shown = ", ".join(one[:SHOWN] for one in named[:NAMES_SHOWN]) + (", …" if len(named) > NAMES_SHOWN else "")
        return [f"The first line was taken for names ({shown}); the columns count in their order."]
    counted = [str(place) for place in range(len(lines[0].cells))]
    if len(lines) > 1 and len(counted) > 1 and lines[0].cells == counted:
        return ["The first line counts 0, 1, 2, … and was taken for values; leave it out where these are names."]
    return []


def _measure_columns(first: list[str], inputs: Sequence["keras.KerasTensor"], problems: RowIssues) -> list[int]:
    """How many columns belong to each input. An input that leaves its length open takes what is left."""
    shapes = [list(tensor.shape[1:]) for tensor in inputs]
    open_ones = [place for place, shape in enumerate(shapes) if None in shape]
    sizes = [0 if None in shape else math.prod(shape) for shape in shapes]
    if open_ones:
        if len(open_ones) > 1 or len(shapes[open_ones[0]]) > 1:
            name = inputs[open_ones[0]].name
            message = f"The input {name!r} has the shape {shapes[open_ones[0]]}, which a table cannot say."
            problems.add("needs_json", name, message, "Send JSON.")
            return sizes
        sizes[open_ones[0]] = max(1, len(first) - sum(sizes))
    return sizes


def _order_columns(
    named: list[str] | None, inputs: Sequence["keras.KerasTensor"], sizes: list[int], problems: RowIssues
) -> list[int]:
    """Which column of the file each column of the inputs is."""
    names = [tensor.name for tensor in inputs]
    in_order = list(range(sum(sizes)))
    if named is None or sizes != [1] * len(names) or not set(named) & set(names):
        return in_order
    # Some names are the inputs' own: the others are no accident then.
    if sorted(named) == sorted(names):
        return [named.index(name) for name in names]
    problems.add(
        "wrong_names",
        "line 1",
        f"Line 1: expected the names {', '.join(map(repr, names))}, each once, in any order; received"
        f" {', '.join(repr(one[:SHOWN]) for one in named[:NAMES_SHOWN])}.",
    )
    return in_order


def _read_cell(line: Line, place: int, dtype: str, labels: list[str], problems: RowIssues) -> Cell:
    cell = line.cells[place]
    if dtype == "string":
        return cell
    is_whole = "int" in dtype or dtype == "bool"
    number = _parse_whole(cell) if is_whole else _parse(cell)
    if number is not None:
        return number
    expected = "a whole number" if is_whole else "a number"
    received = repr(cell[:SHOWN]) if cell else "nothing"
    column = labels[place][:SHOWN] if place < len(labels) else f"column {place + 1}"
    where = f"Line {line.number}, {column}"
    hint = "Write decimal points, not commas." if "," in cell else None
    problems.add("invalid_number", f"line {line.number}", f"{where}: expected {expected}; received {received}.", hint)
    return math.nan


def _parse(cell: str) -> float | None:
    """The number; None where it is none. What only Python takes for one, `1_000`, is none in a table."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _parse_whole(cell: str) -> int | None:
    """The whole number to its last digit, also where it is written as `3.0`; None where it is none."""
    try:
        return None if "_" in cell else int(cell)
    except ValueError:
        number = _parse(cell)
        return int(number) if number is not None and number.is_integer() else None


def _cut_columns(table: list[list[Cell]], inputs: Sequence["keras.KerasTensor"], sizes: list[int]) -> list[Array]:
    problems = RowIssues()
    arrays: list[Array] = []
    start = 0
    for tensor, size in zip(inputs, sizes, strict=True):
        columns: list[JsonValue] = [list(row[start : start + size]) for row in table]
        start += size
        try:
            flat = read_values(columns, keras.KerasTensor((None, size), tensor.dtype))
            shape = [size] if None in tensor.shape[1:] else list(tensor.shape[1:])
            arrays.append(flat.reshape([len(table), *shape]))
        except ValuesError as error:
            problems.add(error.code, tensor.name, f"Input {tensor.name!r}: {error.message}", error.hint)
    problems.raise_if_any()
    return arrays


def _say_inputs(inputs: Sequence["keras.KerasTensor"], sizes: Sequence[int]) -> str:
    return ", ".join(f"{size} of {tensor.name!r}" for tensor, size in zip(inputs, sizes, strict=True))
