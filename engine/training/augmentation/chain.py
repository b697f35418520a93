"""The preprocessing layers that stand in a row behind an input, and layers put into that row or taken out of it."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Group, Layer, Node, TensorReference
from engine.graph.edits import remove_node
from engine.graph.identifiers import FreeNames
from engine.graph.topology import Topology
from engine.layers.preprocessing import is_preprocessing

Piece = TypeVar("Piece", bound=Layer | Node)


def list_chain(graph: Graph, input_node: str) -> list[str]:
    """The nodes behind the input, in order, as long as each is a preprocessing layer and the only one that follows."""
    topology = Topology(graph)
    ends = {reference.node for reference in graph.outputs or []}
    chain: list[str] = []
    node_id = input_node
    while node_id not in ends and len(topology.outgoing[node_id]) == 1:
        edge = topology.outgoing[node_id][0]
        layer = topology.layer_of(edge.target)
        is_plain = edge.argument in (0, "inputs") and not edge.path and edge.output == 0
        if layer is None or not is_plain or not is_preprocessing(layer) or edge.target in chain:
            break
        if len(topology.incoming[edge.target]) != 1 or sum(one.layer == layer.id for one in graph.nodes) != 1:
            break
        chain.append(node_id := edge.target)
    return chain


def insert_after(
    graph: Graph, anchor: str, class_name: str, config: Mapping[str, JsonValue], wanted: str
) -> tuple[Graph, str]:
    """A new layer between a node and everything that follows it; its id is `wanted` where that is free.

    It joins the frame around the anchor, where there is one.
    """
    names = FreeNames(
        {piece.id for pieces in (graph.layers, graph.nodes, graph.groups, graph.notes) for piece in pieces}
        | {layer.keras_name for layer in graph.layers}
    )
    new = names.take(wanted)
    edge_id = FreeNames({edge.id for edge in graph.edges}).take(f"{anchor}_{new}"[:90])
    topology = Topology(graph)
    layer = Layer.model_validate({"id": new, "class_name": class_name, "config": config})
    edges = [edge.model_copy(update={"source": new}) if _leaves(edge, anchor) else edge for edge in graph.edges]
    is_input = topology.is_input(anchor)
    groups = [group if is_input or anchor not in group.nodes else _join(group, anchor, new) for group in graph.groups]
    changed = graph.model_copy(
        update={
            "layers": _put_behind(graph.layers, topology.nodes[anchor].layer, layer),
            "nodes": _put_behind(graph.nodes, anchor, Node(id=new, layer=new)),
            "edges": [*edges, Edge(id=edge_id, source=anchor, target=new)],
            "outputs": _move_outputs(graph.outputs, anchor, new) if not is_input else graph.outputs,
            "groups": groups,
        }
    )
    return changed, new


def take_out(graph: Graph, node_id: str) -> Graph:
    """The graph without a node of a chain: what came into it goes on to where its output went."""
    (arriving,) = (edge for edge in graph.edges if edge.target == node_id)
    edges = [
        edge.model_copy(update={"source": arriving.source, "output": arriving.output})
        if edge.source == node_id
        else edge
        for edge in graph.edges
        if edge.id != arriving.id
    ]
    outputs = _move_outputs(graph.outputs, node_id, arriving.source)
    return remove_node(graph.model_copy(update={"edges": edges, "outputs": outputs}), node_id)


def _leaves(edge: Edge, anchor: str) -> bool:
    return edge.source == anchor and edge.output == 0


def _put_behind(pieces: Sequence[Piece], anchor: str, new: Piece) -> list[Piece]:
    place = [piece.id for piece in pieces].index(anchor)
    return [*pieces[: place + 1], new, *pieces[place + 1 :]]


def _join(group: Group, anchor: str, new: str) -> Group:
    place = group.nodes.index(anchor)
    return group.model_copy(update={"nodes": [*group.nodes[: place + 1], new, *group.nodes[place + 1 :]]})


def _move_outputs(outputs: list[TensorReference] | None, before: str, after: str) -> list[TensorReference] | None:
    if outputs is None:
        return None
    return [one.model_copy(update={"node": after}) if one.node == before else one for one in outputs]
