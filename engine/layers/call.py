"""How a layer is called: which arguments of the call take tensors, and which take constants."""

import inspect
import re

import keras

from engine.layers.arguments import to_json
from engine.layers.docstrings import Docstring
from engine.layers.overlay import CALLED_ON_LISTS
from engine.layers.schema import CallArgument

MERGE = keras.layers.Add.__mro__[1]
"""Keras's base class of the layers that take a list of tensors and give one. It has no public name."""

TENSOR = re.compile(r"\btensors?\b|\bmask\b|\bstates?\b", re.IGNORECASE)
LIST = re.compile(r"^(?:A |Nested )?(?:list|list/tuple|tuple|sequence)\b(?! of length 1)", re.IGNORECASE)


def describe_call(value: type[keras.layers.Layer], docstring: Docstring) -> list[CallArgument]:
    """The arguments of the layer's `call`, in its order. An input of the model is not called on anything."""
    if issubclass(value, keras.layers.InputLayer):
        return []
    parameters = [
        parameter
        for name, parameter in inspect.signature(value.call).parameters.items()
        if name != "self" and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]
    return [
        _describe(value, position, parameter, docstring.call_arguments.get(parameter.name, ""))
        for position, parameter in enumerate(parameters)
    ]


def _describe(value: type, position: int, parameter: inspect.Parameter, text: str) -> CallArgument:
    required = parameter.default is inspect.Parameter.empty
    tensor = _takes_tensor(parameter, text)
    return CallArgument(
        name=parameter.name,
        position=None if parameter.kind is parameter.KEYWORD_ONLY else position,
        tensor=tensor,
        many=tensor and _takes_many(value, position, parameter.name, text),
        required=required,
        default=None if required else to_json(parameter.default),
        help=text,
    )


def _takes_tensor(parameter: inspect.Parameter, text: str) -> bool:
    """Keras's flags have a boolean default or are called `training`; what else may be left out says what it takes."""
    if parameter.name == "training" or isinstance(parameter.default, bool):
        return False
    if parameter.default is inspect.Parameter.empty:
        return True
    return bool(TENSOR.search(text) or re.search(r"mask$|state$|^key$", parameter.name))


def _takes_many(value: type, position: int, name: str, text: str) -> bool:
    if (position == 0 and issubclass(value, MERGE)) or (value.__name__, name) in CALLED_ON_LISTS:
        return True
    return bool(LIST.search(text)) or name in ("states", "initial_state")
