"""The drawing that Keras makes of a model, as DOT and laid out."""

import inspect
import re
from collections.abc import Mapping

import keras
import pygraphviz
from pydantic import JsonValue

from engine.errors import EngineError
from engine.layers.docstrings import read_docstring
from engine.layers.scope import open_symbolic_scope
from engine.models.faults import describe_value
from engine.models.formats import DrawingOption
from engine.models.order import Order, link_order

SCREEN_RESOLUTION = "-Gdpi=96"
"""Keras asks for 200 dots per inch, for paper."""

NOT_OPTIONS = ("model", "subgraph")
"""What is drawn, and what makes it a part of another drawing."""

TRUTHS = {"true": True, "1": True, "false": False, "0": False}
LOWEST_DPI, HIGHEST_DPI = 10, 600
QUOTED = re.compile(r'"(\w+)"')


def list_drawing_options() -> list[DrawingOption]:
    """The arguments of `keras.utils.model_to_dot` that a person can set. Everything it can show is shown by default."""
    help_texts = read_docstring(keras.utils.model_to_dot).arguments
    return [
        _describe_option(name, parameter.default, " ".join(help_texts.get(name, "").split()))
        for name, parameter in inspect.signature(keras.utils.model_to_dot).parameters.items()
        if name not in NOT_OPTIONS and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]


def draw_dot(order: Order) -> str:
    """Exactly what `keras.utils.model_to_dot` makes with the order's options.

    Raises `GraphError`, and `EngineError` `unknown_option` or `invalid_option`.
    """
    arguments = read_options(order.options)
    with open_symbolic_scope():
        dot = keras.utils.model_to_dot(link_order(order), **arguments)
    return str(dot.to_string())


def read_options(texts: Mapping[str, str]) -> dict[str, JsonValue]:
    """The arguments for Keras, where they are given as texts. Raises as `draw_dot`."""
    known = {option.name: option for option in list_drawing_options()}
    for name in texts:
        if name not in known:
            raise EngineError(
                "unknown_option",
                f"A drawing has no option {describe_value(name)}; expected one of {', '.join(known)}.",
                "Leave it out.",
            )
    return {name: _read_option(known[name], texts[name]) if name in texts else known[name].default for name in known}


def lay_out(order: Order, file_format: str) -> bytes:
    """The drawing laid out by Graphviz's `dot` as an image. Raises as `draw_dot`.

    Graphviz comes as a library inside the `pygraphviz` wheel: nothing has to be installed, and there is no program on
    the search path that a model could make Keras start.
    """
    resolution = "" if "dpi" in order.options else SCREEN_RESOLUTION
    with pygraphviz.AGraph(string=draw_dot(order)) as drawing:
        image: bytes = drawing.draw(format=file_format, prog="dot", args=resolution)
    return image


def _describe_option(name: str, default: object, text: str) -> DrawingOption:
    if isinstance(default, bool):
        return DrawingOption(name=name, kind="boolean", default=True, help=text)
    if isinstance(default, int):
        return DrawingOption(name=name, kind="number", default=default, help=text)
    return DrawingOption(name=name, kind="text", default=str(default), choices=QUOTED.findall(text), help=text)


def _read_option(option: DrawingOption, text: str) -> JsonValue:
    value: JsonValue = None
    if option.kind == "boolean":
        expected = "true or false"
        value = TRUTHS.get(text.lower())
    elif option.kind == "number":
        expected = f"a number from {LOWEST_DPI} to {HIGHEST_DPI}"
        if text.isascii() and text.isdigit() and len(text) < 10 and LOWEST_DPI <= int(text) <= HIGHEST_DPI:
            value = int(text)
    else:
        expected = f"one of {', '.join(option.choices)}"
        value = text if text in option.choices else None
    if value is None:
        raise EngineError(
            "invalid_option",
            f"The drawing's option {option.name!r} is {describe_value(text)}; expected {expected}.",
            "Change it, or leave it out.",
        )
    return value
