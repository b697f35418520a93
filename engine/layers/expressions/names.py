"""The names that every formula knows: the functions of the installed Keras, and a few constants."""

import inspect
import math
from collections.abc import Callable
from functools import cache

import keras

from engine.layers.discover import discover_functions
from engine.layers.docstrings import read_docstring
from engine.layers.schema import FunctionEntry

Function = Callable[..., object]

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf}
"""The constants by name, beside `True`, `False` and `None`."""

MODULES = (keras.ops, keras.activations, keras.losses)
"""Where the functions come from; the first that has a name wins."""

TAKES_FUNCTION = "it takes a function, and a formula has none to give"
GIVES_NO_TENSOR = "it does not give a tensor"

REFUSED: dict[str, str] = {
    **dict.fromkeys(("associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan"), TAKES_FUNCTION),
    **dict.fromkeys(("switch", "vectorize", "vectorized_map", "while_loop"), TAKES_FUNCTION),
    **dict.fromkeys(("convert_to_numpy", "dtype", "is_tensor", "shape"), GIVES_NO_TENSOR),
}
"""Functions of Keras that no formula can use, with the reason. A test holds that each still exists."""

REPEATS: dict[tuple[str, str], int] = {
    ("array_split", "indices_or_sections"): 1000,
    ("diff", "n"): 100,
    ("dsplit", "indices_or_sections"): 1000,
    ("hsplit", "indices_or_sections"): 1000,
    ("repeat", "repeats"): 10_000,
    ("split", "indices_or_sections"): 1000,
    ("unstack", "num"): 1000,
    ("vsplit", "indices_or_sections"): 1000,
}
"""Arguments whose size no shape shows beforehand (most count loops in Python), and the most that a formula may give."""


@cache
def discover_expression_functions() -> dict[str, Function]:
    """The functions that a formula may call, by name, in alphabetical order."""
    found: dict[str, Function] = {}
    for module in MODULES:
        for name, function in discover_functions(module).items():
            if name not in REFUSED:
                found.setdefault(name, function)
    return dict(sorted(found.items()))


@cache
def name_of(function: Function) -> str:
    """How Python that imports only `keras` names a function that formulas may call, such as `keras.ops.add`."""
    for module in MODULES:
        for name, value in discover_functions(module).items():
            if value is function:
                return f"{module.__name__.replace('keras.api.', 'keras.')}.{name}"
    raise KeyError(function)


@cache
def read_signature(function: Function) -> inspect.Signature:
    """The signature, read once."""
    return inspect.signature(function)


def describe_functions() -> list[FunctionEntry]:
    """The functions for a page that helps with writing formulas."""
    return [
        FunctionEntry(
            name=name, signature=f"{name}{read_signature(function)}", summary=read_docstring(function).summary
        )
        for name, function in discover_expression_functions().items()
    ]
