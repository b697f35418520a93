"""Layers that mix the samples of a batch, as MixUp and CutMix do: found by trying, and followed while they draw."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import keras
import numpy as np

from engine.evaluation.arrays import Array

TRIED = 9
"""Samples of a trial: with fewer, chance might put each back into its own place."""


def find_mixing(layers: Iterable["keras.layers.Layer"], most_numbers: int) -> list["keras.layers.Layer"]:
    """Those of the layers from which labels of a batch come out other than they went in.

    Layers whose trial would take more numbers than that are passed over: so large a batch is never drawn either.
    """
    return [layer for layer in layers if hasattr(layer, "transform_labels") and _mixes(layer, most_numbers)]


def _mixes(layer: "keras.layers.Layer", most_numbers: int) -> bool:
    shape = (TRIED, *(size or 1 for size in layer.input.shape[1:]))
    if int(np.prod(shape, dtype="int64")) > most_numbers:
        return False
    # A copy, because each trial moves a layer's random numbers on.
    copy = type(layer).from_config(layer.get_config())
    transformation = copy.get_random_transformation(np.zeros(shape, "float32"), training=True)
    labels = np.eye(TRIED, dtype="float32")
    return not np.array_equal(labels, copy.transform_labels(labels, transformation, training=True))


class Shares:
    """How much of each sample of a batch is in each that comes out of the layers that mix, in the order of their calls.

    Samples are labels of their own, and go through Keras's own `transform_labels` with what each layer has drawn.
    """

    def __init__(self, samples: int):
        self.table: Array = np.eye(samples, dtype="float32")
        """One row for each that comes out, one column for each that went in."""

    @contextmanager
    def follow(self, layers: Sequence["keras.layers.Layer"]) -> Iterator[None]:
        """While this is open what the layers draw counts. They are called as they are, and not compiled."""
        with ExitStack() as stack:
            for layer in layers:
                stack.enter_context(self._follow_one(layer))
            yield

    @contextmanager
    def _follow_one(self, layer: "keras.layers.Layer") -> Iterator[None]:
        draw = layer.get_random_transformation

        def draw_and_follow(*given: object, **named: object) -> object:
            transformation = draw(*given, **named)
            mixed = layer.transform_labels(self.table, transformation, training=True)
            self.table = keras.ops.convert_to_numpy(mixed)
            return transformation

        layer.get_random_transformation = draw_and_follow
        try:
            yield
        finally:
            del layer.get_random_transformation


def describe_shares(names: Sequence[str], place: int, shares: Array) -> str:
    """What is in one of the pictures: first the sample that it began with, then what was mixed into it."""
    mixed = [other for other in np.argsort(-shares, kind="stable") if other != place and round(100 * shares[other]) > 0]
    if not mixed:
        return names[place]
    return ", ".join(f"{names[other]} ({100 * shares[other]:.0f} %)" for other in (place, *mixed))
