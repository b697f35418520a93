"""The beginning of a graph that prepares data: what its preprocessing layers depend on, before anything is learned."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.errors import EngineError
from engine.evaluation.preprocessing.schema import LeftOut
from engine.graph.document import Graph, TensorReference
from engine.graph.topology import Topology
from engine.layers.preprocessing import is_preprocessing
from engine.models.results import CheckResult


@dataclass(frozen=True, slots=True)
class Beginning:
    """`graph` has the nodes that are looked at and nothing else, `nodes` are their ids in the order of the calls.

    All of them but the inputs are its outputs, in that order.
    """

    graph: Graph
    nodes: list[str]
    left_out: list[LeftOut]


def find_beginning(graph: Graph, check: CheckResult, wanted: str | None) -> Beginning:
    """What leads to the node that is wanted, or to every preprocessing layer that can be looked at.

    `check` is that of the graph. Raises `EngineError` `unknown_node`, or `cannot_preview` where the node that is wanted
    cannot be called or comes after weights.
    """
    topology = Topology(graph)
    if wanted is not None and wanted not in topology.nodes:
        raise EngineError(
            "unknown_node", f"The graph has no node {wanted!r}.", f"Its nodes: {', '.join(list(topology.nodes)[:20])}."
        )
    order = topology.callable_order()
    reasons = _find_reasons(topology, check, order)
    family = [node_id for node_id in order if _is_family(topology, node_id)]
    if wanted is not None and wanted in reasons:
        raise EngineError(
            "cannot_preview",
            f"The node {wanted!r} cannot be looked at: {reasons[wanted]}",
            "Only what comes before the first layer with weights is shown.",
        )
    left_out = [LeftOut(node=node_id, reason=reasons[node_id]) for node_id in family if node_id in reasons]
    ends = [wanted] if wanted is not None else [node_id for node_id in family if node_id not in reasons]
    ends = ends or [reference.node for reference in topology.inputs() if reference.node not in reasons]
    if not ends:
        raise EngineError(
            "cannot_preview", "The graph has no input that can be called.", "Begin with an InputLayer for the data."
        )
    kept = topology.before(ends)
    nodes = [node_id for node_id in order if node_id in kept]
    return Beginning(_cut(topology, nodes), nodes, [] if wanted is not None else left_out)


def _find_reasons(topology: Topology, check: CheckResult, order: Collection[str]) -> dict[str, str]:
    """Why nodes cannot be looked at, by node; nothing of those that can."""
    reasons = {node_id: "its calls go round in a circle." for node_id in topology.nodes if node_id not in order}
    told = {issue.node: issue.message for issue in reversed(check.issues) if issue.severity == "error"}
    for node_id in order:
        layer = topology.layer_of(node_id)
        sources = list(dict.fromkeys(edge.source for edge in topology.incoming[node_id]))
        behind = next((source for source in sources if source in reasons), None)
        if node_id in told or layer is None or (node_id not in check.nodes and behind is None):
            reasons[node_id] = told.get(node_id, "it cannot be called.")
        elif behind is not None:
            reasons[node_id] = f"it comes after {behind!r}: {reasons[behind]}"
            if reasons[behind].startswith("it comes after"):
                reasons[node_id] = reasons[behind]
        elif not topology.is_input(node_id) and not is_preprocessing(layer) and check.layers[layer.id].parameters:
            reasons[node_id] = f"{layer.class_name} has weights, which training changes."
    return reasons


def _is_family(topology: Topology, node_id: str) -> bool:
    layer = topology.layer_of(node_id)
    return layer is not None and is_preprocessing(layer)


def _cut(topology: Topology, nodes: list[str]) -> Graph:
    layers = dict.fromkeys(topology.nodes[node_id].layer for node_id in nodes)
    return Graph(
        layers=[topology.layers[layer_id] for layer_id in layers],
        nodes=[topology.nodes[node_id] for node_id in nodes],
        edges=[edge for edge in topology.edges if edge.target in nodes],
        inputs=[reference for reference in topology.inputs() if reference.node in nodes],
        outputs=[TensorReference(node=node_id) for node_id in nodes if not topology.is_input(node_id)],
    )
