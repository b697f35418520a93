"""Training that needs more memory than there is: refused before it begins, or explained where it failed."""

import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras
import tensorflow as tf

from engine.errors import EngineError
from engine.training.free_memory import measure_free_memory
from engine.training.memory_estimate import (
    RAN_OUT,
    ROOM,
    WOULD_RUN_OUT,
    explain_out_of_memory,
    guess_memory,
    has_hidden_memory,
    measure_step,
)
from engine.training.reasons import is_out_of_memory

ENOUGH = 4
ENOUGH_WHERE_HIDDEN = 64
"""Where there is so many times what is guessed, nothing is traced: for a large model that takes many seconds."""


@contextmanager
def guard_memory(model: "keras.Model", batch_size: int, shapes: Sequence[tuple[int, ...]]) -> Iterator[None]:
    """Around the training of a compiled model whose inputs have samples of these shapes.

    On a CPU TensorFlow does not live to tell that it ran out of memory, so a training that cannot fit is not begun.

    Raises:
        EngineError: `out_of_memory`, before training where it needs more than there is, or in place of whatever
            TensorFlow or Python raises when there is no more.
    """
    # A GPU has memory of its own, of which TensorFlow says in good order that there is no more.
    free = None if tf.config.list_physical_devices("GPU") else measure_free_memory()
    if free is not None and _needs_too_much(model, batch_size, shapes, free):
        raise _explain(model, batch_size, shapes, free, WOULD_RUN_OUT)
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        _lift_limit()
        raise _explain(model, batch_size, shapes, free, RAN_OUT) from error


def _needs_too_much(model: "keras.Model", batch_size: int, shapes: Sequence[tuple[int, ...]], free: int) -> bool:
    """Only where it is clearly more: the estimate may be too high as well."""
    try:
        enough = ENOUGH_WHERE_HIDDEN if has_hidden_memory(model) else ENOUGH
        if enough * guess_memory(model, batch_size) < free:
            return False
        return measure_step(model, batch_size, shapes) > ROOM * free
    except Exception:  # noqa: BLE001 - a model that cannot be measured may still train
        return False


def _explain(
    model: "keras.Model", batch_size: int, shapes: Sequence[tuple[int, ...]], free: int | None, happened: str
) -> EngineError:
    return EngineError("out_of_memory", explain_out_of_memory(model, batch_size, free, shapes, happened=happened))


def _lift_limit() -> None:
    """The explanation needs a little memory too; where there is none TensorFlow would end the process."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
