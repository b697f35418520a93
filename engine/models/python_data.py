"""The function of exported code that loads the data, made of what reads the data set in Layerloom itself."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine.models.python_values import call, name, write_value

FUNCTION = "load_data"


@dataclass(frozen=True)
class LoaderCode:
    """A function that reads a data set, as text, with all that it needs beside installed packages.

    `definitions` stand in an order in which each finds what it needs; `names` are all that they and the `imports` name.
    """

    function: str
    imports: tuple[str, ...]
    definitions: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class DataCode:
    """How a data set is loaded, and the names of its arrays for the model's inputs and for its outputs, in order."""

    dataset: str
    loader: LoaderCode
    arguments: Mapping[str, JsonValue]
    inputs: Sequence[str]
    targets: Sequence[str]


DataFinder = Callable[[Sequence[str], Sequence[str]], DataCode]
"""Answers how the data for inputs and outputs of these names is loaded. Raises `EngineError` where there is none."""


def write_load_function(data: DataCode) -> str:
    """`load_data()`, which answers x and y as `fit` takes them."""
    arguments = {key: write_value(value) for key, value in data.arguments.items()}
    loaded = call(name(data.loader.function), **arguments)
    types = ", ".join("np.ndarray" if len(ends) == 1 else "list[np.ndarray]" for ends in (data.inputs, data.targets))
    lines = [
        f"def {FUNCTION}() -> tuple[{types}]:",
        f'"""Load the data set {data.dataset}: x goes into the model, and its outputs are compared with y."""',
        f"arrays = {_unparse(loaded)}",
        f"x = {_unparse(_take(data.inputs))}",
        f"y = {_unparse(_take(data.targets))}",
        "return x, y",
    ]
    return "\n    ".join(lines)


def _take(arrays: Sequence[str]) -> ast.expr:
    taken: list[ast.expr] = [ast.Subscript(name("arrays"), ast.Constant(array)) for array in arrays]
    return taken[0] if len(taken) == 1 else ast.List(taken)


def _unparse(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))
