"""The layers that prepare data, called for real: once as when nothing is trained, and often as in training."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from engine.data.value_range import Range, measure_range
from engine.errors import EngineError, GraphError
from engine.evaluation.arrays import Array
from engine.evaluation.preprocessing.example import Fed
from engine.evaluation.preprocessing.mixing import Shares, find_mixing
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.explain import read_message
from engine.models.results import CheckResult

MOST_NUMBERS = 100_000_000
"""So many numbers the layers may make of one example, all of them together."""

MOST_AT_ONCE = 20_000_000
"""Draws that make more than this are made one after the other."""

SEED_STATE = "seed_generator"
"""What Keras calls the variable from which a layer draws."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes out of one node: the sample's array, what is black and white in it, and whether it is random."""

    array: Array
    limits: Range | None
    random: bool


class Preparation:
    """A graph of layers that prepare data, made into a model; the same `seed` makes the same draws.

    `check` is that of the graph, whose inputs have the sizes of the sample. Raises `GraphError`, and `EngineError`
    `too_large_to_preview`.
    """

    def __init__(self, graph: Graph, check: CheckResult, fed: Mapping[str, Fed], seed: int):
        if not check.ok:
            errors = [issue for issue in check.issues if issue.severity == "error"]
            raise GraphError("invalid_graph", errors[0].message, errors[0].hint, errors)
        self._numbers = count_numbers(check)
        # Layers without a seed of their own take one from Keras's.
        keras.utils.set_random_seed(seed)
        self._model = build_model(graph)
        self._nodes = [reference.node for reference in graph.outputs or []]
        self._inputs = [reference.node for reference in graph.inputs or []]
        self._fed = [fed[node] for node in self._inputs]
        self._random = _find_random(graph, self._model)

    def run(self) -> dict[str, Answer]:
        """What comes out of each node while nothing is trained."""
        alone = 3 * self._numbers > MOST_NUMBERS
        columns = [[one.sample] if alone else _add_extremes(one) for one in self._fed]
        outputs = self._call([np.concatenate(column) for column in columns], self._model, training=False)
        return {
            node: Answer(array[0, ...], None if alone else _find_limits(array[1:]), node in self._random)
            for node, array in zip(self._nodes, outputs, strict=True)
        }

    def draw(self, count: int) -> Iterator[Array]:
        """What comes out of the last node in training, so many times."""
        last = self._make_last()
        at_once = 1 if count * self._numbers > MOST_AT_ONCE else count
        for _ in range(0, count, at_once):
            repeated = [np.repeat(one.sample, at_once, axis=0) for one in self._fed]
            (output,) = self._call(repeated, last, training=True)
            yield from (output[place, ...] for place in range(at_once))

    def find_mixing(self, count: int) -> list["keras.layers.Layer"]:
        """The layers on the way to the last node that mix the samples of a batch, where so many fit into one."""
        if count * self._numbers > MOST_AT_ONCE:
            return []
        drawing = _find_drawing(self._model)
        return find_mixing((one for one in self._make_last().layers if one.name in drawing), MOST_AT_ONCE)

    def draw_mixed(
        self, layers: Sequence["keras.layers.Layer"], batch: Mapping[str, Array]
    ) -> Iterator[tuple[Array, Array]]:
        """What comes out of the last node in training for a batch of other samples, by input node.

        With each comes how much of all the samples is in it; `layers` are those that mix.
        """
        arrays = [batch[node] for node in self._inputs]
        shares = Shares(len(arrays[0]))
        with shares.follow(layers):
            (output,) = self._call(arrays, self._make_last(), training=True)
        yield from zip(output, shares.table, strict=True)

    def _make_last(self) -> "keras.Model":
        inputs = self._model.inputs
        return keras.Model(inputs[0] if len(inputs) == 1 else inputs, self._model.outputs[-1])

    def _call(self, arrays: Sequence[Array], model: "keras.Model", *, training: bool) -> list[Array]:
        try:
            given = [tf.constant(array) for array in arrays]
            answered = model(given[0] if len(given) == 1 else given, training=training)
            outputs = answered if isinstance(answered, list | tuple) else [answered]
            return [_read_texts(np.asarray(keras.ops.convert_to_numpy(one))) for one in outputs]
        except MemoryError:
            raise
        except Exception as error:  # whatever it is, it comes from these layers and this example
            raise EngineError(
                "cannot_preview",
                f"The layers cannot be called on this example: {read_message(error)[:1000]}",
                "Look at what goes into them.",
            ) from error


def count_numbers(check: CheckResult) -> int:
    """How many numbers the layers make of one example. Raises `EngineError` `too_large_to_preview`."""
    total = 0
    for node_id, result in check.nodes.items():
        sizes = [size or 1 for size in result.outputs[0].shape[1:]]
        total += math.prod(sizes)
        if total > MOST_NUMBERS:
            raise EngineError(
                "too_large_to_preview",
                f"Up to the node {node_id!r}, which answers {sizes}, one example becomes {total:,} numbers; expected at"
                f" most {MOST_NUMBERS:,}.",
                "Make smaller arrays of it.",
            )
    return total


def _find_drawing(model: "keras.Model") -> set[str]:
    """The names of the layers that draw in training."""
    return {layer.name for layer in model.layers if any(SEED_STATE in one.path for one in layer.variables)}


def _find_random(graph: Graph, model: "keras.Model") -> set[str]:
    """The nodes whose layers draw in training, and all that come after them."""
    names = {layer.id: layer.keras_name for layer in graph.layers}
    drawing = _find_drawing(model)
    sources: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        sources[edge.target].add(edge.source)
    random: set[str] = set()
    for node in graph.nodes:
        if names[node.layer] in drawing or sources[node.id] & random:
            random.add(node.id)
    return random


def _add_extremes(fed: Fed) -> list[Array]:
    """The sample, and beside it one that is all black and one that is all white: they show what becomes of both."""
    if fed.limits is None:
        return [fed.sample] * 3
    return [fed.sample, *(np.full_like(fed.sample, one) for one in fed.limits)]


def _find_limits(extremes: Array) -> Range | None:
    limits = measure_range(extremes)
    return limits if limits is not None and limits[0] < limits[1] else None


def _read_texts(array: Array) -> Array:
    """TensorFlow's texts are bytes."""
    if array.dtype.kind not in "OS":
        return array
    texts = np.empty(array.shape, dtype=object)
    for place, one in np.ndenumerate(array):
        texts[place] = one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)
    return texts
