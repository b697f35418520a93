"""Which numbers an output can hold, found by feeding numbers to the functions that end the model."""

import warnings
from dataclasses import dataclass

import keras
import numpy as np

from engine.data.source import Array

PROBE_SAMPLES = 8
LARGE = 100.0
"""The largest number that is fed; what comes out beyond half of it is taken for unbounded."""

MOST_VALUES = 8_000_000
ASSUMED_SIZE = 3
MOST_OPERATIONS = 20
TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class OutputRange:
    """The least and the largest number that came out (infinite where they follow what is fed).

    `shares` says that the numbers along the last axis add up to one, as those of a softmax do.
    """

    low: float
    high: float
    shares: bool

    @property
    def is_probability(self) -> bool:
        """Whether every number lies from 0 to 1."""
        return self.low >= -TOLERANCE and self.high <= 1 + TOLERANCE

    @property
    def is_constant(self) -> bool:
        """Whether the output is the same whatever comes in, as a softmax of one unit is."""
        return self.high - self.low < TOLERANCE

    @property
    def is_unbounded(self) -> bool:
        """Whether any number may come out, so that it may be a logit."""
        return self.low == -np.inf and self.high == np.inf

    def holds(self, low: float, high: float) -> bool:
        """Whether all numbers from `low` to `high` can come out."""
        return low >= self.low - TOLERANCE and high <= self.high + TOLERANCE

    def describe(self) -> str:
        """The range in words."""
        if self.is_unbounded:
            return "any number"
        if np.isposinf(self.high):
            return f"numbers from {self.low:g} up"
        if np.isneginf(self.low):
            return f"numbers up to {self.high:g}"
        return f"numbers from {self.low:g} to {self.high:g}"


class UnknownRangeError(Exception):
    """What comes out cannot be told without weights or data."""


def measure_range(tensor: "keras.KerasTensor") -> OutputRange | None:
    """The range of a model's output; None where only weights or data could tell it.

    A layer with weights can give any number, which its own `activation` then limits; layers and operations without
    weights are called on what comes out of those before them. So no layer has to be known by name.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = _feed(tensor, MOST_OPERATIONS)
    except Exception:  # noqa: BLE001 - whatever keeps a layer from being called on plain numbers, nothing is known then
        return None
    if not values.size or not np.issubdtype(values.dtype, np.floating) or np.isnan(values).any():
        return None
    low, high = float(values.min()), float(values.max())
    sums = values.sum(axis=-1) if values.ndim > 1 else values
    shares = values.ndim > 1 and low >= -TOLERANCE and bool(np.allclose(sums, 1, atol=TOLERANCE))
    return OutputRange(
        low if low > -LARGE / 2 else -np.inf, high if high < LARGE / 2 else np.inf, shares and values.shape[-1] > 1
    )


def _feed(tensor: "keras.KerasTensor", left: int) -> Array:
    """Numbers as the tensor may hold them: extremes and small ones."""
    operation, _, place = tensor._keras_history  # noqa: SLF001 - the only way from a tensor to what made it
    if left == 0 or isinstance(operation, keras.layers.InputLayer):
        raise UnknownRangeError
    if isinstance(operation, keras.Model):
        return _feed(operation.outputs[place], left - 1)
    if _has_weights(operation):
        return _activate(operation, _make_probe(tensor))
    node = operation._inbound_nodes[tensor._keras_history.node_index]  # noqa: SLF001
    given = {id(one): keras.ops.convert_to_tensor(_feed(one, left - 1)) for one in node.input_tensors}
    args, kwargs = node.arguments.fill_in(given)
    answers = keras.tree.flatten(operation(*args, **kwargs))
    return np.asarray(answers[place])


def _has_weights(operation: object) -> bool:
    return isinstance(operation, keras.layers.Layer) and bool(operation.weights)


def _activate(layer: object, values: Array) -> Array:
    """What the layer's own activation makes of the numbers; a wrapper has the activation of what it wraps."""
    while (activation := getattr(layer, "activation", None)) is None and (inner := getattr(layer, "layer", None)):
        layer = inner
    if not callable(activation):
        return values
    return np.asarray(activation(keras.ops.convert_to_tensor(values)))


def _make_probe(tensor: "keras.KerasTensor") -> Array:
    sizes = [ASSUMED_SIZE if size is None else size for size in tensor.shape[1:]]
    if PROBE_SAMPLES * int(np.prod(sizes, dtype="float64")) > MOST_VALUES:
        raise UnknownRangeError
    random = np.random.default_rng(0)
    probe = random.normal(0, 3, (PROBE_SAMPLES, *sizes)).astype("float32")
    if sizes and sizes[-1] > 0:
        probe[0], probe[1] = LARGE, -LARGE
        probe[2, ..., 0], probe[3, ..., 0] = LARGE, -LARGE
    return probe
