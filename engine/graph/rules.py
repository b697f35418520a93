"""The structural rules: what makes a drawing a graph of calls, before Keras is asked anything."""

from collections import Counter
from collections.abc import Iterator

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.graph.topology import INPUT_LAYER, Topology


def structural_issues(graph: Graph) -> list[Issue]:
    """Everything that is wrong with the drawing itself, root causes only, in the order of the document."""
    topology = Topology(graph)
    return [
        *_duplicate_ids(graph),
        *_duplicate_names(topology),
        *_unknown_references(graph, topology),
        *_doubly_filled_arguments(topology),
        *_cycle(topology),
        *_ends(topology),
        *_unconnected_nodes(topology),
    ]


def _duplicate_ids(graph: Graph) -> Iterator[Issue]:
    for kind, pieces in (("layer", graph.layers), ("node", graph.nodes), ("edge", graph.edges)):
        for identifier, count in Counter(piece.id for piece in pieces).items():
            if count > 1:
                yield Issue(
                    code="duplicate_id",
                    message=f"The id {identifier!r} is used by {count} {kind}s; expected every {kind} to have its own.",
                    hint=f"Give each {kind} an id of its own.",
                    **{kind: identifier},
                )


def _duplicate_names(topology: Topology) -> Iterator[Issue]:
    first: dict[str, str] = {}
    node_of = {node.layer: node.id for node in reversed(topology.graph.nodes)}
    for layer in topology.layers.values():
        if (earlier := first.setdefault(layer.keras_name, layer.id)) != layer.id:
            yield Issue(
                code="duplicate_name",
                message=f"The name {layer.keras_name!r} is used by layers {earlier!r} and {layer.id!r};"
                " expected every layer of a model to have a name of its own.",
                layer=layer.id,
                node=node_of.get(layer.id),
                argument="name",
                hint="Rename one of them.",
            )


def _unknown_references(graph: Graph, topology: Topology) -> Iterator[Issue]:
    for node in graph.nodes:
        if node.layer not in topology.layers:
            yield Issue(
                code="unknown_layer_id",
                message=f"Node {node.id!r} calls layer {node.layer!r}, which the graph does not have.",
                node=node.id,
                hint="Add the layer, or delete the node.",
            )
    for edge in graph.edges:
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
    for what, references in (("inputs", graph.inputs or []), ("outputs", graph.outputs or [])):
        for reference in references:
            if reference.node not in topology.nodes:
                yield Issue(
                    code="unknown_node_id",
                    message=f"The graph's {what} name node {reference.node!r}, which the graph does not have.",
                    argument=what,
                    hint=f"Take it out of the graph's {what}.",
                )


def _doubly_filled_arguments(topology: Topology) -> Iterator[Issue]:
    for node_id, edges in topology.incoming.items():
        filled: dict[tuple[str, ...], str] = {(name,): "a constant" for name in topology.nodes[node_id].arguments}
        for edge in edges:
            place = (str(edge.argument), *map(str, edge.path))
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


def _cycle(topology: Topology) -> Iterator[Issue]:
    if cycle := topology.cycle():
        way = " → ".join([*cycle, cycle[0]])
        yield Issue(
            code="cycle",
            message=f"The nodes {way} form a cycle; expected every tensor to flow from the inputs to the outputs.",
            node=cycle[0],
            hint="Delete one of the edges between them.",
        )


def _ends(topology: Topology) -> Iterator[Issue]:
    if not any(reference.node in topology.nodes for reference in topology.inputs()):
        yield Issue(
            code="no_input",
            message=f"The graph has no input; expected at least one node that calls an {INPUT_LAYER}.",
            hint="Add an InputLayer and connect it.",
        )
    for reference in topology.graph.inputs or []:
        if reference.node in topology.nodes and not topology.is_input(reference.node):
            yield Issue(
                code="not_an_input",
                message=f"Node {reference.node!r} is listed as an input but does not call an {INPUT_LAYER}.",
                node=reference.node,
                hint="List only InputLayer nodes as inputs.",
            )
    if topology.nodes and not topology.output_nodes():
        yield Issue(
            code="no_output",
            message="The graph has no output; expected at least one node whose tensor leaves the model.",
            hint="Mark a node as output, or leave the outputs out so that the last nodes are taken.",
        )


def _unconnected_nodes(topology: Topology) -> Iterator[Issue]:
    reached = topology.after([node_id for node_id in topology.nodes if topology.is_input(node_id)])
    for node_id in topology.nodes:
        layer = topology.layer_of(node_id)
        if layer is None or topology.is_input(node_id):
            continue
        if not topology.incoming[node_id]:
            yield Issue(
                code="not_connected",
                message=f"Node {node_id!r} ({layer.class_name}) has no incoming edge; expected a tensor to call it on.",
                node=node_id,
                hint="Connect another node to it, or delete it.",
            )
    lonely = [n for n in topology.nodes if n in reached and topology.is_input(n) and not topology.outgoing[n]]
    if len(topology.nodes) > 1:
        for node_id in lonely:
            yield Issue(
                code="unused_input",
                message=f"Input {node_id!r} leads nowhere; expected at least one edge that leaves it.",
                node=node_id,
                hint="Connect it to a layer, or delete it.",
            )
