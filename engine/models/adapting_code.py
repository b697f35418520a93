"""How preprocessing layers are fitted to samples: plain code over Keras, which exported Python brings as it stands."""

from collections.abc import Iterable, Iterator
from itertools import chain

import keras
import numpy as np
import tensorflow as tf

BATCH_BYTES = 16 * 2**20
MOST_IN_BATCH = 8192
"""Samples that are looked at together. Data that fits into one batch is given whole, as `layer.adapt(x)` has it."""

TEXT_BYTES = 1024
"""What a text is counted as, for an array of texts only says where they lie."""


def adapt_layer(
    layer: keras.layers.Layer,
    tensors: keras.KerasTensor | list[keras.KerasTensor],
    inputs: keras.KerasTensor | list[keras.KerasTensor],
    x: np.ndarray | list[np.ndarray] | None,
) -> keras.layers.Layer:
    """Fit a layer to what it gets (the tensors, one for each of its calls) of the samples x, given for the inputs."""
    if x is not None:
        adapt_to_batches(layer, (one for batch in read_batches(tensors, inputs, x) for one in batch))
    return layer


def adapt_to_batches(layer: keras.layers.Layer, batches: Iterable[tf.Tensor]) -> None:
    """Fit a layer to batches. A single batch is given as an array: Keras takes that as a person's whole data."""
    read = iter(batches)
    first, second = next(read, None), next(read, None)
    if first is None:
        raise ValueError("there are no training samples")
    if second is None:
        layer.adapt(first.numpy())
        return
    every = chain([first, second], read)
    words = hasattr(layer, "get_vocabulary")
    # Of an array Keras takes each number or text for a sample of its own; of a batch all together for one.
    layer.adapt(tf.expand_dims(one, -1) if words and one.shape.rank == 1 else one for one in every)


def compute_samples(
    tensors: keras.KerasTensor | list[keras.KerasTensor],
    inputs: keras.KerasTensor | list[keras.KerasTensor],
    x: np.ndarray | list[np.ndarray] | None,
) -> np.ndarray | list[np.ndarray] | None:
    """Compute what becomes of the samples x, given for the inputs, at the tensors of a model."""
    if x is None:
        return None
    batches = list(read_batches(tensors, inputs, x))
    computed = [np.concatenate(parts) for parts in zip(*batches, strict=True)]
    return computed if isinstance(tensors, list) else computed[0]


def read_batches(
    tensors: keras.KerasTensor | list[keras.KerasTensor],
    inputs: keras.KerasTensor | list[keras.KerasTensor],
    x: np.ndarray | list[np.ndarray],
) -> Iterator[list[tf.Tensor]]:
    """Compute the tensors for a part of the samples after the other, as in a prediction: nothing is augmented."""
    model = keras.Model(inputs, tensors)
    arrays = x if isinstance(x, list) else [x]
    size = count_in_batch(arrays)
    for start in range(0, len(arrays[0]), size):
        batch = [tf.constant(np.array(array[start : start + size])) for array in arrays]
        yield keras.tree.flatten(model(batch if len(batch) > 1 else batch[0], training=False))


def count_in_batch(arrays: list[np.ndarray], most: int = MOST_IN_BATCH) -> int:
    """Count the samples that are looked at together, so that they need little memory."""
    return max(1, min(most, BATCH_BYTES // max(1, sum(measure_sample(array) for array in arrays))))


def measure_sample(array: np.ndarray) -> int:
    """Count the bytes of one sample."""
    size = TEXT_BYTES if array.dtype.hasobject else array.dtype.itemsize
    return int(size * np.prod(array.shape[1:], dtype=np.int64))
