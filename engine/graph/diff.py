"""The comparison of two graphs: what is new, gone, changed, and connected in another way."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from engine.graph.differences import (
    EdgeChange,
    EndsChange,
    GraphDiff,
    LayerChange,
    NodeChange,
    NodeMatch,
    TensorEnd,
    ValueChange,
)
from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.matching import Matching, match_graphs
from engine.graph.remark_changes import compare_groups, compare_notes
from engine.graph.topology import Topology
from engine.graph.value_changes import compare_objects, compare_values

MAX_DEPTH = 16
"""Graphs that are nested deeper are compared as a whole."""

Place = tuple[str, str, tuple[int | str, ...]]
"""A node of the later graph (or a gone one of the earlier), an argument of its call, and the place inside that."""


def compare_graphs(before: Graph, after: Graph) -> GraphDiff:
    """What has to be done to the graph `before` to get `after`. Positions on the canvas and ids do not matter."""
    return _Comparison(before, after, 0).run()


class _Comparison:
    """Two graphs, and which of their pieces are the same ones."""

    def __init__(self, before: Graph, after: Graph, depth: int):
        self.before = Topology(before)
        self.after = Topology(after)
        self.depth = depth
        self.matching: Matching = match_graphs(before, after)

    def run(self) -> GraphDiff:
        before, after = self.before.graph, self.after.graph
        found = GraphDiff(
            same=False,
            settings=[
                *compare_values("class", before.class_name, after.class_name),
                *compare_values("name", before.name, after.name),
            ],
            layers=list(self._compare_layers()),
            nodes=list(self._compare_nodes()),
            edges=list(self._compare_edges()),
            inputs=self._compare_ends(lambda topology: topology.inputs()),
            outputs=self._compare_ends(_list_outputs),
            groups=list(compare_groups(before.groups, after.groups, self.matching.nodes)),
            notes=list(compare_notes(before.notes, after.notes)),
            matched=[NodeMatch(before=old, after=new) for old, new in self.matching.nodes.items()],
        )
        return found.model_copy(update={"same": found == GraphDiff(same=False, matched=found.matched)})

    def _compare_layers(self) -> Iterator[LayerChange]:
        partner = {new: old for old, new in self.matching.layers.items()}
        for layer in self.before.layers.values():
            if layer.id not in self.matching.layers:
                yield LayerChange(
                    kind="removed", before=layer.id, after=None, name=layer.keras_name, class_name=layer.class_name
                )
        for layer in self.after.layers.values():
            if layer.id not in partner:
                yield LayerChange(
                    kind="added", before=None, after=layer.id, name=layer.keras_name, class_name=layer.class_name
                )
            elif (change := self._compare_layer(self.before.layers[partner[layer.id]], layer)) is not None:
                yield change

    def _compare_layer(self, before: Layer, after: Layer) -> LayerChange | None:
        nested = self._compare_nested(before.graph, after.graph)
        changes = [
            *compare_values("class", _spell_class(before), _spell_class(after)),
            *compare_values("name", before.keras_name, after.keras_name),
            *compare_values("trainable", before.trainable, after.trainable),
            *compare_values("code", before.code, after.code),
            *([] if nested else compare_values("graph", _spell_graph(before.graph), _spell_graph(after.graph))),
            *compare_objects("argument", before.config, after.config),
        ]
        if not changes and (nested is None or nested.same):
            return None
        return LayerChange(
            kind="changed",
            before=before.id,
            after=after.id,
            name=after.keras_name,
            class_name=after.class_name,
            changes=changes,
            nested=None if nested is None or nested.same else nested,
        )

    def _compare_nested(self, before: Graph | None, after: Graph | None) -> GraphDiff | None:
        if before is None or after is None or self.depth >= MAX_DEPTH:
            return None
        return _Comparison(before, after, self.depth + 1).run()

    def _compare_nodes(self) -> Iterator[NodeChange]:
        partner = {new: old for old, new in self.matching.nodes.items()}
        for node in self.before.nodes.values():
            if node.id not in self.matching.nodes:
                name, class_name = _name_node(self.before, node.id)
                yield NodeChange(kind="removed", before=node.id, after=None, name=name, class_name=class_name)
        for node in self.after.nodes.values():
            name, class_name = _name_node(self.after, node.id)
            old = partner.get(node.id)
            if old is None:
                yield NodeChange(kind="added", before=None, after=node.id, name=name, class_name=class_name)
            elif changes := self._compare_node(self.before.nodes[old], node):
                yield NodeChange(
                    kind="changed", before=old, after=node.id, name=name, class_name=class_name, changes=changes
                )

    def _compare_node(self, before: Node, after: Node) -> list[ValueChange]:
        changes = list(compare_objects("call_argument", before.arguments, after.arguments))
        if self.matching.layers.get(before.layer, before.layer) != after.layer:
            old, new = _name_node(self.before, before.id)[0], _name_node(self.after, after.id)[0]
            changes.append(ValueChange(aspect="layer", kind="changed", before=old, after=new))
        return changes

    def _compare_edges(self) -> Iterator[EdgeChange]:
        old: defaultdict[Place, list[Edge]] = defaultdict(list)
        new: defaultdict[Place, list[Edge]] = defaultdict(list)
        for edge in self.before.edges:
            old[self._move(edge.target), str(edge.argument), tuple(edge.path)].append(edge)
        for edge in self.after.edges:
            new[edge.target, str(edge.argument), tuple(edge.path)].append(edge)
        for place in dict.fromkeys([*old, *new]):
            gone, come = list(old.get(place, [])), list(new.get(place, []))
            for edge in list(come):
                same = next((one for one in gone if self._is_same_source(one, edge)), None)
                if same is not None:
                    gone.remove(same)
                    come.remove(edge)
            for index in range(max(len(gone), len(come))):
                yield self._describe_edge(gone[index : index + 1], come[index : index + 1])

    def _move(self, node_id: str) -> str:
        """The node's id in the later graph; one that no node there can have where it is gone."""
        gone = f"{node_id} (gone)" if node_id in self.before.nodes else node_id
        return self.matching.nodes.get(node_id, gone)

    def _is_same_source(self, before: Edge, after: Edge) -> bool:
        return self._move(before.source) == after.source and before.output == after.output

    def _describe_edge(self, gone: Sequence[Edge], come: Sequence[Edge]) -> EdgeChange:
        topology, edge = (self.after, come[0]) if come else (self.before, gone[0])
        return EdgeChange(
            kind="changed" if gone and come else "added" if come else "removed",
            target=self.matching.nodes.get(edge.target, edge.target) if not come else edge.target,
            target_name=_name_node(topology, edge.target)[0],
            argument=str(edge.argument),
            path=[str(step) for step in edge.path],
            before=_describe_end(self.before, gone[0].source, gone[0].output) if gone else None,
            after=_describe_end(self.after, come[0].source, come[0].output) if come else None,
        )

    def _compare_ends(self, read: Callable[[Topology], list[TensorReference]]) -> EndsChange | None:
        old, new = read(self.before), read(self.after)
        if [(self._move(one.node), one.output) for one in old] == [(one.node, one.output) for one in new]:
            return None
        return EndsChange(
            before=[_describe_end(self.before, one.node, one.output) for one in old],
            after=[_describe_end(self.after, one.node, one.output) for one in new],
        )


def _list_outputs(topology: Topology) -> list[TensorReference]:
    """The outputs that the document names, or the last nodes, where it names none."""
    if topology.graph.outputs is not None:
        return topology.graph.outputs
    return [TensorReference(node=node_id) for node_id in topology.output_nodes()]


def _describe_end(topology: Topology, node_id: str, output: int) -> TensorEnd:
    return TensorEnd(node=node_id, name=_name_node(topology, node_id)[0], output=output)


def _name_node(topology: Topology, node_id: str) -> tuple[str, str]:
    """The name and the class of the layer that a node calls; the bare ids where the document lacks them."""
    node = topology.nodes.get(node_id)
    layer = topology.layers.get(node.layer) if node else None
    return (layer.keras_name, layer.class_name) if layer else (node_id, "unknown layer")


def _spell_class(layer: Layer) -> str:
    return f"{layer.package}.{layer.class_name}" if layer.package else layer.class_name


def _spell_graph(graph: Graph | None) -> str | None:
    return None if graph is None else graph.model_dump_json(exclude_defaults=True)
