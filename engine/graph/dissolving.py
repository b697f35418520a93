"""Takes a layer that holds a graph apart: its layers and nodes move into the graph around it."""

from collections.abc import Mapping

from engine.errors import EngineError
from engine.graph.document import Edge, Graph, Group, Layer, Layout, Node, Position
from engine.graph.ends import End, keep_outputs, list_outputs
from engine.graph.identifiers import FreeNames
from engine.graph.topology import Topology

MODEL_CLASSES = {"Functional", "Sequential", "Model"}

Counts = Mapping[str, int]
"""How many outputs a node has; 1 where it is not named."""


def dissolve_layer(
    graph: Graph, layout: Layout, layer_id: str, outer_counts: Counts, inner_counts: Counts
) -> tuple[Graph, Layout]:
    """The graph and the layout without the layer: every node that called it becomes the nodes of its graph.

    Where several nodes called it, its layers are shared between them afterwards, as their weights were before. Names
    that are taken already get a number.

    Raises `EngineError`: `not_found`; `cannot_dissolve` for a layer that holds no graph or wraps one, whose calls have
    arguments beside the inputs, or whose calls are not connected to all inputs.
    """
    layer = next((one for one in graph.layers if one.id == layer_id), None)
    if layer is None:
        raise EngineError("not_found", f"The graph has no layer {layer_id!r}.", "Take an id that it has.")
    if layer.graph is None:
        raise _cannot_dissolve(layer, "it holds no graph", "Choose a layer that is a model.")
    if layer.class_name not in MODEL_CLASSES:
        raise _cannot_dissolve(layer, f"{layer.class_name} does more than to call its graph", "Open it instead.")
    return _Dissolving(graph, layout, layer, layer.graph, outer_counts, inner_counts).run()


class _Dissolving:
    """One layer being taken apart."""

    def __init__(
        self, graph: Graph, layout: Layout, layer: Layer, inner: Graph, outer_counts: Counts, inner_counts: Counts
    ):
        self.graph = graph
        self.layout = layout
        self.layer = layer
        self.inner = inner
        self.outer_counts = outer_counts
        self.topology = Topology(graph)
        self.inner_topology = Topology(inner)
        self.inputs = [reference.node for reference in self.inner_topology.inputs()]
        self.outputs = list_outputs(inner, inner_counts)
        self.counts: dict[str, int] = dict(outer_counts)
        self.inner_counts = inner_counts
        self.moved_layers = self._rename_layers()
        self.node_ids = FreeNames([*self.topology.nodes, *(note.id for note in graph.notes)])
        self.edge_ids = FreeNames([edge.id for edge in graph.edges])
        self.moved: dict[End, End] = {}
        """Where each tensor of a call of the layer is now."""
        self.positions = dict(layout.positions)

    def run(self) -> tuple[Graph, Layout]:
        calls = [node for node in self.graph.nodes if node.layer == self.layer.id]
        pieces = {node.id: self._unfold(node) for node in calls}
        nodes = [new for node in self.graph.nodes for new in (pieces[node.id][0] if node.id in pieces else [node])]
        edges = [edge for edge in self.graph.edges if edge.target not in pieces]
        edges = [self._move_source(edge) for edge in [*edges, *(one for _, new, _ in pieces.values() for one in new)]]
        place = self.graph.layers.index(self.layer)
        after = self.graph.model_copy(
            update={
                "layers": [*self.graph.layers[:place], *self.moved_layers.values(), *self.graph.layers[place + 1 :]],
                "nodes": nodes,
                "edges": edges,
                "groups": [self._widen(group, pieces) for group in self.graph.groups],
            }
        )
        after = keep_outputs(self.graph, after, self.counts, self._follow)
        return after, self._lay_out()

    def _rename_layers(self) -> dict[str, Layer]:
        """Every inner layer but the inputs by its old id, with an id and a name that are free outside."""
        inputs = {self.inner_topology.nodes[node_id].layer for node_id in self.inputs}
        others = [one for one in self.graph.layers if one.id != self.layer.id]
        ids = FreeNames([one.id for one in others])
        names = FreeNames([one.keras_name for one in others])
        moved = {}
        for one in self.inner.layers:
            if one.id not in inputs:
                new, name = ids.take(one.id), names.take(one.keras_name)
                trainable = one.trainable and self.layer.trainable
                update = {"id": new, "name": None if name == new else name, "trainable": trainable}
                moved[one.id] = one.model_copy(update=update)
        return moved

    def _unfold(self, node: Node) -> tuple[list[Node], list[Edge], dict[str, str]]:
        """The nodes and edges that take the place of one call."""
        sources = self._find_sources(node)
        ids = {one.id: self.node_ids.take(one.id) for one in self.inner.nodes if one.id not in self.inputs}
        for old, new in ids.items():
            self.counts[new] = self.inner_counts.get(old, 1)

        def find(end: End) -> End:
            return sources[end[0]] if end[0] in sources else (ids[end[0]], end[1])

        nodes = [
            one.model_copy(update={"id": ids[one.id], "layer": self.moved_layers[one.layer].id})
            for one in self.inner.nodes
            if one.id in ids
        ]
        edges = []
        for edge in self.inner_topology.edges:
            source, output = find((edge.source, edge.output))
            update = {"id": self.edge_ids.take(edge.id), "source": source, "output": output, "target": ids[edge.target]}
            edges.append(edge.model_copy(update=update))
        for index, end in enumerate(self.outputs):
            self.moved[node.id, index] = find(end)
        self._place(node, ids)
        return nodes, edges, ids

    def _find_sources(self, node: Node) -> dict[str, End]:
        """The tensor that each input of the inner graph gets from this call."""
        if node.arguments:
            name = next(iter(node.arguments))
            raise _cannot_dissolve(self.layer, f"node {node.id!r} calls it with {name!r}", "Take the argument out.")
        found: dict[str, End] = {}
        for edge in self.topology.incoming[node.id]:
            place = edge.path[0] if edge.path else 0
            is_plain = str(edge.argument) in {"0", "inputs"} and len(edge.path) <= 1
            if not is_plain or not isinstance(place, int) or place >= len(self.inputs):
                reason = f"edge {edge.id!r} goes to argument {edge.argument!r} of its call"
                raise _cannot_dissolve(self.layer, reason, "Connect only its inputs.")
            if self.inputs[place] in found:
                reason = f"several edges go to its input {self.inputs[place]!r} at node {node.id!r}"
                raise _cannot_dissolve(self.layer, reason, "Keep one of them.")
            found[self.inputs[place]] = (edge.source, edge.output)
        if missing := [name for name in self.inputs if name not in found]:
            reason = f"nothing goes to its input {missing[0]!r} at node {node.id!r}"
            raise _cannot_dissolve(self.layer, reason, "Connect all inputs first.")
        return found

    def _follow(self, end: End) -> End:
        """Where a tensor is now: one call of the layer may have been fed by another."""
        seen: set[End] = set()
        while end in self.moved and end not in seen:
            seen.add(end)
            end = self.moved[end]
        return end

    def _move_source(self, edge: Edge) -> Edge:
        source, output = self._follow((edge.source, edge.output))
        return edge.model_copy(update={"source": source, "output": output})

    def _widen(self, group: Group, pieces: Mapping[str, tuple[list[Node], list[Edge], dict[str, str]]]) -> Group:
        nodes = [new for old in group.nodes for new in (pieces[old][2].values() if old in pieces else [old])]
        return group.model_copy(update={"nodes": nodes})

    def _place(self, node: Node, ids: Mapping[str, str]) -> None:
        """Puts the inner nodes as they stood to each other, their middle where the call was."""
        inner = self.layout.nested.get(self.layer.id, Layout()).positions
        known = {old: inner[old] for old in ids if old in inner}
        centre = self.positions.pop(node.id, None)
        if not known or centre is None:
            return
        x = sum(place.x for place in known.values()) / len(known)
        y = sum(place.y for place in known.values()) / len(known)
        for old, place in known.items():
            self.positions[ids[old]] = Position(x=centre.x + place.x - x, y=centre.y + place.y - y)

    def _lay_out(self) -> Layout:
        inner = self.layout.nested.get(self.layer.id, Layout()).nested
        nested = {name: one for name, one in self.layout.nested.items() if name != self.layer.id}
        moved = {self.moved_layers[name].id: one for name, one in inner.items() if name in self.moved_layers}
        return Layout(positions=self.positions, nested=nested | moved)


def _cannot_dissolve(layer: Layer, reason: str, hint: str) -> EngineError:
    return EngineError("cannot_dissolve", f"Layer {layer.id!r} cannot be taken apart: {reason}.", hint)
