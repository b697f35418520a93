"""How much memory a traced TensorFlow graph takes at one time when it is run."""

import math
from collections.abc import Sequence

import tensorflow as tf
from tensorflow.python.framework.function_def_to_graph import function_def_to_graph

from engine.models.flops import LOOPS, count_trips, list_functions

ALIASES = frozenset({"Identity", "IdentityN", "Reshape", "Squeeze", "ExpandDims", "StopGradient", "PreventGradient"})
"""Operations whose result is their argument's memory."""

NO_MEMORY = frozenset({"Placeholder", "Const", "NoOp"})
"""What is there before the graph is run, and is counted elsewhere."""

LISTED = {"TensorListPushBack": 1, "TensorListSetItem": 2}
"""Operations by which a round of a loop adds a tensor to a list, and which of their arguments it is."""


def measure_peak(graph: "tf.Graph", results: Sequence["tf.Tensor"]) -> int:
    """The most bytes that tensors take at one time while the results are computed, without the placeholders.

    The operations are followed in the order in which they were traced: a tensor is there from the operation that makes
    it to the last one that takes it, results stay. In a call of a function there is what that takes, in a loop also
    what every round adds to a list, as the backward pass of a recurrent layer needs. Tensors whose size is not known
    are left out.
    """
    needed = _list_needed(results)
    order = [operation for operation in graph.get_operations() if operation.name in needed]
    owner = _find_owners(order)
    last_use = {owner[tensor.ref()].ref(): index for index, one in enumerate(order) for tensor in one.inputs}
    last_use |= {owner[tensor.ref()].ref(): len(order) for tensor in results}
    freed: list[list[tf.Tensor]] = [[] for _ in range(len(order) + 1)]
    for reference, index in last_use.items():
        freed[index].append(reference.deref())
    alive = peak = 0
    sizes: dict[object, int] = {}
    for index, operation in enumerate(order):
        inside, kept = _measure_functions(graph, operation)
        made = {tensor.ref(): _measure(tensor) for tensor in operation.outputs if owner[tensor.ref()] is tensor}
        made = {reference: size for reference, size in made.items() if reference in last_use}
        if kept and (lists := [tensor.ref() for tensor in operation.outputs if tensor.dtype == tf.variant]):
            made[lists[0]] = kept
        alive += sum(made.values())
        sizes |= made
        peak = max(peak, alive + inside)
        alive -= sum(sizes.pop(tensor.ref(), 0) for tensor in freed[index])
    return peak


def _list_needed(results: Sequence["tf.Tensor"]) -> set[str]:
    waiting = [tensor.op for tensor in results]
    needed: set[str] = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in needed:
            needed.add(operation.name)
            waiting.extend(tensor.op for tensor in operation.inputs)
            waiting.extend(operation.control_inputs)
    return needed


def _find_owners(order: Sequence["tf.Operation"]) -> dict[object, "tf.Tensor"]:
    """By each tensor the one whose memory it is."""
    owner: dict[object, tf.Tensor] = {}
    for operation in order:
        for place, tensor in enumerate(operation.outputs):
            is_alias = operation.type in ALIASES and place < len(operation.inputs)
            owner[tensor.ref()] = owner[operation.inputs[place].ref()] if is_alias else tensor
    return owner


def _measure(tensor: "tf.Tensor") -> int:
    return 0 if tensor.op.type in NO_MEMORY else _count_bytes(tensor)


def _count_bytes(tensor: "tf.Tensor") -> int:
    if not tensor.shape.is_fully_defined() or tensor.dtype.size is None:
        return 0
    return int(math.prod(tensor.shape)) * int(tensor.dtype.size)


def _measure_functions(graph: "tf.Graph", operation: "tf.Operation") -> tuple[int, int]:
    """What the operation's functions take while they run, and what a loop's rounds add to lists."""
    inside = kept = 0
    for name in list_functions(operation):
        body = function_def_to_graph(graph._get_function(name).definition)  # noqa: SLF001 - there is no public way
        inside = max(inside, measure_peak(body, body.outputs))
        if operation.type in LOOPS:
            added = sum(
                _count_bytes(one.inputs[LISTED[one.type]]) for one in body.get_operations() if one.type in LISTED
            )
            kept += added * (count_trips(graph, operation) or 0) if added else 0
    return inside, kept
