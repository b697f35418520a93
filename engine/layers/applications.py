"""The architectures of `keras.applications`: functions that build a whole model, so nothing is tried out on them."""

import re
from collections.abc import Callable

import keras

from engine.layers.arguments import describe_arguments
from engine.layers.docstrings import read_docstring
from engine.layers.phrases import read_phrase
from engine.layers.schema import Argument, Entry

BULLET = re.compile(r"- `(\w+)`")
"""How the help texts of the architectures list words."""


def describe_applications() -> list[Entry]:
    """One entry per architecture. The example asks for random weights: the others are downloaded."""
    functions = {
        name: value for name, value in vars(keras.applications).items() if name[:1].isupper() and callable(value)
    }
    return [_describe(name, value) for name, value in sorted(functions.items())]


def _describe(name: str, value: Callable[..., object]) -> Entry:
    docstring = read_docstring(value)
    arguments = describe_arguments(value, docstring)
    return Entry(
        class_name=name,
        category=value.__module__.rsplit(".", 1)[-1].replace("_", " ").capitalize(),
        summary=docstring.summary,
        help=docstring.description,
        arguments=[_offer_choices(one) for one in arguments],
        example={"weights": None},
    )


def _offer_choices(argument: Argument) -> Argument:
    """The choices as the help text states them. None is one wherever it says so: the weights may be random."""
    phrase = read_phrase(argument.help)
    update: dict[str, object] = {"nullable": argument.nullable or "None" in argument.help}
    words = list(phrase.literals) or [word for word in BULLET.findall(argument.help) if word != "None"]
    if argument.kinds in (["string"], ["json"]) and words:
        update |= {"kinds": ["choice"], "choices": words}
    return argument.model_copy(update=update)
