"""Single samples made small enough to be shown: images as pixels, rows as numbers, texts as word numbers."""

import math
from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from engine.backend.values import SPECIAL
from engine.data.words import Words
from engine.evaluation.arrays import Array
from engine.evaluation.results import ShownArray, ShownKind

MOST_PIXELS = 64
"""Of each side of an image; of a larger one every n-th pixel is shown."""

MOST_NUMBERS = 256
MOST_SHOWN = 1_000_000
"""Numbers of inputs in one answer."""

DIGITS = 6
RANGE_SAMPLES = 2000
"""So many samples tell what is black and what is white."""


def measure_limits(arrays: Sequence[Array]) -> list[tuple[float, float]]:
    """The least and the largest finite number of each array, which show an image's black and white."""
    limits = []
    for array in arrays:
        some = array[:RANGE_SAMPLES]
        if some.dtype.kind not in "biuf":
            limits.append((0.0, 1.0))
            continue
        finite = some[np.isfinite(some)]
        limits.append((float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0))
    return limits


def show_array(array: Array, limits: tuple[float, float], words: Words | None = None) -> ShownArray:
    """One sample's array, without the sample dimension. `words` are for an array of word numbers."""
    # An input that takes floats gets its word numbers as such.
    is_text = words is not None and array.ndim == 1 and bool(np.all(array == np.round(array)))
    if is_text:
        array = array.astype("int64")
    kind = _tell_kind(array)
    shown, cut = _thin_pixels(array) if kind == "image" else _take_first(array, kind)
    return ShownArray(
        kind=kind,
        shape=list(array.shape),
        dtype="string" if kind == "text" else str(array.dtype),
        minimum=limits[0],
        maximum=limits[1],
        values=_to_lists(shown),
        cut=cut,
        text=words.write(shown) if words is not None and is_text else None,
    )


def count_shown(array: Array) -> int:
    """At most so many numbers `show_array` makes of it."""
    return min(array.size, 3 * MOST_PIXELS**2)


def _tell_kind(array: Array) -> ShownKind:
    if array.dtype.kind in "OSU":
        return "text"
    if array.ndim in (2, 3) and min(array.shape[:2]) > 1 and (array.ndim == 2 or array.shape[2] in (1, 3)):
        return "image"
    return "tokens" if array.ndim == 1 and array.dtype.kind in "iu" else "numbers"


def _thin_pixels(array: Array) -> tuple[Array, bool]:
    step = math.ceil(max(array.shape[:2]) / MOST_PIXELS)
    return array[::step, ::step], step > 1


def _take_first(array: Array, kind: ShownKind) -> tuple[Array, bool]:
    if array.size <= MOST_NUMBERS:
        return array, False
    numbers = array.ravel()
    # Texts are padded in front: what is shown begins with the first word.
    start = int(np.argmax(numbers != 0)) if kind == "tokens" else 0
    return numbers[start : start + MOST_NUMBERS], True


def _to_lists(array: Array) -> JsonValue:
    if array.dtype.kind == "f":
        rounded = array.astype("float64").round(DIGITS)
        if not np.isfinite(rounded).all():
            mixed = rounded.astype(object)
            for name, number in SPECIAL.items():
                mixed[np.isnan(rounded) if name == "NaN" else rounded == number] = name
            special: JsonValue = mixed.tolist()
            return special
        array = rounded
    plain: JsonValue = array.tolist()
    return plain
