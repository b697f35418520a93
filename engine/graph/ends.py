"""Keeps a model's outputs what they are while the nodes that they come from are moved."""

from collections.abc import Callable, Mapping

from engine.graph.document import Graph, TensorReference
from engine.graph.topology import Topology

End = tuple[str, int]


def list_outputs(graph: Graph, counts: Mapping[str, int]) -> list[End]:
    """The tensors that leave the model, named or derived. `counts` says how many a node gives; 1 where unknown."""
    if graph.outputs is not None:
        return [(reference.node, reference.output) for reference in graph.outputs]
    return [(node_id, index) for node_id in Topology(graph).output_nodes() for index in range(counts.get(node_id, 1))]


def keep_outputs(before: Graph, after: Graph, counts: Mapping[str, int], move: Callable[[End], End]) -> Graph:
    """`after` with the outputs of `before`, each where `move` says that it is now.

    They stay derived where they were, and the new graph derives the same.
    """
    wanted = [move(end) for end in list_outputs(before, counts)]
    derived = after.model_copy(update={"outputs": None})
    if before.outputs is None and list_outputs(derived, counts) == wanted:
        return derived
    return after.model_copy(update={"outputs": [TensorReference(node=node, output=output) for node, output in wanted]})
