"""The arrays that training and validation see, as Keras's `fit` would make them of what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.trainers.data_adapters.data_adapter_utils import pack_x_y_sample_weight

from engine.data.mapped import is_mapped, take_rows
from engine.data.source import Array
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.split_rows import Rows, SplitRows, find_slice
from engine.training.splitting import list_class_weights
from engine.training.texts import holds_texts

Nested = Any
"""Arrays in lists and tuples, as Keras's data."""

Indices = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Samples:
    """Arrays with the samples along axis 0, nested as Keras's steps take them, and how many samples there are.

    Arrays are as they were given, and may lie in a file; what is taken of them is what Keras makes of that.

    `rows` are the numbers of those that belong to it; None: all.
    """

    arrays: Nested
    count: int
    rows: Rows | None = None

    @property
    def bytes(self) -> int:
        """How much memory the samples take, as Keras has them."""
        one = (convert_as_keras(array[:1]).nbytes for array in tf.nest.flatten(self.arrays))
        return self.count * sum(one)

    @property
    def are_mapped(self) -> bool:
        """Whether some of them lie in a file, from which they are read as they are taken."""
        return any(is_mapped(array) for array in tf.nest.flatten(self.arrays))

    def take(self, rows: Indices) -> Nested:
        """The samples with these numbers, as arrays of the same nesting."""
        chosen = self._find(rows)
        return tf.nest.map_structure(lambda array: convert_as_keras(take_rows(array, chosen)), self.arrays)

    def to_tensors(self, rows: Indices) -> Nested:
        """The same as tensors on the device."""
        chosen = self._find(rows)
        return tf.nest.map_structure(lambda array: tf.constant(convert_as_keras(take_rows(array, chosen))), self.arrays)

    def choose(self, rows: Rows) -> "Samples":
        """Those with these numbers only. Copies nothing: the arrays may be larger than memory."""
        part = find_slice(rows)
        if isinstance(part, slice):
            return Samples(tf.nest.map_structure(lambda array: array[part], self.arrays), len(rows))
        return Samples(self.arrays, len(rows), rows)

    def _find(self, rows: Indices) -> Indices:
        return rows if self.rows is None else self.rows[rows]


def split_data(data: FedData, fit: FitSettings) -> tuple[Samples, Samples | None]:
    """The samples for training and for validation.

    Without validation data of its own, and without a split, Keras takes the last samples for validation, before any
    shuffling.
    """
    parts = (data.x, data.y, data.sample_weights)
    class_weight = list_class_weights(fit) or None
    if data.validation is not None:
        given = data.validation
        return _make_samples(parts, class_weight), _make_samples((given.x, given.y, given.sample_weights))
    if data.split is not None:
        return _divide(parts, data.split, class_weight)
    if not fit.validation_split:
        return _make_samples(parts, class_weight), None
    # Keras divides an array of as many samples: the data itself it would read whole, where floats are to be converted.
    stand_in = np.broadcast_to(np.int8(0), data.samples)
    training, _ = array_slicing.train_validation_split(stand_in, validation_split=fit.validation_split)
    first, last = (_slice(parts, part) for part in (slice(len(training)), slice(len(training), None)))
    return _make_samples(first, class_weight), _make_samples(last)


def _slice(parts: Sequence[Nested], part: slice) -> Sequence[Nested]:
    return tuple(tf.nest.map_structure(lambda array: None if array is None else array[part], one) for one in parts)


def _divide(
    parts: Sequence[Nested], split: SplitRows, class_weight: dict[int, float] | None
) -> tuple[Samples, Samples]:
    every = _make_samples(parts, class_weight)
    # As in `fit`, the weights of classes are for training alone.
    unweighted = every.arrays[:2] if class_weight else every.arrays
    return every.choose(split.training), Samples(unweighted, every.count).choose(split.validation)


def _make_samples(parts: Sequence[Nested], class_weight: dict[int, float] | None = None) -> Samples:
    # The adapter is what `fit` puts between arrays and batches: it checks sizes, and makes weights of classes samples'.
    x, y, weights = parts
    adapter = ArrayDataAdapter(x, y=y, sample_weight=weights, class_weight=class_weight, batch_size=1)
    packed = pack_x_y_sample_weight(*_unpack(adapter._inputs))  # noqa: SLF001 - there is no other way to what it made
    return Samples(_to_tuples(packed), int(adapter._num_samples))  # noqa: SLF001


def convert_as_keras(array: Array) -> Array:
    """What Keras makes of an array that it is given: floats have its own precision, texts become objects."""
    if holds_texts(array):
        return np.asarray(array, dtype=object)
    return np.asarray(array_slicing.convert_to_sliceable(array, target_backend="tensorflow"))


def _unpack(inputs: Nested) -> tuple[Nested, ...]:
    return tuple(inputs) if isinstance(inputs, tuple) else (inputs,)


def _to_tuples(nested: Nested) -> Nested:
    return tuple(_to_tuples(one) for one in nested) if isinstance(nested, list | tuple) else nested
