"""Rows in JSON and CSV as arrays for a model's inputs. What does not fit is named by row and column."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
from pydantic import JsonValue

from engine.backend.values import ValuesError, read_values
from engine.errors import IssuesError
from engine.evaluation.arrays import Array
from engine.evaluation.results import MAX_SAMPLES
from engine.graph.issues import Issue

DELIMITERS = ",;\t"
MOST_ISSUES = 20
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Received:
    """One array for each of the model's inputs, the samples first; `remarks` say what was done to what came."""

    arrays: list[Array]
    remarks: list[str] = field(default_factory=list)


class RowIssues:
    """Gathers what is wrong, so that a person sees it all at once."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(self, code: str, place: str, message: str, hint: str | None = None) -> None:
        """Notes an error at a place such as `rows.3`."""
        self.issues.append(Issue(code=code, message=message, argument=place, hint=hint))

    def raise_if_any(self) -> None:
        """Raises `IssuesError` `rows_do_not_fit`."""
        if self.issues:
            more = f" (and {len(self.issues) - 1} more)" if len(self.issues) > 1 else ""
            first = self.issues[0]
            raise IssuesError("rows_do_not_fit", first.message + more, first.hint, self.issues[:MOST_ISSUES])


def read_inputs(values: Mapping[str, JsonValue], inputs: Sequence["keras.KerasTensor"]) -> Received:
    """Whole arrays by input name. Raises `IssuesError` with an issue for each input at fault."""
    problems = RowIssues()
    names = [tensor.name for tensor in inputs]
    _compare_names("inputs", values, names, problems)
    problems.raise_if_any()
    arrays: list[Array] = []
    for tensor in inputs:
        try:
            arrays.append(read_values(values[tensor.name], tensor))
        except ValuesError as error:
            problems.add(error.code, f"inputs.{tensor.name}", f"Input {tensor.name!r}: {error.message}", error.hint)
    problems.raise_if_any()
    counts = {name: len(array) for name, array in zip(names, arrays, strict=True)}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{name!r} has {count}" for name, count in counts.items())
        problems.add("different_numbers_of_samples", "inputs", f"All inputs need the same number of samples: {said}.")
    problems.raise_if_any()
    return Received(arrays)


def read_rows(rows: Sequence[JsonValue], inputs: Sequence["keras.KerasTensor"]) -> Received:
    """One entry per sample. Raises `IssuesError` with an issue for each row at fault.

    A sample may be given flat, with all its numbers in one list: it is brought into the input's shape.
    """
    problems = RowIssues()
    names = [tensor.name for tensor in inputs]
    columns: list[list[Array]] = [[] for _ in inputs]
    for place, row in enumerate(rows):
        values = row if isinstance(row, dict) else {names[0]: row} if len(names) == 1 else None
        if values is None:
            problems.add(
                "invalid_row",
                f"rows.{place}",
                f"Row {place + 1}: expected an object with {', '.join(map(repr, names))}; received {_say(row)}.",
            )
            continue
        before = len(problems.issues)
        _compare_names(f"rows.{place}", values, names, problems, f"Row {place + 1}: ")
        if len(problems.issues) > before:
            continue
        for column, tensor in zip(columns, inputs, strict=True):
            try:
                column.append(_read_one(values[tensor.name], tensor))
            except ValuesError as error:
                where = f"rows.{place}.{tensor.name}" if isinstance(row, dict) else f"rows.{place}"
                problems.add(error.code, where, f"Row {place + 1}, input {tensor.name!r}: {error.message}", error.hint)
    problems.raise_if_any()
    return Received([_stack(tensor.name, column) for tensor, column in zip(inputs, columns, strict=True)])


def read_csv(text: str, inputs: Sequence["keras.KerasTensor"]) -> Received:
    """Comma-separated values, a line per sample: all numbers of the first input, then those of the second, and so on.

    The first line may have names. Where those are the inputs' own, the columns may stand in any order; else they count
    in theirs. Semicolons and tabs separate too. Raises `IssuesError` with the line and column of what is wrong.
    """
    lines = _split_lines(text)
    named, first_line = _read_header(lines, inputs)
    problems = RowIssues()
    sizes = _measure_columns(lines[0], inputs, problems)
    problems.raise_if_any()
    order = _order_columns(named, inputs, sizes)
    labels = named or [f"column {place + 1}" for place in range(sum(sizes))]
    texts = [tensor.dtype == "string" for tensor, size in zip(inputs, sizes, strict=True) for _ in range(size)]
    table: list[list[float | str]] = []
    for number, cells in enumerate(lines[1 if named else 0 :], first_line):
        if len(cells) != sum(sizes):
            problems.add(
                "wrong_number_of_columns",
                f"line {number}",
                f"Line {number}: expected {sum(sizes)} columns ({_say_inputs(inputs, sizes)}); received {len(cells)}.",
            )
            continue
        table.append(
            [_read_cell(cells[source], texts[place], number, labels[source], problems)
             for place, source in enumerate(order)]
        )  # fmt: skip
    problems.raise_if_any()
    return Received(_cut_columns(table, inputs, sizes))


def _compare_names(
    place: str, values: Mapping[str, JsonValue], names: Sequence[str], problems: RowIssues, start: str = ""
) -> None:
    expected = ", ".join(map(repr, names))
    for name in values:
        if name not in names:
            message = f"{start}The model has no input {name[:SHOWN]!r}; expected {expected}."
            problems.add("unknown_input", f"{place}.{name[:SHOWN]}", message)
    for name in names:
        if name not in values:
            problems.add("missing_input", f"{place}.{name}", f"{start}The input {name!r} is missing.")


def _read_one(value: JsonValue, tensor: "keras.KerasTensor") -> Array:
    """The array of one sample, without the sample dimension."""
    shape = list(tensor.shape[1:])
    if isinstance(value, list) and None not in shape and len(shape) > 1 and not isinstance(value[:1], list):
        value = [value]
    flat = isinstance(value, list) and bool(value) and not isinstance(value[0], list)
    if flat and len(shape) > 1 and None not in shape and len(value) == math.prod(shape):  # type: ignore[arg-type]
        numbers = read_values([value], keras.KerasTensor((None, len(value)), tensor.dtype))  # type: ignore[arg-type]
        return np.asarray(numbers.reshape(shape))
    if not isinstance(value, list) and shape == [1]:
        value = [value]
    return np.asarray(read_values([value], tensor)[0])


def _stack(name: str, arrays: list[Array]) -> Array:
    shapes = {array.shape: place for place, array in reversed(list(enumerate(arrays)))}
    if len(shapes) > 1:
        (first, _), (other, place) = sorted(shapes.items(), key=lambda item: item[1])[:2]
        message = (
            f"Row {place + 1}, input {name!r}: expected the shape of row 1, {list(first)}; received {list(other)}."
        )
        issue = Issue(code="different_shapes", message=message, argument=f"rows.{place}")
        raise IssuesError("rows_do_not_fit", message, "Pad the rows to one length.", [issue])
    return np.stack(arrays)


def _split_lines(text: str) -> list[list[str]]:
    problems = RowIssues()
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
        lines = []
        for cells in read:
            if any(cell.strip() for cell in cells):
                lines.append([cell.strip() for cell in cells])
            if len(lines) > MAX_SAMPLES + 1:
                message = f"There are more than {MAX_SAMPLES:,} lines; expected at most {MAX_SAMPLES:,}."
                problems.add("too_many_samples", f"line {read.line_num}", message, "Send fewer.")
                break
    except csv.Error as error:
        problems.add("invalid_csv", f"line {read.line_num}", f"Line {read.line_num} cannot be read: {error}.")
        lines = [[]]
    if not lines:
        problems.add("empty_csv", "line 1", "There is no line with values.", "Send a line of numbers for each sample.")
    problems.raise_if_any()
    return lines


def _read_header(lines: list[list[str]], inputs: Sequence["keras.KerasTensor"]) -> tuple[list[str] | None, int]:
    """The names in the first line, None where it has values; and the number of the first line with values."""
    takes_text = any(tensor.dtype == "string" for tensor in inputs)
    names = {tensor.name for tensor in inputs}
    has_names = set(lines[0]) & names if takes_text else not any(_is_number(cell) for cell in lines[0])
    if not has_names:
        return None, 1
    if len(lines) == 1:
        problems = RowIssues()
        problems.add("empty_csv", "line 1", "There are only names; expected a line of numbers for each sample.")
        problems.raise_if_any()
    return lines[0], 2


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


def _order_columns(named: list[str] | None, inputs: Sequence["keras.KerasTensor"], sizes: list[int]) -> list[int]:
    """Which column of the file each column of the inputs is."""
    names = [tensor.name for tensor in inputs]
    if named is not None and sizes == [1] * len(names) and sorted(named) == sorted(names):
        return [named.index(name) for name in names]
    return list(range(sum(sizes)))


def _read_cell(cell: str, is_text: bool, line: int, column: str, problems: RowIssues) -> float | str:
    if is_text or _is_number(cell):
        return cell if is_text else float(cell)
    received = repr(cell[:SHOWN]) if cell else "nothing"
    problems.add("invalid_number", f"line {line}", f"Line {line}, {column}: expected a number; received {received}.")
    return math.nan


def _cut_columns(
    table: list[list[float | str]], inputs: Sequence["keras.KerasTensor"], sizes: list[int]
) -> list[Array]:
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


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _say(value: JsonValue) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else repr(value)[:SHOWN]


def _say_inputs(inputs: Sequence["keras.KerasTensor"], sizes: Sequence[int]) -> str:
    return ", ".join(f"{size} of {tensor.name!r}" for tensor, size in zip(inputs, sizes, strict=True))
