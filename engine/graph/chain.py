"""Edits of a chain of layers, as Keras's `Sequential` has them: add, insert, pop."""

from engine.errors import EngineError
from engine.graph.document import Edge, Graph, Layer, Node
from engine.graph.edits import add_edge, add_layer, add_node, remove_edge, remove_node
from engine.graph.identifiers import find_free
from engine.graph.topology import Topology


def list_chain(graph: Graph) -> list[str]:
    """The node ids of a chain from its first to its last. Raises `EngineError` `not_a_chain` where it is none."""
    topology = Topology(graph)
    order = topology.callable_order()
    plain = len(order) == len(graph.nodes) and all(
        [edge.source for edge in topology.incoming[node_id]] == order[max(index - 1, 0) : index]
        for index, node_id in enumerate(order)
    )
    if not plain:
        raise EngineError(
            "not_a_chain",
            "The graph is not a chain of layers, each with one edge to the next.",
            "Edit its nodes and edges instead.",
        )
    return order


def insert_layer(graph: Graph, layer: Layer, index: int | None = None) -> Graph:
    """The chain with a layer and a node that calls it at `index` (0 is the first; the last where it is None).

    Raises `EngineError`: `not_a_chain`; `conflict` where the layer's id is taken; `out_of_range`.
    """
    order = list_chain(graph)
    place = len(order) if index is None else index
    if not 0 <= place <= len(order):
        raise EngineError(
            "out_of_range",
            f"The chain has {len(order)} layers; there is no place {place} in it.",
            f"Take a place from 0 to {len(order)}.",
        )
    node = Node(id=find_free(layer.id, order), layer=layer.id)
    longer = add_node(add_layer(graph, layer), node)
    before, after = order[:place][-1:], order[place : place + 1]
    for edge in graph.edges:
        if [edge.target] == after:
            longer = remove_edge(longer, edge.id)
    for source, target in [*((one, node.id) for one in before), *((node.id, one) for one in after)]:
        longer = _link(longer, source, target)
    return _in_order(longer, [*order[:place], node.id, *order[place:]])


def pop_layer(graph: Graph, index: int = -1) -> Graph:
    """The chain without the layer at `index`, by default the last; its neighbours are connected.

    Raises `EngineError`: `not_a_chain`; `out_of_range` where there is no such layer.
    """
    order = list_chain(graph)
    if not -len(order) <= index < len(order):
        raise EngineError(
            "out_of_range",
            f"The chain has {len(order)} layers; there is none at {index}.",
            "Take a place that it has." if order else "Add a layer first.",
        )
    place = index % len(order)
    shorter = remove_node(graph, order[place])
    if 0 < place < len(order) - 1:
        shorter = _link(shorter, order[place - 1], order[place + 1])
    return shorter


def _link(graph: Graph, source: str, target: str) -> Graph:
    identifier = find_free(f"{source}_{target}"[:90], {edge.id for edge in graph.edges})
    return add_edge(graph, Edge(id=identifier, source=source, target=target))


def _in_order(graph: Graph, order: list[str]) -> Graph:
    """The document in the order of the chain, which is how a person reads it."""
    place = {node_id: index for index, node_id in enumerate(order)}
    nodes = sorted(graph.nodes, key=lambda node: place[node.id])
    first = {node.layer: place[node.id] for node in reversed(nodes)}
    layers = sorted(graph.layers, key=lambda layer: first.get(layer.id, len(order)))
    return graph.model_copy(update={"nodes": nodes, "layers": layers})
