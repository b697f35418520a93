"""The one way through a graph: every node after those it depends on, and none after one that failed."""

from collections.abc import Callable

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.issues import Issue
from engine.graph.rules import list_structural_issues
from engine.graph.topology import Topology
from engine.models.explain import read_message
from engine.models.faults import LayerError, move_inside

UNCALLABLE = {
    "argument_filled_twice", "duplicate_id", "edge_into_input", "not_connected", "shared_input",
    "unknown_call_argument", "unknown_layer_id",
}  # fmt: skip
"""The structural issues with which a node cannot be called; others, such as a bad name, say nothing about shapes."""


class AlreadyReportedError(Exception):
    """The node cannot be called, for a reason that another node shows."""


CallNode = Callable[[Node, Layer, list[Edge]], int]
"""Calls a node and answers how many tensors come out; raises `LayerError` or `AlreadyReportedError`."""


class Walk:
    """A graph, what has been called, and what is wrong so far."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.topology = Topology(graph)
        self.issues: list[Issue] = list_structural_issues(self.topology)
        self.outputs: dict[str, int] = {}
        """How many tensors each node gives, for the nodes that could be called."""

    @property
    def ok(self) -> bool:
        """Whether nothing found so far is an error."""
        return not any(issue.severity == "error" for issue in self.issues)

    def call_nodes(self, call: CallNode) -> None:
        """Calls all nodes that can be called, in order; what fails becomes an issue, what follows it is left out."""
        blocked = self._blocked_nodes()
        for node_id in self.topology.callable_order():
            edges = self.topology.incoming[node_id]
            if node_id in blocked or any(edge.source not in self.outputs for edge in edges):
                continue
            node = self.topology.nodes[node_id]
            try:
                self._refuse_unknown_outputs(edges)
                self.outputs[node_id] = call(node, self.topology.layers[node.layer], edges)
            except LayerError as fault:
                self.issues.append(fault.to_issue(node_id, node.layer))
                self.issues.extend(move_inside(fault.inner, node.layer))
            except AlreadyReportedError:
                continue
            except Exception as error:  # noqa: BLE001 - a document may hold values that nothing can even print
                self.issues.append(_explain_unexpected(error).to_issue(node_id, node.layer))

    def list_outputs(self) -> list[TensorReference]:
        """The tensors that leave the model, in order, without those of failed nodes; unknown ones become issues."""
        if self.graph.outputs is None:
            return [
                TensorReference(node=node_id, output=index)
                for node_id in self.topology.output_nodes()
                for index in range(self.outputs.get(node_id, 0))
            ]
        found = []
        for reference in self.graph.outputs:
            count = self.outputs.get(reference.node)
            if count is not None and reference.output >= count:
                fault = _unknown_output(reference.node, reference.output, count)
                self.issues.append(fault.to_issue(reference.node, self.topology.nodes[reference.node].layer))
            elif count is not None:
                found.append(reference)
        return found

    def _blocked_nodes(self) -> set[str]:
        blocked = {issue.node for issue in self.issues if issue.node is not None and issue.code in UNCALLABLE}
        return blocked | {edge.target for edge in self.graph.edges if edge.source not in self.topology.nodes}

    def _refuse_unknown_outputs(self, edges: list[Edge]) -> None:
        for edge in edges:
            if edge.output >= (count := self.outputs[edge.source]):
                raise _unknown_output(edge.source, edge.output, count, edge.id)
            if count > 1 and self.graph.class_name == "Sequential":
                raise LayerError(
                    "not_a_chain",
                    f"The graph is a Sequential, which hands on all {count} tensors of node {edge.source!r} together;"
                    " expected a layer with one output before another one.",
                    "Make the graph a Functional, or let the layer give one tensor.",
                    edge=edge.id,
                )


def _explain_unexpected(error: Exception) -> LayerError:
    return LayerError(
        "unusable_value",
        f"The layer or its call holds a value that cannot be used: {read_message(error)}",
        "Take out values that are too large or nested too deeply.",
    )


def _unknown_output(node: str, output: int, count: int, edge: str | None = None) -> LayerError:
    user = f"Edge {edge!r} starts at" if edge else "The graph's outputs name"
    return LayerError(
        "unknown_output",
        f"{user} output {output} of node {node!r}, which gives {count} tensor{'s' * (count != 1)} (counted from 0).",
        f"Take an output from 0 to {count - 1}." if count else "Connect another node.",
        argument=None if edge else "outputs",
        edge=edge,
    )
