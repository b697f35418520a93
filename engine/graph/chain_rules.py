"""The rules for a `Sequential`: one layer after the other, from one input to one output."""

from collections import Counter
from collections.abc import Iterator

from engine.graph.issues import Issue
from engine.graph.topology import Topology

FUNCTIONAL_HINT = "Make the graph a Functional, which can have any shape, or"


def check_chain(topology: Topology) -> Iterator[Issue]:
    """Nothing where the graph is no Sequential; otherwise one issue for each place where it is not a plain chain."""
    if topology.graph.class_name != "Sequential":
        return
    yield from _check_inputs(topology)
    calls = Counter(node.layer for node in topology.nodes.values())
    for node_id, node in topology.nodes.items():
        if len(topology.outgoing[node_id]) > 1:
            yield _not_a_chain(node_id, f"{len(topology.outgoing[node_id])} edges leave it", "keep one of them.")
        if len(topology.incoming[node_id]) > 1:
            yield _not_a_chain(node_id, f"{len(topology.incoming[node_id])} edges go into it", "keep one of them.")
        if calls[node.layer] > 1:
            yield _not_a_chain(node_id, f"its layer is called {calls[node.layer]} times", "call it once.")
        if node.arguments:
            yield _not_a_chain(node_id, f"its call has arguments ({', '.join(node.arguments)})", "take them out.")
        for edge in topology.incoming[node_id]:
            if str(edge.argument) != "0" or edge.path or edge.output:
                yield _not_a_chain(
                    node_id,
                    f"edge {edge.id!r} does not go from the only output of a layer to the first argument of the next",
                    "connect it to the first argument.",
                )
    yield from _check_ends(topology)


def _check_inputs(topology: Topology) -> Iterator[Issue]:
    for node_id in [node_id for node_id in topology.nodes if topology.is_input(node_id)][1:]:
        yield _not_a_chain(node_id, "it is a second input", "keep one of them.")


def _check_ends(topology: Topology) -> Iterator[Issue]:
    last = [node_id for node_id in topology.nodes if not topology.outgoing[node_id]]
    if topology.graph.outputs is not None and [r.node for r in topology.graph.outputs] != last[:1]:
        yield Issue(
            code="not_a_chain",
            message="The graph is a Sequential, whose output is its last layer; its outputs name something else.",
            argument="outputs",
            hint=f"{FUNCTIONAL_HINT} leave the outputs out.",
        )


def _not_a_chain(node_id: str, reason: str, mend: str) -> Issue:
    return Issue(
        code="not_a_chain",
        message=f"The graph is a Sequential, a chain of layers; at node {node_id!r} it is none: {reason}.",
        node=node_id,
        hint=f"{FUNCTIONAL_HINT} {mend}",
    )
