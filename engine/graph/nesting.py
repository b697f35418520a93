"""Makes one layer of a part of a graph: the part becomes a graph of its own inside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.errors import EngineError
from engine.graph.document import Edge, Graph, Layer, Layout, Node, Position, TensorReference
from engine.graph.ends import keep_outputs
from engine.graph.identifiers import FreeNames
from engine.graph.topology import INPUT_LAYER, Topology

Piece = TypeVar("Piece", bound=Layer | Node)
End = tuple[str, int]
"""A tensor: a node and the number of its output."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """What a new input has to say of the tensor that will come in: its shape, the batch first, and its dtype."""

    shape: tuple[int | None, ...]
    dtype: str


def nest_nodes(
    graph: Graph,
    layout: Layout,
    node_ids: Sequence[str],
    name: str,
    tensors: Mapping[str, Sequence[TensorType]],
) -> tuple[Graph, Layout, str]:
    """The graph with the nodes moved into a new layer `name`, the layout, and the id of the new layer and its node.

    `tensors` are the outputs of each node, as a check tells them. Every tensor that goes into the part becomes an
    input of the inner graph, every one that comes out of it an output.

    Raises `EngineError`: `not_found` for a node that is not there; `cannot_nest` where an input of the model, only some
    of the calls of a shared layer, or a part that its own results come back to would be moved, or where nothing goes
    in; `unknown_shape` where no check knows what goes in.
    """
    part = _Part(graph, node_ids)
    part.refuse_unsuitable()
    layer_id = FreeNames([*part.topology.layers, *part.topology.nodes]).take(name)
    inner_layout, outer_layout = _divide_layout(layout, part, layer_id)
    holder = Layer(id=layer_id, class_name="Functional", graph=part.make_inner(tensors))
    outer = part.make_outer(holder)
    counts = {node_id: len(specs) for node_id, specs in tensors.items()} | {layer_id: len(part.leaving)}
    outer = keep_outputs(graph, outer, counts, lambda end: part.map_output(end, layer_id))
    return outer, outer_layout.model_copy(update={"nested": {**outer_layout.nested, layer_id: inner_layout}}), layer_id


class _Part:
    """The nodes that are to be moved, and the tensors that cross the border around them."""

    def __init__(self, graph: Graph, node_ids: Sequence[str]):
        self.graph = graph
        self.topology = Topology(graph)
        if missing := [node_id for node_id in node_ids if node_id not in self.topology.nodes]:
            raise EngineError("not_found", f"The graph has no node {missing[0]!r}.", "Take ids that it has.")
        self.nodes = set(node_ids)
        edges = self.topology.edges
        self.entering = [edge for edge in edges if edge.target in self.nodes and edge.source not in self.nodes]
        self.inside = [edge for edge in edges if edge.target in self.nodes and edge.source in self.nodes]
        self.leaving_edges = [edge for edge in edges if edge.source in self.nodes and edge.target not in self.nodes]
        self.sources: list[End] = list(dict.fromkeys((edge.source, edge.output) for edge in self.entering))
        self.leaving: list[End] = list(dict.fromkeys((edge.source, edge.output) for edge in self.leaving_edges))
        self.layers = {self.topology.nodes[node_id].layer for node_id in self.nodes}

    def refuse_unsuitable(self) -> None:
        if not self.nodes:
            raise EngineError("cannot_nest", "No node is named; expected at least one.", "Choose some nodes.")
        for node_id in self.nodes:
            if self.topology.is_input(node_id):
                raise _cannot_nest(f"Node {node_id!r} is an input of the model", "Leave the inputs outside.")
        for node in self.graph.nodes:
            if node.id not in self.nodes and node.layer in self.layers:
                raise _cannot_nest(
                    f"Layer {node.layer!r} is called by {node.id!r} too, outside of the part",
                    "Choose all calls of the layer, or give one of them a layer of its own.",
                )
        if not self.entering:
            raise _cannot_nest("Nothing goes into the part", "Connect it first.")
        after = self.topology.after([edge.target for edge in self.leaving_edges])
        for edge in self.entering:
            if edge.source in after:
                raise _cannot_nest(
                    f"The part's own results come back to it by node {edge.source!r}",
                    "Choose the nodes in between too.",
                )

    def make_inner(self, tensors: Mapping[str, Sequence[TensorType]]) -> Graph:
        layers = [layer for layer in self.graph.layers if layer.id in self.layers]
        nodes = [node for node in self.graph.nodes if node.id in self.nodes]
        names = FreeNames(
            [*self.layers, *self.nodes, *(layer.keras_name for layer in layers), *(edge.id for edge in self.inside)]
        )
        inputs = {end: self._make_input(end, names.take(f"{end[0]}_input"), tensors) for end in self.sources}
        entering = [
            edge.model_copy(update={"source": inputs[edge.source, edge.output].id, "output": 0})
            for edge in self.entering
        ]
        order = {edge.id: index for index, edge in enumerate(self.graph.edges)}
        self._add_ends(tensors)
        return Graph(
            layers=[*inputs.values(), *layers],
            nodes=[*(Node(id=layer.id, layer=layer.id) for layer in inputs.values()), *nodes],
            edges=sorted([*entering, *self.inside], key=lambda edge: order[edge.id]),
            inputs=[TensorReference(node=layer.id) for layer in inputs.values()],
            outputs=[TensorReference(node=node, output=output) for node, output in self.leaving],
            groups=[group for group in self.graph.groups if group.nodes and self.nodes.issuperset(group.nodes)],
        )

    def _add_ends(self, tensors: Mapping[str, Sequence[TensorType]]) -> None:
        """What leaves the model from inside the part has to leave the part as well."""
        if self.graph.outputs is not None:
            ends = [(r.node, r.output) for r in self.graph.outputs if r.node in self.nodes]
        else:
            last = [node_id for node_id in self.topology.output_nodes() if node_id in self.nodes]
            ends = [(node_id, index) for node_id in last for index in range(len(tensors.get(node_id, [None])))]
        self.leaving = list(dict.fromkeys([*self.leaving, *ends]))

    @staticmethod
    def _make_input(end: End, name: str, tensors: Mapping[str, Sequence[TensorType]]) -> Layer:
        node, output = end
        known = tensors.get(node, ())
        if output >= len(known):
            raise EngineError(
                "unknown_shape",
                f"The shape of output {output} of node {node!r}, which goes into the part, is not known.",
                "Mend the issues of the nodes before the part first.",
            )
        batch, *shape = known[output].shape or (None,)
        size = {"shape": shape} if batch is None else {"batch_shape": [batch, *shape]}
        return Layer(id=name, class_name=INPUT_LAYER, config={**size, "dtype": known[output].dtype})

    def make_outer(self, holder: Layer) -> Graph:
        several = len(self.sources) > 1
        names = FreeNames([edge.id for edge in self.graph.edges])
        into = [
            Edge(
                id=names.take(f"{holder.id}_{index}"),
                source=source,
                output=output,
                target=holder.id,
                path=[index] if several else [],
            )
            for index, (source, output) in enumerate(self.sources)
        ]
        edges = [*into]
        for edge in self.graph.edges:
            if edge.source in self.nodes and edge.target not in self.nodes:
                index = self.leaving.index((edge.source, edge.output))
                edges.append(edge.model_copy(update={"source": holder.id, "output": index}))
            elif edge.target not in self.nodes:
                edges.append(edge)
        return self.graph.model_copy(
            update={
                "layers": _put_at_first(self.graph.layers, self.layers, holder),
                "nodes": _put_at_first(self.graph.nodes, self.nodes, Node(id=holder.id, layer=holder.id)),
                "edges": edges,
                "groups": [
                    group.model_copy(update={"nodes": _swap(group.nodes, self.nodes, holder.id)})
                    for group in self.graph.groups
                    if not group.nodes or not self.nodes.issuperset(group.nodes)
                ],
            }
        )

    def map_output(self, end: End, holder: str) -> End:
        return (holder, self.leaving.index(end)) if end[0] in self.nodes else end


def _put_at_first(pieces: Sequence[Piece], gone: set[str], new: Piece) -> list[Piece]:
    """The pieces with the new one where the first of those that go has been."""
    first = next(index for index, piece in enumerate(pieces) if piece.id in gone)
    kept = [piece for piece in pieces if piece.id not in gone]
    return [*kept[:first], new, *kept[first:]]


def _swap(node_ids: Iterable[str], gone: set[str], new: str) -> list[str]:
    return list(dict.fromkeys(new if node_id in gone else node_id for node_id in node_ids))


def _divide_layout(layout: Layout, part: _Part, layer_id: str) -> tuple[Layout, Layout]:
    """The layouts of the part and of the rest; the new layer stands in the middle of where its nodes were."""
    inside = {node_id: place for node_id, place in layout.positions.items() if node_id in part.nodes}
    outside = {node_id: place for node_id, place in layout.positions.items() if node_id not in part.nodes}
    if inside:
        places = inside.values()
        outside[layer_id] = Position(
            x=sum(place.x for place in places) / len(places), y=sum(place.y for place in places) / len(places)
        )
    within = {layer: one for layer, one in layout.nested.items() if layer in part.layers}
    without = {layer: one for layer, one in layout.nested.items() if layer not in part.layers}
    return Layout(positions=inside, nested=within), Layout(positions=outside, nested=without)


def _cannot_nest(reason: str, hint: str) -> EngineError:
    return EngineError("cannot_nest", f"The part cannot be made a layer: {reason}.", hint)
