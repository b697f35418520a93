"""One sample's array made fit to be shown: an image as a PNG, everything else as numbers, words or texts."""

import math

import numpy as np

from engine.data.pictures import make_data_url
from engine.data.value_range import Range, measure_range
from engine.data.words import Words
from engine.evaluation.arrays import Array
from engine.evaluation.preprocessing.schema import PreviewArray
from engine.evaluation.showing import show_array

MOST_SIDE = 192
"""Pixels of a picture's longer side."""

COARSE = 4
"""A larger image is first thinned to so many times that size, so that a huge one is never copied as a whole."""


def preview_array(array: Array, limits: Range | None, words: Words | None = None) -> PreviewArray:
    """One sample's array, without the sample dimension. `limits` are black and white; None for its own range."""
    own = measure_range(array)
    shown = show_array(array, limits or own or (0.0, 1.0), words)
    is_picture = shown.kind == "image"
    return PreviewArray(
        shape=shown.shape,
        dtype="string" if shown.kind == "text" else shown.dtype,
        minimum=own and own[0],
        maximum=own and own[1],
        picture=draw_picture(array, limits or own or (0.0, 1.0)) if is_picture else None,
        shown=None if is_picture else shown,
    )


def draw_picture(array: Array, limits: Range) -> str:
    """A PNG as a data URL of pixels (height, width), or with one or three channels. What is not finite is black."""
    step = max(1, math.ceil(max(array.shape[:2]) / (COARSE * MOST_SIDE)))
    black, white = limits
    pixels = array[::step, ::step].astype("float64")
    scaled = np.nan_to_num((pixels - black) * (255 / ((white - black) or 1)), nan=0.0, posinf=255.0, neginf=0.0)
    whole = np.clip(scaled.round(), 0, 255).astype("uint8")
    return make_data_url(whole, MOST_SIDE)
