"""How much memory the output tensors of a graph's calls take, at one time and altogether."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras.src.utils.dtype_utils import dtype_size

from engine.graph.topology import Topology
from engine.models.cost_results import CostResult
from engine.models.results import CheckResult, TensorSpec


@dataclass(frozen=True)
class ActivationMemory:
    """Bytes: of each node's outputs where they are known, the most at one time, and what training keeps."""

    of_node: dict[str, int]
    peak: int
    kept: int


def measure_activations(
    topology: Topology,
    order: Sequence[str],
    check: CheckResult,
    nested: Mapping[str, CostResult],
    *,
    is_nested: bool = False,
) -> ActivationMemory:
    """Follows the calls in their order: a tensor is there from the call that makes it to the last one that takes it.

    The model's outputs stay to the end. In a call of a nested graph there are also the tensors inside it; its inputs
    are tensors of the outer graph and take no memory of their own (`is_nested`).
    """
    of_node = {node_id: size for node_id in order if (size := _measure(check.nodes[node_id].outputs)) is not None}
    if is_nested:
        of_node |= {node_id: 0 for node_id in of_node if topology.is_input(node_id)}
    ends = set(topology.output_nodes())
    waiting = {node_id: {edge.target for edge in topology.outgoing[node_id]} & set(order) for node_id in order}
    alive = peak = kept = 0
    for node_id in order:
        own = of_node.get(node_id, 0)
        inner = nested.get(topology.nodes[node_id].layer)
        peak = max(peak, alive + max(own, inner.forward_bytes if inner else 0))
        kept += max(own, inner.kept_bytes if inner else 0)
        alive += own
        for source in {edge.source for edge in topology.incoming[node_id]}:
            waiting[source].discard(node_id)
            if not waiting[source] and source not in ends:
                alive -= of_node.get(source, 0)
    return ActivationMemory(of_node, peak, kept)


def _measure(outputs: Sequence[TensorSpec]) -> int | None:
    total = 0
    for spec in outputs:
        sizes = [size for size in spec.shape if size is not None]
        if len(sizes) < len(spec.shape):
            return None
        try:
            total += math.ceil(math.prod(sizes) * dtype_size(spec.dtype) / 8)
        except ValueError:  # a dtype without a fixed size, such as a string
            return None
    return total
