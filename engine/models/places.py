"""Where the pieces of a Keras model stand in the document, however deeply its graphs are nested."""

from collections.abc import Iterator
from dataclasses import dataclass

import keras

from engine.graph.document import Graph, Layer
from engine.layers.arguments import find_layer_argument
from engine.models.instantiate import read_inner_graph


@dataclass(frozen=True)
class Place:
    """A layer of the document, the nodes that call it, and the layers that lead to its graph, the outermost first."""

    layer: Layer
    nodes: tuple[str, ...]
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What Keras made of a layer of the document: one of its layers or operations, in the model that has it."""

    place: Place
    operation: "keras.Operation"
    model: "keras.Model"


def list_places(graph: Graph, within: tuple[str, ...] = ()) -> Iterator[Place]:
    """The layers that are called, in document order; those of a nested graph after the layer that holds it."""
    for layer in graph.layers:
        nodes = tuple(node.id for node in graph.nodes if node.layer == layer.id)
        if nodes:
            yield Place(layer, nodes, within)
            if layer.graph is not None:
                yield from list_places(layer.graph, (*within, layer.id))


def find_operations(graph: Graph, model: "keras.Model", within: tuple[str, ...] = ()) -> Iterator[Found]:
    """What Keras made of every layer of the document that the model uses."""
    by_name = {operation.name: operation for operation in list_operations(model)}
    for layer in graph.layers:
        nodes = tuple(node.id for node in graph.nodes if node.layer == layer.id)
        operation = by_name.get(layer.keras_name)
        if operation is None or not nodes:
            continue
        yield Found(Place(layer, nodes, within), operation, model)
        if layer.graph is not None and (inner := find_inner_model(operation)) is not None:
            yield from find_operations(read_inner_graph(layer), inner, (*within, layer.id))


def find_inner_model(operation: "keras.Operation") -> "keras.Model | None":
    """The model that the layer is, or the one that it wraps."""
    if isinstance(operation, keras.Model):
        return operation
    kind: type = type(operation)
    argument = find_layer_argument(kind)
    inner = getattr(operation, argument, None) if argument else None
    return inner if isinstance(inner, keras.Model) else None


def list_operations(model: "keras.Model") -> list["keras.Operation"]:
    """The layers and operations of a model. A `Sequential` has layers only."""
    return list(model.layers if isinstance(model, keras.Sequential) else model.operations)
