"""The typed arguments of a constructor, as far as its signature and docstring tell."""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache

import keras
from pydantic import JsonValue

from engine.layers.docstrings import Docstring, read_docstring
from engine.layers.overlay import HIDDEN, ITEMS, KINDS, VARIABLES, look_up
from engine.layers.phrases import Phrase, read_phrase
from engine.layers.schema import Argument, Kind

OBJECT_NAMES: list[tuple[re.Pattern[str], tuple[Kind, ...]]] = [
    (re.compile(r"(?:^|_)initializer$"), ("initializer",)),
    (re.compile(r"(?:^|_)regularizer$"), ("regularizer",)),
    (re.compile(r"(?:^|_)constraint$"), ("constraint",)),
    (re.compile(r"(?:^|_)activation$"), ("activation",)),
    (re.compile(r"(?:^|_)dtype$"), ("dtype",)),
    (re.compile(r"^learning_rate$"), ("float", "learning_rate_schedule")),
    (re.compile(r"(?:^|_)optimizer$"), ("optimizer",)),
    (re.compile(r"(?:^|_)layer$"), ("layer",)),
    (re.compile(r"^cell$"), ("layer", "tuple")),
    (re.compile(r"^(?:layers|cells)$"), ("tuple",)),
    (re.compile(r"(?:^|_)shape$"), ("tuple",)),
]
"""Keras names what takes a Keras object after the object."""

PLAIN_NAMES: list[tuple[re.Pattern[str], tuple[Kind, ...]]] = [
    (re.compile(r"(?:^|_)axis$"), ("integer",)),
    (re.compile(r"(?:^|_)axes$"), ("tuple",)),
    (re.compile(r"^seed$"), ("integer",)),
    (re.compile(r"^(?:file|dir)|(?:path|dir|file)$"), ("string",)),
]
"""What such names mean where the help text does not say."""

LAYER_LISTS = {"cell", "cells", "layers"}

BASE_ARGUMENTS: dict[str, str] = {"dtype": "float32", "activity_regularizer": "l2"}
"""What every layer may take through `**kwargs`, with a value to try it with. Its name, and whether it is trainable, are
the document's own."""


def describe_arguments(value: Callable[..., object], docstring: Docstring) -> list[Argument]:
    """The arguments that the signature names, in its order, without ranges and choices."""
    name = value.__name__
    skip = {"self", "trainable"} | ({"name"} if _is_layer(value) else set())
    return [
        _describe(name, parameter, docstring.arguments.get(parameter.name, ""))
        for parameter in _named_parameters(value)
        if parameter.name not in skip and not look_up(HIDDEN, name, parameter.name)
    ]


@cache
def find_layer_argument(value: type) -> str | None:
    """The argument that a wrapper such as `TimeDistributed` cannot do without: the layer that it wraps."""
    arguments = describe_arguments(value, read_docstring(value))
    return next((one.name for one in arguments if one.required and one.kinds[0] == "layer"), None)


def describe_base_arguments(value: type, docstring: Docstring) -> list[Argument]:
    """The arguments that a layer may take without naming them in its signature. Whether it does is for Keras to say."""
    parameters = inspect.signature(value).parameters.values()
    if not _is_layer(value) or not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
        return []
    named = {parameter.name for parameter in parameters}
    own = inspect.signature(keras.layers.Layer.__init__).parameters
    return [
        _describe(value.__name__, own[name], docstring.arguments.get(name, ""))
        for name in BASE_ARGUMENTS
        if name not in named
    ]


def _is_layer(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, keras.layers.Layer)


def _named_parameters(value: Callable[..., object]) -> Iterator[inspect.Parameter]:
    for parameter in inspect.signature(value).parameters.values():
        if parameter.kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL):
            yield parameter


def _describe(owner: str, parameter: inspect.Parameter, text: str) -> Argument:
    required = parameter.default is inspect.Parameter.empty
    default = None if required else to_json(parameter.default)
    phrase = read_phrase(text)
    kinds = look_up(KINDS, owner, parameter.name) or _named_kinds(OBJECT_NAMES, parameter.name)
    kinds = kinds or _kinds(parameter.name, default, phrase)
    items: tuple[Kind, ...] = ()
    if "tuple" in kinds:
        items = look_up(ITEMS, owner, parameter.name) or _items(parameter.name, kinds, default, phrase)
    return Argument(
        name=parameter.name,
        kinds=list(kinds),
        required=required,
        nullable=not required and default is None,
        default=default,
        items=list(items),
        items_nullable=bool(re.search(r"(?:^|_)shape$", parameter.name)),
        lengths=list(phrase.lengths) if "tuple" in kinds else [],
        variables=list(VARIABLES.get((owner, parameter.name), ())),
        help=text,
    )


def to_json(value: object) -> JsonValue:
    """A default as JSON has it: tuples as lists. An object that JSON has not becomes None."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    return None


def _named_kinds(table: list[tuple[re.Pattern[str], tuple[Kind, ...]]], name: str) -> tuple[Kind, ...]:
    return next((kinds for pattern, kinds in table if pattern.search(name)), ())


def _kinds(name: str, default: JsonValue, phrase: Phrase) -> tuple[Kind, ...]:
    """Brings together the default's type, the words of the help text and, where these say nothing, the name."""
    own = kind_of(default)
    said = [kind for kind in phrase.kinds if kind != "boolean" or own in (None, "boolean", "string")]
    if own == "boolean":
        return ("boolean",)
    if own == "float":
        return ("float", *(kind for kind in said if kind == "tuple"))
    said = said or list(_named_kinds(PLAIN_NAMES, name))
    if own is None:
        return tuple(said) or ("json",)
    if own == "integer" and not {"integer", "float"} & set(said):
        said = ["integer", "float", *said]
    return tuple(said) if own in said or (own == "integer" and "float" in said) else (own, *said)


def kind_of(value: JsonValue) -> Kind | None:
    """The kind of a plain value; None for None and for what has no kind of its own."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "float"
    if isinstance(value, str):
        return "string"
    return "tuple" if isinstance(value, list) else None


def _items(name: str, kinds: tuple[Kind, ...], default: JsonValue, phrase: Phrase) -> tuple[Kind, ...]:
    if name in LAYER_LISTS:
        return ("layer",)
    in_default = [kind for one in default if (kind := kind_of(one))] if isinstance(default, list) else []
    if found := tuple(dict.fromkeys([*phrase.items, *in_default])):
        return found
    scalars = tuple(kind for kind in kinds if kind in ("integer", "float"))
    return scalars or (("integer",) if re.search(r"(?:axis|axes|shape)$", name) else ("float",))
