"""Values and gradients of a graph's tensors, from nested lists to nested lists."""

from collections.abc import Sequence
from pathlib import Path

import keras
import tensorflow as tf

from engine.backend.fed_tensors import FedTensors, feed_tensors
from engine.backend.functions import CompiledFunction, function, gradients, image_data_format
from engine.backend.results import (
    FunctionRequest,
    FunctionResult,
    Gradient,
    GradientsRequest,
    GradientsResult,
    TensorValues,
    VariablesOf,
    WeightsUsed,
)
from engine.backend.values import refuse_too_many, write_values
from engine.errors import EngineError, GraphError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import Trace, trace_graph
from engine.models.explain import read_message
from engine.models.weight_changes import SEED, refuse_large_model
from engine.models.weight_sources import receive_weights
from engine.models.weights import apply_weights, list_weighted_layers


def compute_values(graph: Graph, weights: Path | None, request: FunctionRequest) -> FunctionResult:
    """The values of any tensors of the graph, computed from values of others.

    `weights` is a file with the weights (npz or one of Keras's own); layers that it does not fit, and all where it is
    None, get new ones, made with the same seed every time. Raises `GraphError` where the graph does not build or
    what was asked does not fit it, and `EngineError` where the weights cannot be read.
    """
    trace, used = build_traced(graph, weights)
    fed = feed_tensors(graph, trace, request)
    results = _run(function(fed.inputs, fed.outputs, training=request.training), fed)
    refuse_too_many(sum(_count(result) for result in results))
    outputs = [
        TensorValues(node=reference.node, output=reference.output, **write_values(result).model_dump())
        for reference, result in zip(request.outputs, results, strict=True)
    ]
    return FunctionResult(outputs=outputs, weights=used, image_data_format=image_data_format())


def compute_gradients(graph: Graph, weights: Path | None, request: GradientsRequest) -> GradientsResult:
    """The derivatives of the sum of the outputs with respect to weights, or to what is fed. Raises the same."""
    trace, used = build_traced(graph, weights)
    fed = feed_tensors(graph, trace, request)
    sources: Sequence[keras.Variable] | Sequence[int]
    if isinstance(request.with_respect_to, VariablesOf):
        layers = _find_layers(trace.model, request.with_respect_to.variables)
        sources = [variable for layer in layers for variable in layer.weights]
        named = [Gradient(layer=one.name, path=v.path, gradient=None) for one in layers for v in one.weights]
        refuse_too_many(sum(_count(variable) for variable in sources))
    else:
        sources = _find_fed(fed, request.with_respect_to.inputs)
        named = [Gradient(node=fed.places[i].node, output=fed.places[i].output, gradient=None) for i in sources]
    results = _run(gradients(fed.inputs, fed.outputs, sources, training=request.training), fed)
    found = [
        name if result is None else name.model_copy(update={"gradient": write_values(tf.convert_to_tensor(result))})
        for name, result in zip(named, results, strict=True)
    ]
    return GradientsResult(gradients=found, weights=used, image_data_format=image_data_format())


def build_traced(graph: Graph, weights: Path | None) -> tuple[Trace, WeightsUsed]:
    """The graph's model with its tensors by node, with weights, and where those came from."""
    refuse_large_model(graph)
    keras.utils.set_random_seed(SEED)
    with open_symbolic_scope() as scope:
        trace = trace_graph(graph, "model")
        scope.initialize_variables = True
    names = [layer.name for layer in list_weighted_layers(trace.model)]
    if weights is None:
        return trace, WeightsUsed(kind="new", new_layers=names, seed=SEED)
    received = receive_weights(trace.model, weights)
    apply_weights(trace.model, received.weights, strict=False)
    new = [name for name in names if name not in received.weights]
    kind = "stored" if not new else "partly_stored" if received.weights else "new"
    return trace, WeightsUsed(kind=kind, new_layers=new, seed=SEED)


def _run(compiled: CompiledFunction, fed: FedTensors) -> list[object]:
    """Keras and TensorFlow raise what they like where values do not suit a layer (an index beyond an embedding)."""
    try:
        return compiled(fed.values)
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, it comes from these values in this graph
        raise EngineError(
            "cannot_compute",
            f"The values cannot be computed: {read_message(error)[:1000]}",
            "Look at the values that are fed: their range, and how many samples each input has.",
        ) from error


def _count(tensor: object) -> int:
    size = 1
    for dimension in tensor.shape:  # type: ignore[attr-defined]
        size *= int(dimension)
    return size


def _find_layers(model: "keras.Model", names: list[str]) -> list["keras.layers.Layer"]:
    layers = {layer.name: layer for layer in list_weighted_layers(model)}
    unknown = [name for name in names if name not in layers]
    if unknown:
        message = f"The model has no layer {unknown[0]!r} with weights."
        hint = f"Its layers with weights are {', '.join(list(layers)[:20])}." if layers else None
        issue = Issue(code="unknown_layer", message=message, hint=hint, argument="with_respect_to.variables")
        raise GraphError("unknown_layer", message, hint, [issue])
    return [layers[name] for name in dict.fromkeys(names)]


def _find_fed(fed: FedTensors, nodes: list[str]) -> list[int]:
    places = [index for index, place in enumerate(fed.places) if place.node in nodes]
    missing = [node for node in nodes if node not in {place.node for place in fed.places}]
    if missing:
        message = f"Nothing is fed into the node {missing[0]!r}, so there is no gradient with respect to it."
        hint = "Give values for it in `inputs`; an inner node can be fed too."
        issue = Issue(code="not_fed", message=message, hint=hint, argument="with_respect_to.inputs")
        raise GraphError("not_fed", message, hint, [issue])
    return places
