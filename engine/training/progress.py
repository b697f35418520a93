"""Reports the logs of steps, gathered for as long as a person would not notice."""

import time
from typing import Any

import numpy as np

from engine.backend.programs import Logs
from engine.training.events import WAIT
from engine.training.reporting import Reporter

FLUSH_SECONDS = 0.1
"""Half of what may pass until a step is seen. More often, the sending would be felt by models with very short steps."""

MAX_STEPS_PER_EVENT = 10_000


class StepsBuffer:
    """Takes the logs of steps as they are done, and reports those of the last 100 ms together; the first one at once.

    `step` counts the updates since the start of the run, `logs` are the newest scalar logs.
    """

    def __init__(self, report: Reporter, step: int = 0):
        self._report = report
        self.step = step
        self.logs: dict[str, float] = {}
        self._epoch = 0
        self._pending: list[dict[str, np.ndarray[Any, np.dtype[Any]]]] = []
        self._first_pending = step
        self._flush_at = 0.0

    def add(self, epoch: int, logs: Logs, waited: float | None = None) -> None:
        """The logs of steps that were done one after the other, each an array along them; not only scalars.

        `waited` is for how many seconds they waited for their samples, all of them together; None where they lie on the
        device.
        """
        curves = {name: values for name, values in logs.items() if values.ndim == 1}
        count = len(next(iter(logs.values()))) if logs else 0
        if count == 0:
            return
        self.logs = {name: float(values[-1]) for name, values in curves.items()}
        if waited is not None:
            curves.setdefault(WAIT, np.full(count, 1000 * waited / count))
        if self._pending and (curves.keys() != self._pending[0].keys() or epoch != self._epoch):
            self.flush()
        self._epoch = epoch
        self._pending.append(curves)
        self.step += count
        if time.monotonic() >= self._flush_at or self.step - self._first_pending >= MAX_STEPS_PER_EVENT:
            self.flush()

    def flush(self) -> None:
        """Reports the steps that wait."""
        if not self._pending:
            return
        values = {name: np.concatenate([one[name] for one in self._pending]).tolist() for name in self._pending[0]}
        self._report.steps(self._epoch, self._first_pending, values)
        self._pending = []
        self._first_pending = self.step
        self._flush_at = time.monotonic() + FLUSH_SECONDS


def last_logs(logs: Logs) -> dict[str, Any]:
    """The logs of the last step as Keras hands them to callbacks: floats, arrays where a metric is one."""
    return {name: _to_python(values[-1]) for name, values in logs.items()}


def _to_python(value: Any) -> Any:  # noqa: ANN401 - a number, or an array of any shape
    return value.item() if np.ndim(value) == 0 else np.asarray(value)
