"""Whether a learning rate is one that anybody would choose."""

import inspect
import math
from collections.abc import Iterator

import keras

from engine.graph.issues import Change, Fix
from engine.training.changes import point
from engine.training.config import KerasReference
from engine.training.findings import Findings

MOST_TIMES_DEFAULT = 1_000
"""So many times Keras's own default is taken for a slip, and so small a part of it too."""

LEAST_PART_OF_DEFAULT = 1e-6
PATH = "compile.optimizer.learning_rate"


def check_learning_rate(optimizer: "keras.optimizers.Optimizer", reference: KerasReference, findings: Findings) -> None:
    """Compares the rate of the first step with the optimizer's own default."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    default = _find_default(type(inner))
    rate = _read_first_rate(inner)
    if default is None or rate is None:
        return
    if rate < 0:
        findings.warn("odd_learning_rate", PATH, f"The learning rate is {rate:g}: the loss would be made larger.",
                      _advise(default), propose=lambda: _propose(reference, default))  # fmt: skip
    elif rate < default * LEAST_PART_OF_DEFAULT:
        if not _is_schedule(inner):
            findings.warn("odd_learning_rate", PATH, f"The learning rate is {rate:g}: the weights would hardly change.",
                          _advise(default), propose=lambda: _propose(reference, default))  # fmt: skip
    elif rate > default * MOST_TIMES_DEFAULT:
        findings.warn("odd_learning_rate", PATH, f"The learning rate is {rate:g}: training would not settle.",
                      _advise(default), propose=lambda: _propose(reference, default))  # fmt: skip


def _advise(default: float) -> str:
    return f"Keras's own default here is {default:g}."


def _propose(reference: KerasReference, default: float) -> Iterator[Fix]:
    if isinstance(reference, str):
        return
    steps = ["training", "compile", "optimizer", "config"]
    if "inner_optimizer" in reference.config:
        steps += ["inner_optimizer", "config"]
    change = Change(op="add", path=point(*steps, "learning_rate"), value=default)
    yield Fix(label=f"Set the learning rate to {default:g}", changes=[change])


def _find_default(optimizer_class: type) -> float | None:
    parameter = inspect.signature(optimizer_class).parameters.get("learning_rate")
    default = parameter.default if parameter is not None else None
    return float(default) if isinstance(default, int | float) else None


def _is_schedule(optimizer: "keras.optimizers.Optimizer") -> bool:
    return isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule)


def _read_first_rate(optimizer: "keras.optimizers.Optimizer") -> float | None:
    try:
        rate = float(optimizer.learning_rate)
    except (AttributeError, TypeError, ValueError):
        return None
    return rate if math.isfinite(rate) else None
