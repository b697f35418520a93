"""A node's constants and incoming edges, put together as the arguments of one call."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TypeVar

from engine.graph.document import Edge, Node
from engine.models.faults import LayerError

Tensor = TypeVar("Tensor")
Value = object
Step = int | str


def assemble_call(
    node: Node, edges: Sequence[Edge], tensors: Mapping[str, Tensor]
) -> tuple[list[Value], dict[str, Value]]:
    """The positional and the keyword arguments of the call that a node stands for.

    `tensors` has the tensor of each edge by the edge's id. Raises `LayerError` where a place is left empty
    (`missing_argument`) or where edges disagree on what an argument is (`mixed_argument`).
    """
    slots: dict[Step, Value] = {_slot(name): deepcopy(value) for name, value in node.arguments.items()}
    for edge in edges:
        slot = _slot(edge.argument)
        slots[slot] = _insert(slots.get(slot), list(edge.path), tensors[edge.id], edge)
    for slot, value in slots.items():
        _refuse_gaps(str(slot), value)
    positions = sorted(slot for slot in slots if isinstance(slot, int))
    if positions != list(range(len(positions))):
        missing = next(index for index in range(len(positions)) if index not in positions)
        raise LayerError(
            "missing_argument",
            f"The call has arguments at positions {positions}, but none at {missing}; expected no gap.",
            "Connect a tensor to it, or name the later arguments by keyword.",
            argument=str(missing),
        )
    return [slots[position] for position in positions], {str(k): v for k, v in slots.items() if isinstance(k, str)}


def sort_edges(edges: Sequence[Edge]) -> list[Edge]:
    """The edges into a node in the order in which the call takes their tensors."""
    return sorted(edges, key=lambda edge: (f"{edge.argument:>4}", tuple(f"{step:>6}" for step in edge.path)))


class Gap:
    """A place in a list that nothing has been put in yet."""


GAP = Gap()


def _slot(argument: int | str) -> Step:
    if isinstance(argument, str) and argument.isascii() and argument.isdecimal():
        return int(argument)
    return argument


def _insert(container: Value, path: list[int | str], tensor: Value, edge: Edge) -> Value:
    """The container with the tensor at the path, made on the way where it is missing."""
    if not path:
        return tensor
    step, rest = path[0], path[1:]
    if container is None or isinstance(container, Gap):
        container = [] if isinstance(step, int) else {}
    if isinstance(step, int) and isinstance(container, list):
        container.extend([GAP] * (step + 1 - len(container)))
        container[step] = _insert(container[step], rest, tensor, edge)
    elif isinstance(step, str) and isinstance(container, dict):
        container[step] = _insert(container.get(step), rest, tensor, edge)
    else:
        raise LayerError(
            "mixed_argument",
            f"Edge {edge.id!r} goes to {step!r} of argument {edge.argument!r}, where other edges or a constant"
            " make something else; expected one tensor, or one list, or one dictionary.",
            "Give all edges of the argument paths of the same kind.",
            argument=str(edge.argument),
            edge=edge.id,
        )
    return container


def _refuse_gaps(argument: str, value: Value) -> None:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, Gap):
                raise LayerError(
                    "missing_argument",
                    f"The list of argument {argument} has {len(value)} places, but nothing goes to place {index}.",
                    "Connect a tensor to it, or move the later ones up.",
                    argument=argument,
                )
            _refuse_gaps(argument, inner)
    elif isinstance(value, dict):
        for inner in value.values():
            _refuse_gaps(argument, inner)
