"""What layers learned before a training, carried from one document to another. Imports no Keras."""

from pydantic import JsonValue

from engine.graph.document import Graph, Layer


def carry_learned(graph: Graph, before: Graph, after: Graph) -> Graph:
    """The graph with what layers learned from `before` to `after`, where it has them as they were before.

    Layers are told by name, class and config. What somebody has set or learned elsewhere stays.
    """
    if before == after:
        return graph
    learned = {
        (old.keras_name, old.class_name): (old, new)
        for old, new in zip(before.layers, after.layers, strict=True)
        if old != new
    }
    layers = [_carry(layer, learned.get((layer.keras_name, layer.class_name))) for layer in graph.layers]
    return graph.model_copy(update={"layers": layers})


def _carry(layer: Layer, pair: tuple[Layer, Layer] | None) -> Layer:
    if pair is None:
        return layer
    old, new = pair
    config: dict[str, JsonValue] = new.config if layer.config == old.config else layer.config
    inner = layer.graph
    if inner is not None and old.graph is not None and new.graph is not None:
        inner = carry_learned(inner, old.graph, new.graph)
    return layer.model_copy(update={"config": config, "graph": inner})
