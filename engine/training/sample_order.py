"""Which samples are in which batch: the order that Keras's `fit` goes through them."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from engine.training.config import FitSettings
from engine.training.samples import Indices


@dataclass(frozen=True, slots=True)
class EpochPlan:
    """The batches of one epoch: from which one of a pass over the data on, and how many."""

    first_batch: int
    steps: int


class SampleOrder:
    """The batches of all epochs.

    A pass over the data is one permutation of the samples, cut into batches, the last of which may be smaller. Where
    `steps_per_epoch` is less than a pass, the next epoch goes on where the last one ended; where a pass ends within an
    epoch, so does the epoch. All passes have the same order: after `keras.utils.set_random_seed`, TensorFlow seeds the
    shuffling anew with each of Keras's iterators.
    """

    def __init__(self, samples: int, fit: FitSettings):
        self.batch_size = fit.batch_size
        self.samples = samples
        self.batches_in_pass = -(-samples // fit.batch_size)
        self._steps_per_epoch = fit.steps_per_epoch
        self._shuffled = shuffle_as_fit(samples) if fit.shuffle else None

    @property
    def permutation(self) -> Indices:
        """The numbers of the samples as the batches of a pass take them, one after the other."""
        return self._number(np.arange(self.samples))

    @property
    def steps_per_epoch(self) -> int:
        """How many steps an epoch is said to have."""
        return self._steps_per_epoch or self.batches_in_pass

    def plan_epoch(self, epochs_before: int) -> EpochPlan:
        """The batches of the epoch that comes after so many."""
        first = 0
        for _ in range(epochs_before if self._steps_per_epoch else 0):
            first = self._end_of_epoch(first) % self.batches_in_pass
        return EpochPlan(first, self._end_of_epoch(first) - first)

    def split(self, first_batch: int, count: int) -> list[Indices]:
        """The samples of `count` batches of a pass, one per row: the whole ones, then the smaller one at its end."""
        return [self._number(places) for places in self.split_places(first_batch, count)]

    def take_batches(self, first_batch: int, count: int) -> Indices:
        """The samples of as many of `count` batches of a pass as have the same size, one per row: at least one."""
        return self.split(first_batch, count)[0]

    def split_places(self, first_batch: int, count: int) -> list[Indices]:
        """The same by the samples' places in the pass, and not by their numbers."""
        places = np.arange(first_batch * self.batch_size, min((first_batch + count) * self.batch_size, self.samples))
        whole = len(places) // self.batch_size * self.batch_size
        parts = [places[:whole].reshape(-1, self.batch_size), places[np.newaxis, whole:]]
        return [part for part in parts if part.size]

    def _number(self, places: Indices) -> Indices:
        return places if self._shuffled is None else self._shuffled[places]

    def _end_of_epoch(self, first_batch: int) -> int:
        return min(first_batch + self.steps_per_epoch, self.batches_in_pass)


def shuffle_as_fit(samples: int) -> Indices:
    """The numbers of the samples in the order in which `fit` shuffles them under the current seed.

    It is what Keras's `ArrayDataAdapter` does, whose seed comes from where in its function the shuffling stands; only
    that 32 bits per number do for it, and no array is gone through: ten million samples take 80 MB instead of 400.
    """
    dtype = tf.int32 if samples <= tf.int32.max else tf.int64

    def permutation(_: tf.Tensor) -> tf.Tensor:
        return tf.random.shuffle(tf.range(samples, dtype=dtype))

    shuffled: Indices = next(iter(tf.data.Dataset.range(1).map(permutation))).numpy()
    return shuffled
