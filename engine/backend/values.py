"""Nested lists of numbers made into arrays for a symbolic tensor, and arrays made into nested lists."""

from collections.abc import Callable
from math import prod
from typing import Final

import keras
import numpy as np
from pydantic import JsonValue

from engine.backend.results import ArrayValues
from engine.errors import EngineError
from engine.models.npz import Array
from engine.models.weights import to_plain_array

MAX_NUMBERS = 1_000_000
"""Numbers that come in, or go out, in one question."""

MAX_DEPTH = 16
SPECIAL: Final = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class ValuesError(EngineError):
    """The values do not fit the tensor that they are for."""


def read_values(values: JsonValue, tensor: "keras.KerasTensor") -> Array:
    """The array for the symbolic tensor. Raises `ValuesError`, which says what came and what was expected."""
    is_text = tensor.dtype == "string"
    leaves = _copy(values, _take_text if is_text else _take_number)
    try:
        array = np.array(leaves, dtype=object if is_text else None)
    except (ValueError, OverflowError) as error:
        raise ValuesError("ragged_values", f"The lists are not equally long everywhere: {_shorten(error)}") from error
    if not is_text and array.dtype.kind not in "biuf":
        raise ValuesError("invalid_values", "The numbers are too large; expected such that fit into 64 bits.")
    _compare_shapes(array.shape, tensor)
    return array if is_text else _cast(array, keras.backend.standardize_dtype(tensor.dtype))


def write_values(value: object) -> ArrayValues:
    """An array, or a tensor, as nested lists. Raises `ValuesError` where there are too many numbers."""
    dtype = str(keras.backend.standardize_dtype(value.dtype))  # type: ignore[attr-defined]
    array = np.asarray(value) if dtype == "string" else to_plain_array(keras.ops.convert_to_numpy(value))
    refuse_too_many(array.size)
    return ArrayValues(shape=list(array.shape), dtype=dtype, values=_to_lists(array))


def refuse_too_many(count: int) -> None:
    """Raises `ValuesError` where the answer would have too many numbers."""
    if count > MAX_NUMBERS:
        raise ValuesError(
            "too_many_values",
            f"The answer would have {count:,} numbers; expected at most {MAX_NUMBERS:,}.",
            "Ask for fewer outputs or layers, or send fewer samples.",
        )


def _to_lists(array: Array) -> JsonValue:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        mixed = array.astype(object)
        for name, number in SPECIAL.items():
            mixed[np.isnan(array) if name == "NaN" else array == number] = name
        lists: JsonValue = mixed.tolist()
        return lists
    if array.dtype.kind in "OS":
        texts: JsonValue = np.char.decode(array.astype(bytes), "utf-8", "replace").tolist()
        return texts
    plain: JsonValue = array.tolist()
    return plain


Leaf = bool | int | float | str


def _copy(values: JsonValue, take: Callable[[JsonValue], Leaf]) -> JsonValue:
    """The nested lists with their leaves checked. Counts while it goes, so that nothing large is built."""
    count = 0

    def copy(piece: JsonValue, depth: int) -> JsonValue:
        nonlocal count
        if not isinstance(piece, list):
            count += 1
            return take(piece)
        if depth >= MAX_DEPTH:
            raise ValuesError("invalid_values", f"The lists are nested more than {MAX_DEPTH} deep.")
        if count + len(piece) > MAX_NUMBERS:
            raise ValuesError("too_many_values", f"There are more than {MAX_NUMBERS:,} numbers.", "Send fewer samples.")
        return [copy(inner, depth + 1) for inner in piece]

    return copy(values, 0)


def _take_number(leaf: JsonValue) -> Leaf:
    if isinstance(leaf, str) and leaf in SPECIAL:
        return SPECIAL[leaf]
    if isinstance(leaf, bool | int | float):
        return leaf
    raise ValuesError(
        "invalid_values", f"There is {_shorten(repr(leaf))} among the values; expected numbers or nested lists of them."
    )


def _take_text(leaf: JsonValue) -> Leaf:
    if isinstance(leaf, str):
        return leaf
    raise ValuesError("invalid_values", f"There is {_shorten(repr(leaf))} among the values; expected texts.")


def _compare_shapes(shape: tuple[int, ...], tensor: "keras.KerasTensor") -> None:
    expected = [*tensor.shape]
    fits = len(shape) == len(expected) and all(e in (None, s) for e, s in zip(expected, shape, strict=True))
    if not fits or prod(shape) == 0:
        raise ValuesError(
            "values_do_not_fit",
            f"The values have the shape {list(shape)[:MAX_DEPTH]}; expected {expected}, where None is any size from 1.",
            "The first dimension counts the samples: put one sample into a list of its own.",
        )


def _cast(array: Array, dtype: str) -> Array:
    """The array with the tensor's dtype. Whole numbers stay what they are, finite ones finite, or are refused."""
    if dtype == "bool" or "int" in dtype:
        kind = np.dtype(dtype)
        with np.errstate(invalid="ignore"):
            cast = array.astype(kind)
        if not np.array_equal(cast, array):
            raise ValuesError("invalid_values", f"There are numbers among the values that {dtype} cannot hold.")
        return cast
    with np.errstate(over="ignore"):
        numbers: Array = array.astype(np.float64 if dtype == "float64" else np.float32)
    if not np.array_equal(np.isinf(numbers), np.isinf(array)):
        raise ValuesError("invalid_values", f"There are numbers among the values that {numbers.dtype} cannot hold.")
    return numbers


def _shorten(text: object) -> str:
    return str(text)[:200]
