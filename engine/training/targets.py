"""What a target holds: labels, one-hot rows, yes-or-no columns, or numbers that were measured."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.data.remembering import ArrayMemory
from engine.data.source import Array

TargetNature = Literal["labels", "one_hot", "yes_or_no", "numbers"]


@dataclass(frozen=True, slots=True)
class TargetKind:
    """`width` is how many units an output needs for it: the number of classes, or that of the columns."""

    nature: TargetNature
    width: int
    low: float
    high: float

    def describe(self) -> str:
        """The target in words."""
        match self.nature:
            case "labels":
                return f"labels from {self.low:g} to {self.high:g}"
            case "one_hot":
                return f"one-hot rows of {self.width}"
            case "yes_or_no":
                return f"{self.width} columns of 0 and 1"
            case "numbers":
                return f"numbers from {self.low:g} to {self.high:g}"


_kinds: ArrayMemory[TargetKind] = ArrayMemory()


def describe_target(target: Array, output_rank: int) -> TargetKind:
    """What the target is for an output of that rank (the batch counts). Whole numbers, one per sample, are labels."""
    return _kinds.recall([target], output_rank, lambda: _describe(target, output_rank))


def _describe(target: Array, output_rank: int) -> TargetKind:
    low, high = float(np.nanmin(target)), float(np.nanmax(target))
    width = target.shape[-1] if target.ndim > 1 else 1
    whole = target.dtype.kind in "iub"
    if is_single(target) or (whole and target.ndim == output_rank - 1):
        if whole or (low == 0 and high == 1 and _is_binary(target)):
            return TargetKind("labels", max(int(high) + 1, 2), low, high)
        return TargetKind("numbers", width, low, high)
    if low >= 0 and high <= 1 and _is_binary(target):
        shared = bool((target.sum(axis=-1) == 1).all())
        return TargetKind("one_hot" if shared and width > 1 else "yes_or_no", width, low, high)
    return TargetKind("numbers", width, low, high)


def measure_widths(array: Array) -> tuple[int, ...]:
    """The shape of one sample, without the last dimensions of 1: Keras itself adds and drops those."""
    shape = list(array.shape[1:])
    while shape and shape[-1] == 1:
        shape.pop()
    return tuple(shape)


def is_single(target: Array) -> bool:
    """Whether each sample has one number."""
    return measure_widths(target) == ()


def _is_binary(target: Array) -> bool:
    return bool(((target == 0) | (target == 1)).all())
