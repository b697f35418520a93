"""The structural rules: what makes a drawing a graph of calls, before Keras is asked anything."""

from collections.abc import Iterator

from engine.graph.chain_rules import check_chain
from engine.graph.document import Edge, Graph, TensorReference
from engine.graph.end_rules import check_connections, check_inputs, check_outputs
from engine.graph.issues import Issue
from engine.graph.name_rules import check_ids, check_names
from engine.graph.topology import Topology

MAX_REPORTED_CYCLES = 10


def structural_issues(graph: Graph) -> list[Issue]:
    """Everything that is wrong with the drawing itself, root causes only, in the order of the document."""
    return list_structural_issues(Topology(graph))


def list_structural_issues(topology: Topology) -> list[Issue]:
    """The same of a graph that is indexed already."""
    graph = topology.graph
    return [
        *check_ids(graph),
        *check_names(topology),
        *_unknown_layers(topology),
        *_dangling_edges(topology),
        *_unknown_nodes(topology),
        *_doubly_filled_arguments(topology),
        *_cycles(topology),
        *check_inputs(topology),
        *check_outputs(topology),
        *check_connections(topology),
        *check_chain(topology),
    ]


def _unknown_layers(topology: Topology) -> Iterator[Issue]:
    called = {node.layer for node in topology.graph.nodes}
    for node in topology.graph.nodes:
        if node.layer not in topology.layers:
            yield Issue(
                code="unknown_layer_id",
                message=f"Node {node.id!r} calls layer {node.layer!r}, which the graph does not have.",
                node=node.id,
                hint="Add the layer, or delete the node.",
            )
    for layer in topology.layers.values():
        if layer.id not in called:
            yield Issue(
                code="unused_layer",
                message=f"No node calls layer {layer.id!r} ({layer.class_name}); it will not be part of the model.",
                severity="warning",
                layer=layer.id,
                hint="Add a node that calls it, or delete it.",
            )


def _dangling_edges(topology: Topology) -> Iterator[Issue]:
    for edge in topology.graph.edges:
        for end, node_id in (("source", edge.source), ("target", edge.target)):
            if node_id not in topology.nodes:
                present = edge.target if end == "source" else edge.source
                yield Issue(
                    code="dangling_edge",
                    message=f"Edge {edge.id!r} has {end} {node_id!r}, which is not a node of the graph.",
                    edge=edge.id,
                    node=present if present in topology.nodes else None,
                    hint="Connect the edge to an existing node, or delete it.",
                )


def _unknown_nodes(topology: Topology) -> Iterator[Issue]:
    ends: tuple[tuple[str, list[TensorReference] | None], ...] = (
        ("inputs", topology.graph.inputs),
        ("outputs", topology.graph.outputs),
    )
    for what, references in ends:
        for reference in references or []:
            if reference.node not in topology.nodes:
                yield Issue(
                    code="unknown_node_id",
                    message=f"The graph's {what} name node {reference.node!r}, which the graph does not have.",
                    argument=what,
                    hint=f"Take it out of the graph's {what}.",
                )


def _doubly_filled_arguments(topology: Topology) -> Iterator[Issue]:
    for node_id, edges in topology.incoming.items():
        constants = topology.nodes[node_id].arguments
        if len(edges) + len(constants) < 2:
            continue
        filled: dict[tuple[str, ...], str] = {(name,): "a constant" for name in constants}
        for edge in edges:
            place = _place(edge)
            if other := filled.get(place):
                slot = " ".join(place)
                yield Issue(
                    code="argument_filled_twice",
                    message=f"Argument {slot!r} of node {node_id!r} gets edge {edge.id!r} and {other}; expected one.",
                    node=node_id,
                    edge=edge.id,
                    argument=str(edge.argument),
                    hint="Keep one of them, or join them first with a merge layer.",
                )
            filled[place] = f"edge {edge.id!r}"


def _place(edge: Edge) -> tuple[str, ...]:
    return (str(edge.argument), *map(str, edge.path))


def _cycles(topology: Topology) -> Iterator[Issue]:
    for cycle in topology.cycles(MAX_REPORTED_CYCLES):
        way = " → ".join([*cycle, cycle[0]])
        yield Issue(
            code="cycle",
            message=f"The nodes {way} form a cycle; expected every tensor to flow from the inputs to the outputs.",
            node=cycle[0],
            hint="Delete one of the edges between them.",
        )
