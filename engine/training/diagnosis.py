"""Which layer it was whose numbers were not finite first, once a loss is not."""

import time
from typing import Any

import keras
import numpy as np

from engine.backend.programs import Logs
from engine.training.not_finite import find_first_not_finite
from engine.training.reporting import Reporter
from engine.training.stepping import ChunkRunner

SNAPSHOT_SECONDS = 10.0
"""So much training is repeated at most to come to the step in question."""

MAX_SNAPSHOT_BYTES = 1 << 30

Snapshot = list[np.ndarray[Any, np.dtype[Any]]]


class NotFiniteWatch:
    """Looks at every step's loss until one is not finite; then names the step, and the first layer at fault.

    The state before the fatal step is gone by then, so the training is repeated from a snapshot of at most
    `SNAPSHOT_SECONDS` ago up to it, and put back afterwards.
    """

    def __init__(self, model: keras.Model, report: Reporter, steps: ChunkRunner):
        self._model = model
        self._report = report
        self._steps = steps
        self._snapshot: Snapshot | None = None
        self._since: list[tuple[int, int]] = []
        self._taken_at = 0.0
        self.is_watching = True
        """Whether chunks are to end at the first loss that is not finite."""

    def prepare(self) -> None:
        """Before each chunk: takes a snapshot where the last one is old."""
        if not self.is_watching:
            return
        now = time.monotonic()
        if self._snapshot is not None and now - self._taken_at < SNAPSHOT_SECONDS:
            return
        variables = _list_variables(self._model)
        if sum(int(np.prod(one.shape)) for one in variables) * 4 > MAX_SNAPSHOT_BYTES:
            return
        self._snapshot = _copy(variables)
        self._since, self._taken_at = [], now

    def look(self, logs: Logs, first_batch: int, epoch: int, first_step: int) -> None:
        """After each chunk: `first_batch` is its first one's number in a pass, `first_step` since the run's start."""
        if not self.is_watching or "loss" not in logs:
            return
        done = len(logs["loss"])
        if np.isfinite(logs["loss"][-1]):
            self._since.append((first_batch, done))
            return
        self.is_watching = False
        step = first_step + done - 1
        loss = str(float(logs["loss"][-1])).replace("nan", "NaN")
        found = self._find_cause(first_batch, done - 1)
        cause = f": {found}" if found else ""
        message = f"The loss was {loss} for the first time at step {step}, in epoch {epoch + 1}{cause}."
        self._report.mark("not_finite", "run", message, epoch=epoch, step=step)
        self._snapshot, self._since = None, []

    def _find_cause(self, first_batch: int, steps_before: int) -> str | None:
        if self._snapshot is None:
            return None
        variables = _list_variables(self._model)
        now = _copy(variables)
        try:
            _assign(variables, self._snapshot)
            for first, count in [*self._since, (first_batch, steps_before)]:
                if count:
                    self._steps.run(first, count)
            rows = self._steps.list_rows(first_batch + steps_before)
            return find_first_not_finite(self._model, self._steps.samples.take(rows))
        except Exception as error:  # noqa: BLE001 - that the search failed is no reason to end the training
            self._report.log(f"The layer at fault could not be found: {error}", "warning")
            return None
        finally:
            _assign(variables, now)


def _list_variables(model: keras.Model) -> list[Any]:
    every = [*model.variables, *model.metrics_variables, *model.optimizer.variables]
    return list({id(one): one for one in every}.values())


def _copy(variables: list[Any]) -> Snapshot:
    return [np.array(one.numpy()) for one in variables]


def _assign(variables: list[Any], values: Snapshot) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
