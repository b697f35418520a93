"""Makes a Keras object from a config as a document has it: incomplete, and plain JSON."""

import copy
import inspect
from collections.abc import Mapping
from typing import Protocol

import keras
from pydantic import JsonValue

from engine.layers.operations import is_operation

Config = dict[str, JsonValue]


class Configurable(Protocol):
    """What Keras saves and restores: it can say how it was made."""

    def get_config(self) -> dict[str, object]: ...


def make_object(value: type, config: Mapping[str, JsonValue]) -> Configurable:
    """An instance from a config, which is left as it is. Raises whatever Keras raises where it refuses the config.

    `from_config` makes the nested objects too, but in some classes it relies on the whole config being there, and in
    callbacks there is none: then the arguments that are missing are filled in from the signature, or the constructor is
    called. Operations get what their functions give them.
    """
    if is_operation(value):
        return _make_operation(value, config)
    if not hasattr(value, "from_config"):
        made: Configurable = value(**copy.deepcopy(dict(config)))
        return made
    try:
        return _from_config(value, config)
    except KeyError as missing:
        defaults = {
            parameter.name: parameter.default
            for parameter in inspect.signature(value).parameters.values()
            if parameter.default is not parameter.empty
        }
        if missing.args[0] not in defaults or missing.args[0] in config:
            raise
        return _from_config(value, {**defaults, **config})


def _make_operation(value: type, config: Mapping[str, JsonValue]) -> Configurable:
    """Tuples for lists, because JSON has no tuples and some operations take no lists; and the data format that is set
    for Keras, which the functions fill in and the classes do not."""
    given = {key: _to_tuples(one) for key, one in config.items()}
    data_format = inspect.signature(value).parameters.get("data_format")
    if data_format is not None and data_format.default is None and given.get("data_format") is None:
        given["data_format"] = keras.config.image_data_format()
    return _from_config(value, given)


def _to_tuples(value: JsonValue) -> object:
    return tuple(_to_tuples(one) for one in value) if isinstance(value, list) else value


def _from_config(value: type, config: Mapping[str, object]) -> Configurable:
    made: Configurable = value.from_config(copy.deepcopy(dict(config)))  # type: ignore[attr-defined]
    return made
