"""How many floating-point operations a traced TensorFlow graph takes, by what TensorFlow knows of its operations."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import opt_einsum
import tensorflow as tf
import tensorflow.python.profiler.internal.flops_registry
from tensorflow.python.framework.function_def_to_graph import function_def_to_graph
from tensorflow.python.framework.ops import get_stats_for_node_def

LOOPS = frozenset({"While", "StatelessWhile"})
CHOICES = frozenset({"If", "StatelessIf", "Case", "StatelessCase"})
MAX_FOLDED = 10**7
"""The largest constant that is computed to learn how often a loop runs."""


@dataclass
class FlopCount:
    """A sum of FLOPs, and how many numbers come out of operations of types that have no count."""

    flops: int = 0
    uncounted: Counter[str] = field(default_factory=Counter)

    def add(self, other: "FlopCount", times: int = 1) -> None:
        """Adds another sum, `times` times."""
        self.flops += other.flops * times
        for kind, numbers in other.uncounted.items():
            self.uncounted[kind] += numbers * times


def count_flops(graph: "tf.Graph", outputs: Iterable["tf.Tensor"]) -> FlopCount:
    """The operations that the outputs depend on; what leads nowhere would not be run either.

    Each type's count is the one that TensorFlow's profiler uses (`float_operation`, a multiplication and an addition
    are two), that of `Einsum` comes from opt_einsum. Bodies of functions are counted too: those of a loop as often as
    it runs, of a choice the costliest. Operations on integers and truth values are none on floating-point numbers.
    """
    total = FlopCount()
    for operation in _list_ancestors(outputs):
        total.add(_count_operation(graph, operation))
    return total


def _list_ancestors(outputs: Iterable["tf.Tensor"]) -> list["tf.Operation"]:
    waiting = [tensor.op for tensor in outputs]
    seen: dict[str, tf.Operation] = {}
    while waiting:
        operation = waiting.pop()
        if operation.name not in seen:
            seen[operation.name] = operation
            waiting.extend(tensor.op for tensor in operation.inputs)
            waiting.extend(operation.control_inputs)
    return list(seen.values())


def _count_operation(graph: "tf.Graph", operation: "tf.Operation") -> FlopCount:
    bodies = [_count_function(graph, name) for name in list_functions(operation)]
    if not bodies:
        return _count_plain(graph, operation)
    total = FlopCount()
    if operation.type in LOOPS:
        trips = count_trips(graph, operation)
        if trips is None:
            total.uncounted[operation.type] += _count_numbers(operation)
        for body in bodies:
            total.add(body, trips or 0)
    elif operation.type in CHOICES:
        total.add(max(bodies, key=lambda body: body.flops))
    else:
        for body in bodies:
            total.add(body)
    return total


def _count_plain(graph: "tf.Graph", operation: "tf.Operation") -> FlopCount:
    total = FlopCount()
    if not operation.inputs or not any(_is_float(x) for x in (*operation.inputs, *operation.outputs)):
        return total
    flops = _count_einsum(operation) if operation.type == "Einsum" else _ask_statistics(graph, operation)
    if flops is None:
        total.uncounted[operation.type] += _count_numbers(operation)
    else:
        total.flops = flops
    return total


def _ask_statistics(graph: "tf.Graph", operation: "tf.Operation") -> int | None:
    try:
        value = get_stats_for_node_def(graph, operation.node_def, "flops").value
    except ValueError:  # a shape that is not known
        return None
    return None if value is None else int(value)


def _count_einsum(operation: "tf.Operation") -> int | None:
    shapes = [tensor.shape for tensor in operation.inputs]
    if not all(shape.is_fully_defined() for shape in shapes):
        return None
    equation = operation.get_attr("equation").decode()
    _, path = opt_einsum.contract_path(equation, *(tuple(shape) for shape in shapes), shapes=True)
    return int(path.opt_cost)


def list_functions(operation: "tf.Operation") -> list[str]:
    attributes = operation.node_def.attr.values()
    alone = [one.func.name for one in attributes if one.HasField("func")]
    return alone + [function.name for one in attributes for function in one.list.func]


def _count_function(graph: "tf.Graph", name: str) -> FlopCount:
    body = function_def_to_graph(graph._get_function(name).definition)  # noqa: SLF001 - there is no public way
    return count_flops(body, body.outputs)


def count_trips(graph: "tf.Graph", loop: "tf.Operation") -> int | None:
    """How often a loop runs, if it says so: the second value that TensorFlow gives to each loop is its limit."""
    limit = loop.inputs[1]
    needed = _list_ancestors([limit])
    if any(one.type == "Placeholder" or one.op_def.is_stateful or _count_numbers(one) > MAX_FOLDED for one in needed):
        return None
    with tf.compat.v1.Session(graph=graph) as session:
        trips = int(session.run(limit))
    return trips if trips >= 0 else None


def _count_numbers(operation: "tf.Operation") -> int:
    """How many numbers come out, those of unknown shape left out."""
    shapes = [tensor.shape for tensor in operation.outputs]
    return sum(math.prod(shape) for shape in shapes if shape.is_fully_defined())


def _is_float(tensor: "tf.Tensor") -> bool:
    return bool(tensor.dtype.is_floating or tensor.dtype.is_complex)
