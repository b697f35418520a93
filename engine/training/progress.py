"""The Keras callbacks of a run: report every step, keep checkpoints, stop when asked to."""

import time
from collections.abc import Callable, Mapping

import keras

from engine.training.checkpoints import CheckpointKeeper
from engine.training.reporting import Reporter, scalar_logs

FLUSH_SECONDS = 0.1
"""Half of what may pass until a step is seen. More often, the sending would be felt by models with very short steps."""
MAX_STEPS_PER_EVENT = 1000


class StopTraining(Exception):  # noqa: N818 - not an error: it ends `fit` at once, as asked
    """Training was asked to stop. `stop_training` would still go through the whole validation."""


class ProgressReporter(keras.callbacks.Callback):
    """Reports each step's logs and each epoch's.

    The first step is reported at once, later ones together with those of the last 100 ms, so that a step costs only
    what it takes to append a few numbers. `step` counts the updates since the start of the run, `epoch` is the current
    one, `logs` are the newest logs, of a step or of an epoch.
    """

    def __init__(self, report: Reporter):
        super().__init__()
        self._report = report
        self.step = 0
        self.epoch = 0
        self.logs: dict[str, float] = {}
        self._pending: dict[str, list[float]] = {}
        self._first_pending = 0
        self._flush_at = 0.0
        self._epoch_started = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self.epoch = epoch
        self._epoch_started = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, object] | None = None) -> None:
        del batch
        values = scalar_logs(logs)
        if values.keys() != self._pending.keys():
            self.flush()
            self._pending = {name: [] for name in values}
        for name, value in values.items():
            self._pending[name].append(value)
        self.step += 1
        self.logs = values
        if time.monotonic() >= self._flush_at or self.step - self._first_pending >= MAX_STEPS_PER_EVENT:
            self.flush()

    def on_test_begin(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self.flush()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        self.flush()
        self.logs = scalar_logs(logs)
        self._report.epoch(epoch, self.step, self.logs, time.monotonic() - self._epoch_started)

    def on_train_end(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self.flush()

    def flush(self) -> None:
        """Reports the steps that wait."""
        if self.step == self._first_pending:
            return
        self._report.steps(self.epoch, self._first_pending, self._pending)
        self._pending = {name: [] for name in self._pending}
        self._first_pending = self.step
        self._flush_at = time.monotonic() + FLUSH_SECONDS


class StopRequests(keras.callbacks.Callback):
    """Raises `StopTraining` after the step during which `should_stop` came to answer True."""

    def __init__(self, should_stop: Callable[[], bool]):
        super().__init__()
        self._should_stop = should_stop

    def stop_if_asked(self, number: int, logs: Mapping[str, object] | None = None) -> None:
        """What each of the hooks below does."""
        del number, logs
        if self._should_stop():
            raise StopTraining

    on_epoch_begin = stop_if_asked
    on_train_batch_end = stop_if_asked
    on_test_batch_end = stop_if_asked


class CheckpointSaver(keras.callbacks.Callback):
    """Saves between epochs, when the last checkpoint is old enough.

    It does so when the next epoch begins, so that the end of training, which always makes one, is not saved twice.
    """

    def __init__(self, keeper: CheckpointKeeper, progress: ProgressReporter):
        super().__init__()
        self._keeper = keeper
        self._progress = progress
        self._finished_epoch: int | None = None

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del epoch, logs
        if self._finished_epoch is not None and self._keeper.is_due:
            self._keeper.save(self.model, self._finished_epoch, self._progress.step, self._progress.logs)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self._finished_epoch = epoch
