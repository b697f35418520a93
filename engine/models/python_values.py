"""Values of a document as Python expressions. Made as syntax trees, so that no text in a document becomes code."""

import ast
import builtins
import inspect
import keyword
import math
import re
from collections.abc import Callable, Mapping, Sequence

import keras
from pydantic import JsonValue

from engine.layers.discover import SECTIONS
from engine.layers.own.registry import find_named_class

LONGEST_TUPLE = 8
NUMBERS = (int, float, type(None))
SHORT_MODULES = {"keras.layers": "layers"}
"""Modules that exported code imports by a name of their own."""


class Expression:
    """A piece of code that stands for a tensor."""

    def __init__(self, tree: ast.expr):
        self.tree = tree


def name(dotted: str) -> ast.expr:
    """A variable, or an attribute such as `keras.layers.Dense`."""
    first, *rest = dotted.split(".")
    tree: ast.expr = ast.Name(first)
    for attribute in rest:
        tree = ast.Attribute(tree, attribute)
    return tree


def call(function: ast.expr, args: Sequence[ast.expr] = (), /, **kwargs: ast.expr) -> ast.Call:
    """A call with positional and keyword arguments."""
    return ast.Call(function, list(args), [ast.keyword(argument, value) for argument, value in kwargs.items()])


def write_value(value: object) -> ast.expr:
    """A constant, a list, a dictionary, or an `Expression` anywhere inside them."""
    if isinstance(value, Expression):
        return value.tree
    if isinstance(value, float) and not math.isfinite(value):
        return call(name("float"), [ast.Constant(str(value))])
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    if isinstance(value, list | tuple):
        return ast.List([write_value(inner) for inner in value])
    if isinstance(value, dict):
        return ast.Dict([write_value(key) for key in value], [write_value(inner) for inner in value.values()])
    if value is None or isinstance(value, str | int | float):
        return ast.Constant(value)
    raise TypeError(f"expected a value of a JSON document, received {type(value).__name__}")


def write_argument(value: JsonValue, sections: Sequence[str] = tuple(SECTIONS)) -> ast.expr:
    """An argument of a constructor: Keras objects as calls, lists of numbers as tuples, the rest as it is.

    `sections` are the parts of Keras in which a class without a module is looked for, in this order.
    """
    if isinstance(value, dict) and isinstance(value.get("class_name"), str) and "config" in value:
        return _write_object(value, sections)
    if isinstance(value, list) and value and len(value) <= LONGEST_TUPLE and all(_is_number(inner) for inner in value):
        return ast.Tuple([write_value(inner) for inner in value])
    if isinstance(value, list):
        return ast.List([write_argument(inner, sections) for inner in value])
    if isinstance(value, dict):
        return ast.Dict(
            [write_value(key) for key in value], [write_argument(inner, sections) for inner in value.values()]
        )
    return write_value(value)


def write_constructor(
    function: ast.expr,
    target: Callable[..., object],
    config: Mapping[str, JsonValue],
    write: Callable[[str, JsonValue], ast.expr] | None = None,
) -> ast.Call:
    """The call that makes an object: required arguments first and by position, then what differs from the default.

    `write` writes the value of an argument; without it Keras's objects in the config become calls.
    """
    write = write or (lambda argument, value: write_argument(value, _sections(argument)))
    parameters = inspect.signature(target).parameters
    positional: list[ast.expr] = []
    rest = dict(config)
    for parameter in parameters.values():
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or parameter.default is not parameter.empty:
            break
        if parameter.name not in rest:
            break
        positional.append(write(parameter.name, rest.pop(parameter.name)))
    spoken = {
        key: write(key, value)
        for key, value in rest.items()
        if key not in parameters or not _is_default(parameters[key].default, value)
    }
    plain = {key: tree for key, tree in spoken.items() if is_identifier(key)}
    made = call(function, positional, **plain)
    if others := {key: tree for key, tree in spoken.items() if key not in plain}:
        made.keywords.append(ast.keyword(None, ast.Dict([ast.Constant(key) for key in others], list(others.values()))))
    return made


def is_identifier(text: str) -> bool:
    """Whether Python takes the text as a name."""
    return text.isidentifier() and not keyword.iskeyword(text)


def make_identifier(text: str, taken: set[str]) -> str:
    """The nearest free name of a variable, which is then taken."""
    wanted = re.sub(r"\W", "_", text, flags=re.ASCII).strip("_").lower() or "x"
    # A variable called `float` would be in the way of `float("inf")`.
    wanted = wanted if is_identifier(wanted) and not hasattr(builtins, wanted) else f"x_{wanted}"
    free, count = wanted, 2
    while free in taken:
        free, count = f"{wanted}_{count}", count + 1
    taken.add(free)
    return free


def _write_object(value: Mapping[str, JsonValue], sections: Sequence[str]) -> ast.expr:
    class_name, config, module = str(value["class_name"]), value["config"], value.get("module")
    if isinstance(config, dict):
        if own := find_named_class("layers", value):
            return write_constructor(name(own.__name__), own, config)
        for place in [module] if isinstance(module, str) else [SECTIONS[section][0].__name__ for section in sections]:
            public = place.replace("keras.api.", "keras.").replace("keras.src.", "keras.")
            if (target := _find_public(public, class_name)) is not None:
                return write_constructor(name(f"{SHORT_MODULES.get(public, public)}.{class_name}"), target, config)
    return call(name("keras.saving.deserialize_keras_object"), [write_value(dict(value))])


def _find_public(module: str, class_name: str) -> type | None:
    if not is_identifier(class_name) or class_name in ("Functional", "Sequential", "Model"):
        return None
    owner: object = keras
    for part in module.split(".")[1:]:
        owner = getattr(owner, part, None)
    found = getattr(owner, class_name, None)
    return found if isinstance(found, type) else None


def _sections(argument: str) -> list[str]:
    """Where Keras looks for an object given for an argument: by the argument's name, then everywhere."""
    named = [section for section in SECTIONS if argument.endswith(section.removesuffix("s"))]
    return [*named, *(section for section in SECTIONS if section not in named)]


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, NUMBERS) and not isinstance(value, bool)


def _is_default(default: object, value: JsonValue) -> bool:
    if isinstance(default, tuple):
        default = list(default)
    return type(default) is type(value) and default == value
