"""Arrays of texts beside those of numbers: how they are told, and as what Keras takes them."""

import numpy as np
import tensorflow as tf

from engine.data.source import Array


def holds_texts(array: Array) -> bool:
    """Whether the array has texts: Python's in an array of objects, or numpy's own."""
    return array.dtype.kind in "OUS"


def to_keras(array: Array) -> "Array | tf.Tensor":
    """The array, or of texts a tensor: Keras takes arrays of objects in one shape only."""
    return tf.constant(np.asarray(array, dtype=object)) if holds_texts(array) else array
