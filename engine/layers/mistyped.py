"""Finds values of a plainly wrong type that Keras's constructors take without a word, such as a text for a boolean."""

from collections.abc import Mapping
from functools import cache

from pydantic import JsonValue

from engine.layers.arguments import describe_arguments
from engine.layers.docstrings import read_docstring
from engine.layers.operations import find_function
from engine.layers.schema import Argument, Kind

NUMBERS: set[Kind] = {"boolean", "integer", "float"}


def find_mistyped(value: type, config: Mapping[str, JsonValue]) -> Argument | None:
    """The first argument that takes only numbers (a boolean is one to Keras) and got a text or an object.

    Only what signature and docstring leave no doubt about is judged. Which numbers are taken, and whether None or one
    number per dimension (which many docstrings leave out), is for Keras to say.
    """
    numbers = _list_number_arguments(value)
    return next(
        (numbers[name] for name, given in config.items() if name in numbers and isinstance(given, str | dict)), None
    )


@cache
def _list_number_arguments(value: type) -> dict[str, Argument]:
    """By name. Cached for good: there are as many classes as Keras has."""
    described = describe_arguments(value, read_docstring(find_function(value) or value))
    return {argument.name: argument for argument in described if set(argument.kinds) <= NUMBERS}
