"""The graph that a run trains: the one that was drawn, with what its preprocessing layers learn from the run's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np

from engine.graph.document import Graph, Layer
from engine.layers.learned import has_to_learn, has_unlearned, put_learned
from engine.layers.overlay import LEARNED_IN_WEIGHTS
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.npz import Array
from engine.models.unlearned import stand_in
from engine.models.weights import LayerWeights, read_weights
from engine.training.adapting import adapt_graph
from engine.training.config import RunConfig
from engine.training.describe_learned import list_learned
from engine.training.feeding import FedData
from engine.training.reporting import Reporter
from engine.training.splitting import count_samples, divide_rows

MODEL_NAME = "model"


def link_ends(graph: Graph) -> "keras.Model":
    """The model of the graph, to know its inputs and outputs by: without weights, and with stand-ins for what is not
    learned yet. Raises `GraphError`."""
    with open_symbolic_scope():
        return link_graph(stand_in(graph), MODEL_NAME)


def learn_from_data(
    graph: Graph, data: FedData, config: RunConfig, report: Reporter, weights: Path | None = None
) -> Graph:
    """The graph with what its preprocessing layers know at the start of a training; the same where they know it all.

    What the npz file with the starting weights says of them counts, the rest is learned from the samples that train
    the model (of one fold, where `data` is divided for that). The run's log says so.

    Raises:
        GraphError: a layer cannot be adapted (`cannot_adapt`), or the graph does not build.
        ConfigError: the data cannot be divided as the config says.
        EngineError: the weights cannot be read.
    """
    if not has_unlearned(graph):
        return graph
    known = graph if weights is None else take_learned(graph, read_weights(weights))
    count_samples(data, config.fit)
    rows, _ = divide_rows(data, config.fit)
    with _use_whole_precision():
        adapted = adapt_graph(known, data, rows)
    count = len(range(*rows.indices(data.samples))) if isinstance(rows, slice) else len(rows)
    for line in list_learned(graph, adapted):
        report.log(f"Fitted to {count:,} training samples: {line}")
    return adapted


@contextmanager
def _use_whole_precision() -> Iterator[None]:
    """Means and variances are not computed in 16 bits, whatever the model is trained in."""
    before = keras.config.dtype_policy()
    if before.compute_dtype != before.variable_dtype:
        keras.config.set_dtype_policy(before.variable_dtype)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def take_learned(graph: Graph, weights: LayerWeights) -> Graph:
    """The graph with what its layers learned where Keras keeps it in weights; new weights say nothing."""
    return graph.model_copy(update={"layers": [_take(one, weights.get(one.keras_name)) for one in graph.layers]})


def _take(layer: Layer, arrays: list[Array] | None) -> Layer:
    arguments = LEARNED_IN_WEIGHTS.get(layer.class_name, ())
    if not has_to_learn(layer) or not arguments or arrays is None or len(arrays) < len(arguments):
        return layer
    learned = dict(zip(arguments, arrays, strict=False))
    if all(np.all(array == array.flat[0]) and array.flat[0] in (0, 1) for array in learned.values()):
        return layer
    return put_learned(layer, {argument: array.tolist() for argument, array in learned.items()})
