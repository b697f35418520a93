"""The functions that make of each sample another one, by themselves: Keras's, with a look at what they are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from pydantic import JsonValue

from engine.data.loaders.multi_hot import mark_words
from engine.data.source import Array
from engine.data.steps.faults import StepFault
from engine.data.steps.rows import measure_range
from engine.data.steps.settings import StepName

MOST_NUMBERS = 1_000_000
"""So many numbers one word, label or text may become."""

Arguments = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class RowFunction:
    """`settle` looks at a whole array, with the number of its classes where that is known, and answers all arguments
    that depend on it; `make` takes a block of samples. Both raise `StepFault`."""

    settle: Callable[[Array, Arguments, int | None], Arguments]
    make: Callable[[Array, Arguments], Array]


def _settle_classes(array: Array, arguments: Arguments, classes: int | None) -> Arguments:
    low, high = _measure_labels(array, "to_categorical")
    count = arguments.get("num_classes") or classes or int(high) + 1
    _limit(count, "num_classes", 1)
    if low < 0 or high >= int(str(count)):
        raise StepFault(
            "arguments.num_classes",
            f"to_categorical with num_classes={count} takes labels from 0 to {int(str(count)) - 1}; the array has"
            f" labels from {low:g} to {high:g}.",
            f"Set num_classes to {int(high) + 1}." if low >= 0 else "Labels begin with 0.",
        )
    return {**arguments, "num_classes": count}


def _make_categorical(array: Array, arguments: Arguments) -> Array:
    made: Array = keras.utils.to_categorical(array, **arguments)
    return made


def _settle_norm(array: Array, arguments: Arguments, _classes: int | None) -> Arguments:
    _expect_numbers(array, "normalize")
    axis = arguments.get("axis", -1)
    if not isinstance(axis, int) or not -array.ndim <= axis < array.ndim:
        raise StepFault(
            "arguments.axis",
            f"normalize takes an axis from {-array.ndim} to {array.ndim - 1} here; received {axis!r}.",
        )
    if axis % array.ndim == 0:
        raise StepFault(
            "arguments.axis",
            f"normalize along axis {axis} learns from all samples at once, also from those that the model is validated"
            f" on; expected an axis within a sample{_list_axes(array)}.",
            "Put a Normalization layer into the model: it is fitted to the training samples alone.",
            "step_sees_all_samples",
        )
    return arguments


def _list_axes(array: Array) -> str:
    return f": {', '.join(str(axis) for axis in range(1, array.ndim))}" if array.ndim > 1 else ", and it has none"


def _make_normal(array: Array, arguments: Arguments) -> Array:
    try:
        made: Array = keras.utils.normalize(array, **arguments)
    except ValueError as error:
        raise StepFault("arguments.order", f"normalize: {error}; received {arguments.get('order')!r}.") from error
    return made


def _settle_padding(array: Array, arguments: Arguments, _classes: int | None) -> Arguments:
    _expect_numbers(array, "pad_sequences")
    if array.ndim < 2:
        message = f"pad_sequences takes samples that are sequences; those of the array are {_describe(array)}."
        raise StepFault("array", message)
    if arguments.get("maxlen") is not None:
        _limit(arguments["maxlen"], "maxlen", 1)
    _read_dtype(arguments)
    return {**arguments, "maxlen": arguments.get("maxlen") or array.shape[1]}


def _make_padded(array: Array, arguments: Arguments) -> Array:
    dtype = _read_dtype(arguments)
    if dtype.kind in "iub" and array.dtype.kind == "f" and not bool((array == np.trunc(array)).all()):
        raise StepFault(
            "arguments.dtype",
            f"pad_sequences would make {dtype} of {array.dtype} numbers, and cut off what is behind the point.",
            f"Set dtype to {array.dtype}.",
        )
    try:
        made: Array = keras.utils.pad_sequences(array, **arguments)
    except (ValueError, TypeError) as error:
        raise StepFault("arguments", f"pad_sequences: {error}") from error
    return made


def _read_dtype(arguments: Arguments) -> "np.dtype[np.generic]":
    name = arguments.get("dtype", "int32")
    try:
        dtype = np.dtype(str(name))
    except TypeError:
        dtype = np.dtype(object)
    if dtype.kind not in "biuf":
        message = f"pad_sequences makes numbers here; expected a dtype such as int32 or float32, received {name!r}."
        raise StepFault("arguments.dtype", message)
    return dtype


def _settle_words(array: Array, arguments: Arguments, _classes: int | None) -> Arguments:
    if array.ndim != 2:
        message = f"multi_hot takes samples that are rows of word numbers; those of the array are {_describe(array)}."
        raise StepFault("array", message)
    _limit(arguments["num_tokens"], "num_tokens", 1)
    low, high = _measure_labels(array, "multi_hot")
    if low < 0 or high >= int(str(arguments["num_tokens"])):
        raise StepFault(
            "arguments.num_tokens",
            f"multi_hot with num_tokens={arguments['num_tokens']} takes numbers from 0 to"
            f" {int(str(arguments['num_tokens'])) - 1}; the array has numbers from {low:g} to {high:g}.",
            f"Set num_tokens to {int(high) + 1}, or keep fewer words (num_words of the data set).",
        )
    return arguments


def _make_multi_hot(array: Array, arguments: Arguments) -> Array:
    return mark_words(array.astype("int64", copy=False), int(str(arguments["num_tokens"])))


def _measure_labels(array: Array, function: str) -> tuple[float, float]:
    _expect_numbers(array, function)
    low, high, whole = measure_range(array)
    if not whole:
        raise StepFault(
            "array",
            f"{function} takes whole numbers; the array has {array.dtype} numbers from {low:g} to {high:g}, and not all"
            " of them are whole.",
        )
    return low, high


def _expect_numbers(array: Array, function: str) -> None:
    if array.dtype.kind not in "biuf":
        raise StepFault("array", f"{function} takes numbers; the array holds {array.dtype}.")


def _limit(value: JsonValue, argument: str, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_NUMBERS:
        message = f"{argument}: expected a whole number from {least} to {MOST_NUMBERS:,}; received {value!r}."
        raise StepFault(f"arguments.{argument}", message)


def _describe(array: Array) -> str:
    return "single values" if array.ndim == 1 else f"of shape {list(array.shape[1:])}"


ROW_FUNCTIONS: dict[StepName, RowFunction] = {
    "to_categorical": RowFunction(_settle_classes, _make_categorical),
    "normalize": RowFunction(_settle_norm, _make_normal),
    "pad_sequences": RowFunction(_settle_padding, _make_padded),
    "multi_hot": RowFunction(_settle_words, _make_multi_hot),
}
