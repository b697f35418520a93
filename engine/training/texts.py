"""Arrays of texts beside those of numbers: how they are told, and as what Keras takes them."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from engine.data.source import Array


def holds_texts(array: Array) -> bool:
    """Whether the array has texts: Python's in an array of objects, or numpy's own."""
    return array.dtype.kind in "OUS"


def to_keras(arrays: Array | Sequence[Array]) -> object:
    """One array or several as Keras takes them; texts as tensors, for it takes arrays of objects in one shape only."""
    if not isinstance(arrays, np.ndarray):
        return [to_keras(one) for one in arrays]
    return tf.constant(np.asarray(arrays, dtype=object)) if holds_texts(arrays) else arrays
