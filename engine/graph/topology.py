"""The order in which nodes can be called, and which tensors enter and leave the graph."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference

INPUT_LAYER = "InputLayer"


class Topology:
    """An index over one graph: by id, by direction, in order. Edges with a missing end are left out of it."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.layers: dict[str, Layer] = {layer.id: layer for layer in graph.layers}
        self.nodes: dict[str, Node] = {node.id: node for node in graph.nodes}
        self.edges: list[Edge] = [e for e in graph.edges if e.source in self.nodes and e.target in self.nodes]
        self.incoming: dict[str, list[Edge]] = {node_id: [] for node_id in self.nodes}
        self.outgoing: dict[str, list[Edge]] = {node_id: [] for node_id in self.nodes}
        for edge in self.edges:
            self.incoming[edge.target].append(edge)
            self.outgoing[edge.source].append(edge)

        inputs = {layer.id for layer in self.layers.values() if layer.class_name == INPUT_LAYER}
        self._input_nodes = {node.id for node in self.nodes.values() if node.layer in inputs}

    def layer_of(self, node_id: str) -> Layer | None:
        """The layer that the node calls; None where the document does not have it."""
        return self.layers.get(self.nodes[node_id].layer)

    def is_input(self, node_id: str) -> bool:
        """Whether the node stands for an input of the model."""
        return node_id in self._input_nodes

    def order(self) -> list[str]:
        """All node ids, each after the nodes that it depends on: the document's order where it is such a one.

        Nodes that call one layer keep their document order among themselves wherever the edges allow it.
        Raises `graphlib.CycleError` where the graph has a cycle; its second argument lists the nodes on it.
        """
        if self._is_ordered:
            return list(self.nodes)
        sorter = self._sorter(self.nodes)
        sorter.prepare()
        return self._drain(sorter)

    def callable_order(self) -> list[str]:
        """The order of all nodes that are neither on a cycle nor after one."""
        return list(self._callable_order)

    @cached_property
    def _callable_order(self) -> list[str]:
        if self._is_ordered:
            return list(self.nodes)
        sorter = self._sorter(self.nodes)
        with suppress(CycleError):
            sorter.prepare()
        return self._drain(sorter)

    @cached_property
    def _is_ordered(self) -> bool:
        """Whether each node stands after those that it depends on, as in most documents: then nothing is to sort."""
        place = {node_id: number for number, node_id in enumerate(self.nodes)}
        return all(place[edge.source] < place[edge.target] for edge in self.edges)

    def cycle(self) -> list[str]:
        """The node ids on one cycle, empty where there is none."""
        return next(self.cycles(1), [])

    def cycles(self, limit: int) -> Iterator[list[str]]:
        """Up to `limit` cycles without a node in common, each as its node ids in the direction of the edges."""
        if len(self._callable_order) == len(self.nodes):
            return
        remaining = dict.fromkeys(self.nodes)
        for _ in range(limit):
            try:
                self._sorter(remaining).prepare()
            except CycleError as error:
                cycle: list[str] = error.args[1][:-1]
                for node_id in cycle:
                    del remaining[node_id]
                yield cycle
            else:
                return

    def _sorter(self, among: Collection[str]) -> "TopologicalSorter[str]":
        return TopologicalSorter({n: [e.source for e in self.incoming[n] if e.source in among] for n in among})

    def _drain(self, sorter: "TopologicalSorter[str]") -> list[str]:
        position = {node_id: index for index, node_id in enumerate(self.nodes)}
        ordered: list[str] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=position.__getitem__)
            ordered.extend(ready)
            sorter.done(*ready)
        return ordered

    def after(self, node_ids: list[str]) -> set[str]:
        """The given nodes and all that depend on them."""
        return self._reach(node_ids, lambda node_id: [edge.target for edge in self.outgoing[node_id]])

    def before(self, node_ids: list[str]) -> set[str]:
        """The given nodes and all that they depend on."""
        return self._reach(node_ids, lambda node_id: [edge.source for edge in self.incoming[node_id]])

    def inputs(self) -> list[TensorReference]:
        """The model's inputs: as the document says or, where it does not, every `InputLayer` node in document order."""
        if self.graph.inputs is not None:
            return self.graph.inputs
        return [TensorReference(node=node_id) for node_id in self.nodes if self.is_input(node_id)]

    def output_nodes(self) -> list[str]:
        """The nodes whose tensors leave the model, in order, each once."""
        if self.graph.outputs is not None:
            return list(dict.fromkeys(r.node for r in self.graph.outputs if r.node in self.nodes))
        return [node_id for node_id in self.nodes if not self.outgoing[node_id]]

    def _reach(self, start: list[str], list_neighbours: Callable[[str], list[str]]) -> set[str]:
        seen: set[str] = set()
        waiting = [node_id for node_id in start if node_id in self.nodes]
        while waiting:
            node_id = waiting.pop()
            if node_id not in seen:
                seen.add(node_id)
                waiting.extend(list_neighbours(node_id))
        return seen
