"""Layers frozen and unfrozen: some nodes' own, or with them everything back to the inputs."""

from collections.abc import Collection

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.graph.topology import Topology


def set_trainable(graph: Graph, nodes: Collection[str], *, trainable: bool, with_ancestors: bool = False) -> Graph:
    """The graph with `trainable` set on the layers that these nodes call; what it was given stays as it is.

    A group's id stands for the nodes in it. `with_ancestors` takes along all layers that the nodes depend on. A layer
    that several nodes call is one layer: it is frozen wherever it is called. Raises `EngineError` `not_found`.
    """
    topology = Topology(graph)
    groups = {group.id: group.nodes for group in graph.groups}
    chosen: list[str] = []
    for identifier in nodes:
        if identifier in topology.nodes:
            chosen.append(identifier)
        elif identifier in groups:
            chosen.extend(node for node in groups[identifier] if node in topology.nodes)
        else:
            raise EngineError(
                "not_found", f"The graph has no node and no group {identifier!r}.", "Take an id that it has."
            )
    reached = topology.before(chosen) if with_ancestors else set(chosen)
    layer_ids = {topology.nodes[node].layer for node in reached}
    layers = [
        layer.model_copy(update={"trainable": trainable})
        if layer.id in layer_ids and layer.trainable != trainable
        else layer
        for layer in graph.layers
    ]
    return graph.model_copy(update={"layers": layers})
