"""Constants of a call as a document has them: plain JSON, and Keras's markers for what JSON has not."""

from collections.abc import Callable, Mapping
from typing import cast

import keras
import numpy as np
from pydantic import JsonValue

from engine.errors import EngineError

LARGEST_INDEX = 2**63 - 1


class ConstantError(EngineError):
    """A marker does not say what it has to."""


def read_constant(value: object) -> object:
    """The value that Keras's call gets: slices, `...`, arrays and bytes from their markers, the rest as it is.

    Raises `ConstantError` with code `invalid_constant`.
    """
    if isinstance(value, list):
        return [read_constant(one) for one in value]
    if not isinstance(value, dict):
        return value
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str):
        return {key: read_constant(one) for key, one in value.items()}
    read = READERS.get(name)
    if read is None or not isinstance(config, dict):
        raise ConstantError(
            "invalid_constant",
            f"A constant of the call names the class {name[:100]!r}; expected plain values"
            f" or one of {', '.join(READERS)}, each with a config.",
            "Give numbers, texts or lists, or connect a tensor.",
        )
    return read(config)


def is_marker(value: object, name: str) -> bool:
    """Whether the value is Keras's marker of that name."""
    return isinstance(value, dict) and value.get("class_name") == name


def _read_slice(config: Mapping[str, JsonValue]) -> object:
    for name in ("start", "stop", "step"):
        bound = config.get(name)
        if bound is not None and not _is_index(bound):
            raise ConstantError(
                "invalid_constant",
                f"The {name} of a slice is {str(bound)[:100]!r}; expected a whole number or nothing.",
                "Give a whole number such as 1 or -1.",
            )
    if config.get("step") == 0:
        raise ConstantError(
            "invalid_constant", "The step of a slice is 0; expected any other whole number.", "Leave the step out."
        )
    return slice(config.get("start"), config.get("stop"), config.get("step"))


def _is_index(bound: JsonValue) -> bool:
    return isinstance(bound, int) and not isinstance(bound, bool) and abs(bound) <= LARGEST_INDEX


def _read_array(config: Mapping[str, JsonValue]) -> object:
    try:
        dtype = keras.backend.standardize_dtype(cast("str", config.get("dtype") or "float32"))
        return np.array(config["value"], dtype=dtype)
    except Exception as error:
        raise ConstantError(
            "invalid_constant",
            f"An array among the call's constants cannot be read: {type(error).__name__}: {str(error)[:200]}",
            "Give its values as lists of numbers, all of one length, and a dtype such as float32.",
        ) from error


def _read_bytes(config: Mapping[str, JsonValue]) -> object:
    if not isinstance(text := config.get("value"), str):
        raise ConstantError("invalid_constant", "Bytes among the call's constants have no text.", "Give a text.")
    return text.encode("utf-8", "surrogatepass")


def _read_ellipsis(_config: Mapping[str, JsonValue]) -> object:
    return ...


READERS: dict[str, Callable[[Mapping[str, JsonValue]], object]] = {
    "__slice__": _read_slice,
    "__ellipsis__": _read_ellipsis,
    "__numpy__": _read_array,
    "__tensor__": _read_array,
    "__bytes__": _read_bytes,
}
"""How each of Keras's markers is read."""
