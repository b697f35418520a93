"""Edits of a graph piece by piece. Each takes a graph and answers a new one; what it was given stays as it is."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.errors import EngineError
from engine.graph.document import Edge, Graph, Layer, Node, Part, TensorReference

Piece = TypeVar("Piece", bound=Layer | Node | Edge)
Model = TypeVar("Model", bound=BaseModel)
Changes = Mapping[str, object]

MERGED_FIELDS = {"config", "arguments"}
"""Fields that a change adds to, key by key; every other field is replaced."""


def add_layer(graph: Graph, layer: Layer) -> Graph:
    """The graph with one more layer. Raises `EngineError` `conflict` where it has one with this id."""
    return _replace(graph, layers=_append(graph.layers, layer))


def update_layer(graph: Graph, layer_id: str, changes: Changes) -> Graph:
    """The graph with some fields of a layer changed. Raises `EngineError` `not_found` or `invalid_change`."""
    return _replace(graph, layers=_update(graph.layers, layer_id, "layer", changes))


def remove_layer(graph: Graph, layer_id: str) -> Graph:
    """The graph without a layer, the nodes that call it, and their edges. Raises `EngineError` `not_found`."""
    _find(graph.layers, layer_id, "layer")
    without_nodes = _drop_nodes(graph, {node.id for node in graph.nodes if node.layer == layer_id})
    return _replace(without_nodes, layers=[layer for layer in graph.layers if layer.id != layer_id])


def add_node(graph: Graph, node: Node) -> Graph:
    """The graph with one more call of a layer.

    Raises `EngineError` `conflict` where it has a node with this id, `not_found` where it has no such layer.
    """
    _find(graph.layers, node.layer, "layer")
    return _replace(graph, nodes=_append(graph.nodes, node))


def update_node(graph: Graph, node_id: str, changes: Changes) -> Graph:
    """The graph with some fields of a node changed. Raises `EngineError` `not_found` or `invalid_change`."""
    nodes = _update(graph.nodes, node_id, "node", changes)
    _find(graph.layers, _find(nodes, node_id, "node").layer, "layer")
    return _replace(graph, nodes=nodes)


def remove_node(graph: Graph, node_id: str) -> Graph:
    """The graph without a node and its edges, and without its layer where no other node calls that one.

    Raises `EngineError` `not_found`.
    """
    layer_id = _find(graph.nodes, node_id, "node").layer
    smaller = _drop_nodes(graph, {node_id})
    if any(node.layer == layer_id for node in smaller.nodes):
        return smaller
    return _replace(smaller, layers=[layer for layer in smaller.layers if layer.id != layer_id])


def add_edge(graph: Graph, edge: Edge) -> Graph:
    """The graph with one more edge.

    Raises `EngineError` `conflict` where it has an edge with this id, `not_found` where an end is not a node.
    """
    _find_ends(graph, edge)
    return _replace(graph, edges=_append(graph.edges, edge))


def update_edge(graph: Graph, edge_id: str, changes: Changes) -> Graph:
    """The graph with some fields of an edge changed. Raises `EngineError` `not_found` or `invalid_change`."""
    edges = _update(graph.edges, edge_id, "edge", changes)
    _find_ends(graph, _find(edges, edge_id, "edge"))
    return _replace(graph, edges=edges)


def remove_edge(graph: Graph, edge_id: str) -> Graph:
    """The graph without an edge. Where it filled a place of a list, the later ones of the list move up.

    Raises `EngineError` `not_found`.
    """
    edge = _find(graph.edges, edge_id, "edge")
    left = [other for other in graph.edges if other.id != edge_id]
    return _replace(graph, edges=left if _has_inputs_of_its_own(graph, edge.target) else _close_gap(left, edge))


def _drop_nodes(graph: Graph, gone: set[str]) -> Graph:
    """The graph without these nodes and everything that names them. An end of the model with none left is derived."""
    edges = graph.edges
    for edge in graph.edges:
        if edge.source in gone or edge.target in gone:
            left = [other for other in edges if other.id != edge.id]
            edges = left if _has_inputs_of_its_own(graph, edge.target) else _close_gap(left, edge)
    return _replace(
        graph,
        nodes=[node for node in graph.nodes if node.id not in gone],
        edges=edges,
        inputs=_keep_references(graph.inputs, gone),
        outputs=_keep_references(graph.outputs, gone),
        groups=[
            group.model_copy(update={"nodes": [node_id for node_id in group.nodes if node_id not in gone]})
            for group in graph.groups
        ],
    )


def _keep_references(references: list[TensorReference] | None, gone: set[str]) -> list[TensorReference] | None:
    kept = [reference for reference in references or [] if reference.node not in gone]
    return kept or (None if references else references)


def _has_inputs_of_its_own(graph: Graph, node_id: str) -> bool:
    """Whether the node calls a model: the places of its list are that model's inputs, each of which keeps its own."""
    layers = {layer.id: layer for layer in graph.layers}
    layer = next((layers.get(node.layer) for node in graph.nodes if node.id == node_id), None)
    return layer is not None and layer.graph is not None


def _close_gap(edges: list[Edge], removed: Edge) -> list[Edge]:
    """The edges, with those behind the removed one in the same list one place nearer to its start."""
    if not removed.path or not isinstance(place := removed.path[-1], int):
        return edges
    before = removed.path[:-1]
    depth = len(before)

    def find_place(edge: Edge) -> int | None:
        same = (edge.target, edge.argument, edge.path[:depth]) == (removed.target, removed.argument, before)
        step = edge.path[depth] if same and len(edge.path) > depth else None
        return step if isinstance(step, int) else None

    places = [find_place(edge) for edge in edges]
    if place in places:
        return edges
    return [
        edge
        if index is None or index < place
        else edge.model_copy(update={"path": [*before, index - 1, *edge.path[depth + 1 :]]})
        for edge, index in zip(edges, places, strict=True)
    ]


def _find(pieces: Sequence[Piece], identifier: str, kind: str) -> Piece:
    for piece in pieces:
        if piece.id == identifier:
            return piece
    raise EngineError("not_found", f"The graph has no {kind} {identifier!r}.", "Take an id that it has.")


def _find_ends(graph: Graph, edge: Edge) -> None:
    _find(graph.nodes, edge.source, "node")
    _find(graph.nodes, edge.target, "node")


def _append(pieces: list[Piece], piece: Piece) -> list[Piece]:
    if any(other.id == piece.id for other in pieces):
        kind = type(piece).__name__.lower()
        raise EngineError("conflict", f"The graph already has a {kind} {piece.id!r}.", "Take an id that is free.")
    return [*pieces, piece]


def _update(pieces: list[Piece], identifier: str, kind: str, changes: Changes) -> list[Piece]:
    old = _find(pieces, identifier, kind)
    fields: dict[str, object] = dict(old)
    for name, value in changes.items():
        before = fields.get(name)
        if name in MERGED_FIELDS and isinstance(before, Mapping) and isinstance(value, Mapping):
            fields[name] = {**before, **value}
        else:
            fields[name] = value
    if fields["id"] != identifier:
        raise EngineError("invalid_change", f"The id {identifier!r} cannot be changed.", "Add a piece with the new id.")
    new = _validate(type(old), fields)
    return [new if piece is old else piece for piece in pieces]


def _replace(graph: Graph, **fields: Sequence[Part] | None) -> Graph:
    return _validate(Graph, {**dict(graph), **fields})


def _validate(model: type[Model], fields: Mapping[str, object]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise EngineError("invalid_change", f"The change of {place} is not possible: {first['msg']}.") from error
