"""The rules for what enters and leaves the model."""

from collections import Counter
from collections.abc import Iterator

from engine.graph.issues import Issue
from engine.graph.topology import INPUT_LAYER, Topology


def check_inputs(topology: Topology) -> Iterator[Issue]:
    """There are inputs, each an `InputLayer` that is called once, with nothing before it, and listed once."""
    listed = Counter(r.node for r in topology.inputs() if r.node in topology.nodes)
    if not listed:
        yield Issue(
            code="no_input",
            message=f"The graph has no input; expected at least one node that calls an {INPUT_LAYER}.",
            hint="Add an InputLayer and connect it.",
        )
    for node_id, count in listed.items():
        if not topology.is_input(node_id):
            yield Issue(
                code="not_an_input",
                message=f"Node {node_id!r} is listed as an input but does not call an {INPUT_LAYER}.",
                node=node_id,
                hint="List only InputLayer nodes as inputs.",
            )
        elif count > 1:
            yield Issue(
                code="input_listed_twice",
                message=f"Node {node_id!r} is listed {count} times in the graph's inputs; expected once.",
                node=node_id,
                argument="inputs",
                hint="List it once.",
            )
    for reference in topology.graph.inputs or []:
        if reference.output:
            yield Issue(
                code="unknown_output",
                message=f"The graph's inputs name output {reference.output} of {reference.node!r}; it has only 0.",
                argument="inputs",
                hint="Name output 0.",
            )
    yield from _check_input_nodes(topology)
    yield from _unlisted_inputs(topology, set(listed))


def _check_input_nodes(topology: Topology) -> Iterator[Issue]:
    calls = Counter(node.layer for node in topology.nodes.values())
    for node_id in filter(topology.is_input, topology.nodes):
        node = topology.nodes[node_id]
        for edge in topology.incoming[node_id]:
            yield Issue(
                code="edge_into_input",
                message=f"Edge {edge.id!r} goes into {node_id!r}, an {INPUT_LAYER}; expected nothing before an input.",
                node=node_id,
                edge=edge.id,
                hint="Delete the edge.",
            )
        if calls[node.layer] > 1:
            yield Issue(
                code="shared_input",
                message=f"{INPUT_LAYER} {node.layer!r} is called by {calls[node.layer]} nodes; expected one per input.",
                node=node_id,
                layer=node.layer,
                hint="Keep one of the nodes, and let several edges start at it.",
            )
        if node.arguments:
            name = next(iter(node.arguments))
            yield Issue(
                code="unknown_call_argument",
                message=f"Node {node_id!r} calls an {INPUT_LAYER} with {name!r}; expected no arguments.",
                node=node_id,
                argument=name,
                hint="Take the argument out.",
            )


def _unlisted_inputs(topology: Topology, listed: set[str]) -> Iterator[Issue]:
    if topology.graph.inputs is None:
        return
    needed = topology.before(topology.output_nodes())
    for node_id in filter(topology.is_input, topology.nodes):
        if node_id in needed and node_id not in listed:
            yield Issue(
                code="unlisted_input",
                message=f"The model's outputs need input {node_id!r}, which the graph's inputs do not list.",
                node=node_id,
                argument="inputs",
                hint="Add it to the graph's inputs.",
            )


def check_outputs(topology: Topology) -> Iterator[Issue]:
    """Something leaves the model, and every node has a part in it."""
    if topology.graph.outputs is None:
        return  # Only where all nodes lead into a cycle is there none to derive, and the cycle is the root cause.
    if topology.nodes and not topology.output_nodes():
        yield Issue(
            code="no_output",
            message="The graph has no output; expected at least one node whose tensor leaves the model.",
            hint="Mark a node as output, or leave the outputs out so that the last nodes are taken.",
        )
        return
    needed = topology.before(topology.output_nodes())
    for node_id in topology.nodes:
        if node_id not in needed and not topology.is_input(node_id):
            yield Issue(
                code="unused_node",
                message=f"No output of the model depends on node {node_id!r}; it will not be part of the model.",
                severity="warning",
                node=node_id,
                hint="List it as an output, connect it to one, or delete it.",
            )


def check_connections(topology: Topology) -> Iterator[Issue]:
    """Every node but an input is called on something, and every input is used."""
    for node_id in topology.nodes:
        layer = topology.layer_of(node_id)
        if layer is not None and not topology.is_input(node_id) and not topology.incoming[node_id]:
            yield Issue(
                code="not_connected",
                message=f"Node {node_id!r} ({layer.class_name}) has no incoming edge; expected a tensor to call it on.",
                node=node_id,
                hint="Connect another node to it, or delete it.",
            )
    if len(topology.nodes) == 1:
        return
    for node_id in filter(topology.is_input, topology.nodes):
        if not topology.outgoing[node_id]:
            yield Issue(
                code="unused_input",
                message=f"Input {node_id!r} leads nowhere; expected at least one edge that leaves it.",
                severity="error" if topology.graph.outputs is None else "warning",
                node=node_id,
                hint="Connect it to a layer, or delete it.",
            )
