"""The functions that steps may name, as the catalogue describes what forms are drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from inspect import signature
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import keras
from pydantic import JsonValue

from engine.data.loaders.multi_hot import mark_words
from engine.data.loaders.windows import make_windows
from engine.data.steps.settings import StepName
from engine.layers.arguments import describe_arguments
from engine.layers.docstrings import Docstring, read_docstring
from engine.layers.phrases import read_phrase
from engine.layers.schema import Argument, Entry, Kind

CATEGORY = "Steps"
KINDS: dict[type, Kind] = {int: "integer", str: "string"}


@dataclass(frozen=True, slots=True)
class Described:
    """Where a step's words and arguments come from.

    `function` has the signature and `documented` the texts of arguments that it does not describe itself. `hidden` are
    what the step fills in: the array above all. `example` is what a new step starts with.
    """

    function: Callable[..., object]
    hidden: tuple[str, ...]
    documented: Callable[..., object] | None = None
    example: Mapping[str, JsonValue] = field(default_factory=dict)


SOURCES: dict[StepName, Described] = {
    "to_categorical": Described(keras.utils.to_categorical, ("x",)),
    "normalize": Described(keras.utils.normalize, ("x",)),
    "pad_sequences": Described(keras.utils.pad_sequences, ("sequences",), example={"maxlen": 200}),
    "multi_hot": Described(
        keras.layers.CategoryEncoding, ("output_mode", "sparse"), mark_words, example={"num_tokens": 10_000}
    ),
    "windows": Described(
        make_windows,
        ("arrays", "array", "name"),
        keras.utils.timeseries_dataset_from_array,
        example={"sequence_length": 30},
    ),
}


@cache
def list_entries() -> dict[StepName, Entry]:
    """Every function by its name. Cached for good: there are few."""
    return {name: _describe(name, source) for name, source in SOURCES.items()}


def _describe(name: StepName, source: Described) -> Entry:
    docstring = _join(source)
    arguments = [one for one in describe_arguments(source.function, docstring) if one.name not in source.hidden]
    return Entry(
        class_name=name,
        category=CATEGORY,
        summary=docstring.summary,
        help=docstring.description,
        arguments=[_settle(one, source) for one in arguments],
        example=dict(source.example),
    )


def _join(source: Described) -> Docstring:
    own = read_docstring(source.function)
    if source.documented is None:
        return own
    other = read_docstring(source.documented)
    if isinstance(source.function, type):
        return replace(own, summary=other.summary, description=other.description)
    named = {key: text for key, text in other.arguments.items() if key in signature(source.function).parameters}
    return replace(own, arguments={**named, **own.arguments})


def _settle(argument: Argument, source: Described) -> Argument:
    """What a step cannot do without is required, words that a text lists are a choice, and a type is what it says."""
    hint = {} if isinstance(source.function, type) else get_type_hints(source.function)
    if found := _read_type(hint.get(argument.name)):
        kinds, items = found
        argument = argument.model_copy(update={"kinds": kinds, "items": items, "lengths": []})
    elif len(argument.kinds) > 1 and "tuple" in argument.kinds:
        # A text about sequences speaks of lists, which are what comes in.
        others = [kind for kind in argument.kinds if kind != "tuple"]
        argument = argument.model_copy(update={"kinds": others, "items": []})
    words = list(read_phrase(argument.help).literals)
    if argument.kinds[0] == "string" and isinstance(argument.default, str) and argument.default in words:
        argument = argument.model_copy(update={"kinds": ["choice"], "choices": words, "items": []})
    if argument.name in source.example and argument.default is None and isinstance(source.function, type):
        argument = argument.model_copy(update={"required": True, "nullable": False})
    return argument


def _read_type(hint: object) -> tuple[list[Kind], list[Kind]] | None:
    """The kinds and the kinds of items that a type stands for; None where there is no type, or another one."""
    for one in get_args(hint) if isinstance(hint, UnionType) else (hint,):
        if isinstance(one, type) and one in KINDS:
            return [KINDS[one]], []
        if get_origin(one) is Sequence:
            return ["tuple"], [KINDS[get_args(one)[0]]]
    return None
