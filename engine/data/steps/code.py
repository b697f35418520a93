"""The steps as statements of exported code, with what they call."""

import ast
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from engine.data.code import read_loader_code
from engine.data.loaders.multi_hot import mark_words
from engine.data.loaders.windows import make_windows
from engine.data.steps.names import follow_names
from engine.data.steps.settings import DataStep
from engine.data.steps.windowing import read_windows
from engine.models.python_data import LoaderCode
from engine.models.python_values import call, name, write_value

ARRAYS = "arrays"
"""What the exported function calls its dict of arrays."""


def write_steps(
    steps: Sequence[DataStep], inputs: Sequence[str], targets: Sequence[str], classes: Mapping[str, int | None]
) -> tuple[list[str], list[LoaderCode]]:
    """A statement for each step, and the code of the functions that are not Keras's own.

    `inputs` and `targets` are the names of the data set's arrays, `classes` counts the labels where that is known.
    Raises `ConfigError` where a step's arguments are none.
    """
    follow_names(inputs, targets, steps)
    statements: list[str] = []
    called: dict[str, LoaderCode] = {}
    for number, step in enumerate(steps):
        _, present = follow_names(inputs, targets, steps[:number])
        if step.function in ("windows", "multi_hot"):
            code = read_loader_code(make_windows if step.function == "windows" else mark_words)
            called[code.function] = code
        statement = ast.Assign([_find_place(step)], _write_call(step, present, classes))
        statements.append(ast.unparse(ast.fix_missing_locations(statement)))
    return statements, list(called.values())


def _find_place(step: DataStep) -> ast.expr:
    return name(ARRAYS) if step.function == "windows" else _take(step.result)


def _write_call(step: DataStep, targets: Sequence[str], classes: Mapping[str, int | None]) -> ast.expr:
    given: dict[str, JsonValue] = {key: value for key, value in step.arguments.items() if value is not None}
    if step.function == "windows":
        given = read_windows(step, targets[0] if targets else None).arguments
        if step.result != step.array:
            given["name"] = step.result
        return _call("make_windows", [name(ARRAYS), ast.Constant(step.array)], given)
    if step.function == "multi_hot":
        return _call("mark_words", [_take(step.array)], {"num_words": given["num_tokens"]})
    if step.function == "to_categorical" and classes.get(step.array):
        given = {"num_classes": classes[step.array], **given}
    return _call(f"keras.utils.{step.function}", [_take(step.array)], given)


def _call(function: str, positional: list[ast.expr], given: Mapping[str, JsonValue]) -> ast.expr:
    return call(name(function), positional, **{key: write_value(value) for key, value in given.items()})


def _take(array: str) -> ast.expr:
    return ast.Subscript(name(ARRAYS), ast.Constant(array), ast.Store())
