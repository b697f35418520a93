"""The loss of every single sample, by which the worst ones are found."""

import keras
import numpy as np
from keras.src.losses.loss import squeeze_or_expand_to_same_rank
from keras.src.trainers.compile_utils import get_loss

from engine.evaluation.arrays import Array

PIECE = 4096
"""Samples that a loss gets at once."""


def measure_losses(loss: object, true: Array, predicted: Array) -> Array | None:
    """The loss of each sample (the mean over its positions), shape `(n,)`; None where there is none, or it fails.

    Regularization and the weights of classes and outputs are no part of it.
    """
    pieces = []
    for start in range(0, len(predicted), PIECE):
        rows = slice(start, start + PIECE)
        try:
            pieces.append(_measure(loss, true[rows], predicted[rows]))
        except (TypeError, ValueError, ArithmeticError, LookupError, RuntimeError):
            return None
    return np.concatenate(pieces) if loss is not None and pieces else None


def _measure(loss: object, true: Array, predicted: Array) -> Array:
    y_true, y_pred = keras.ops.convert_to_tensor(true), keras.ops.convert_to_tensor(predicted)
    found = get_loss(loss, y_true, y_pred)
    # As Keras's own `Loss.__call__` does, which then makes one number of them all.
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, keras.ops.cast(y_pred, found.dtype))
    values = keras.ops.convert_to_numpy(found.call(keras.ops.cast(y_true, found.dtype), y_pred))
    if not values.ndim or len(values) != len(predicted):
        raise ValueError("the loss gives no number for each sample")
    return np.asarray(values.reshape(len(values), -1).mean(axis=1), dtype="float64")
