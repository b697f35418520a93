"""What an optimizer keeps for each weight, by letting Keras build it on weights that have no values."""

import math
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

import keras
import tensorflow as tf
from cachetools import LRUCache
from keras.src.utils.dtype_utils import dtype_size

from engine.layers.scope import open_symbolic_scope
from engine.models.tracing import Weight

MAX_ANSWERS = 16
MAX_VARIABLES = 20_000


class OptimizerMeter:
    """Counts the memory of optimizers, and remembers answers and stand-ins for weights.

    The stand-ins are variables in a graph of TensorFlow's: they have no memory until it is run, and it never is. They
    take a millisecond each to make, so they are kept until there are too many.
    """

    def __init__(self) -> None:
        self.answers: LRUCache[str, int] = LRUCache(maxsize=MAX_ANSWERS)
        self.graph = tf.Graph()
        self.variables: dict[tuple[Weight, int], keras.Variable] = {}

    def count_bytes(self, optimizer: "keras.optimizers.Optimizer", weights: Sequence[Weight]) -> int:
        """The bytes of all variables that the new optimizer makes for the weights. Allocates none of them."""
        config = optimizer.get_config() | {"name": None}
        key = repr((type(optimizer), config, weights))
        if (answer := self.answers.get(key)) is None:
            again = type(optimizer).from_config(optimizer.get_config())
            built = self._build(optimizer, again, weights)
            answer = sum(count_bytes(tuple(variable.shape), variable.dtype) for variable in built.variables)
            self.answers[key] = answer
        return answer

    def _build(
        self,
        optimizer: "keras.optimizers.Optimizer",
        again: "keras.optimizers.Optimizer",
        weights: Sequence[Weight],
    ) -> "keras.optimizers.Optimizer":
        """The built optimizer. Its variables are only promised, which is quick.

        Where it makes a variable that has to have a value (Adafactor), Keras refuses to promise it; then they are made
        in a graph that is thrown away.
        """
        variables = self._stand_in(weights)
        try:
            with open_symbolic_scope():
                optimizer.build(variables)
        except ValueError:
            with tf.Graph().as_default():
                again.build([_make_variable(weight) for weight in weights])
            return again
        return optimizer

    def _stand_in(self, weights: Sequence[Weight]) -> list["keras.Variable"]:
        if len(self.variables) > MAX_VARIABLES:
            self.graph, self.variables = tf.Graph(), {}
        seen: Counter[Weight] = Counter()
        found = []
        with self.graph.as_default():
            for weight in weights:
                key = (weight, seen[weight])
                seen[weight] += 1
                if key not in self.variables:
                    self.variables[key] = _make_variable(weight)
                found.append(self.variables[key])
        return found


def count_bytes(shape: tuple[int, ...], dtype: str) -> int:
    """The memory of a tensor, in bytes."""
    bits: int = math.prod(shape) * dtype_size(dtype)
    return math.ceil(bits / 8)


def _make_variable(weight: Weight) -> "keras.Variable":
    """A variable under the weight's own path: some optimizers treat weights by their names."""
    with ExitStack() as scopes:
        for name in weight.path[:-1]:
            scopes.enter_context(keras.name_scope(name))
        return keras.Variable(
            keras.initializers.Zeros(), shape=weight.shape, dtype=weight.dtype, name=weight.path[-1], trainable=True
        )
