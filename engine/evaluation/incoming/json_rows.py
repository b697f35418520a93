"""Rows and whole arrays in JSON as arrays for a model's inputs. What does not fit is named by its row and input."""

import math
from collections.abc import Mapping, Sequence

import keras
import numpy as np
from pydantic import JsonValue

from engine.backend.values import ValuesError, read_values
from engine.errors import IssuesError
from engine.evaluation.arrays import Array
from engine.evaluation.incoming.received import SHOWN, Received, RowIssues
from engine.graph.issues import Issue

SCALAR = [1]


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
        before = problems.count
        _compare_names(f"rows.{place}", values, names, problems, f"Row {place + 1}: ")
        if problems.count > before:
            continue
        for column, tensor in zip(columns, inputs, strict=True):
            try:
                column.append(_read_one(values[tensor.name], tensor))
            except ValuesError as error:
                where = f"rows.{place}.{tensor.name}" if isinstance(row, dict) else f"rows.{place}"
                problems.add(error.code, where, f"Row {place + 1}, input {tensor.name!r}: {error.message}", error.hint)
    problems.raise_if_any()
    return Received([_stack(tensor.name, column) for tensor, column in zip(inputs, columns, strict=True)])


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
    """The array of one sample, without the sample dimension. Raises `ValuesError`."""
    shape = list(tensor.shape[1:])
    if not isinstance(value, list) and shape == SCALAR:
        value = [value]
    if _is_flat(value, shape):
        size = math.prod(shape)
        return np.asarray(read_values([value], keras.KerasTensor((None, size), tensor.dtype)).reshape(shape))
    # In an array of its own shape, so that what is said of it is about one sample.
    return np.asarray(_say_of_one(value, shape, tensor)[0])


def _is_flat(value: JsonValue, shape: Sequence[int | None]) -> bool:
    """Whether it is one list with as many values as the shape has places, where the shape has several axes."""
    return (
        isinstance(value, list)
        and len(shape) > 1
        and None not in shape
        and len(value) == math.prod(size or 0 for size in shape)
        and not any(isinstance(one, list) for one in value)
    )


def _say_of_one(value: JsonValue, shape: Sequence[int | None], tensor: "keras.KerasTensor") -> Array:
    try:
        return read_values([value], tensor)
    except ValuesError as error:
        if error.code != "values_do_not_fit":
            raise
        flat = "" if None in shape or len(shape) < 2 else f", or {math.prod(size or 0 for size in shape)} numbers flat"
        open_ones = ", where None is any size from 1" if None in shape else ""
        raise ValuesError(
            error.code,
            f"expected values of the shape {list(shape)}{flat}{open_ones}; received {_say_shape(value)}.",
        ) from error


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


def _say_shape(value: JsonValue) -> str:
    """The shape of nested lists that are known to be equally long everywhere."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return str(shape) if shape else "a single value"


def _say(value: JsonValue) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else repr(value)[:SHOWN]
