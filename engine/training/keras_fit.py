"""The plan `fit`: Keras's own loop does everything, and callbacks of ours report, control and save."""

import time
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np

from engine.training.checkpoints import CheckpointError, CheckpointKeeper
from engine.training.config import FitSettings
from engine.training.controls import Controls, LeaveTraining, StopTraining
from engine.training.events import CheckpointCause
from engine.training.keras_feeding import KerasFeed
from engine.training.progress import StepsBuffer
from engine.training.reporting import Reporter, scalar_logs

TakeControls = Callable[["FitControl"], Controls]


class FitControl(keras.callbacks.Callback):
    """Reports each step and epoch, heeds commands after each batch, and saves between epochs."""

    def __init__(self, report: Reporter, keeper: CheckpointKeeper, make_controls: TakeControls, first_step: int = 0):
        super().__init__()
        self.buffer = StepsBuffer(report, first_step)
        self.epoch = 0
        self._report = report
        self._keeper = keeper
        self._make_controls = make_controls
        self._began = 0.0
        self._epochs_done = 0

    @property
    def position(self) -> tuple[int, int]:
        """The epoch, and the updates since the start."""
        return self.epoch, self.buffer.step

    def on_train_begin(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self.controls = self._make_controls(self)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del logs
        if self._epochs_done and self._keeper.is_due:
            self.save("interval")
        self.controls.heed()
        self.epoch, self._began = epoch, time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, object] | None = None) -> None:
        del batch
        self.buffer.add(self.epoch, {name: np.asarray([value]) for name, value in (logs or {}).items()})
        self.controls.heed()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, object] | None = None) -> None:
        del batch, logs
        self.controls.heed()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        self.buffer.flush()
        self.buffer.logs = scalar_logs(logs)
        self._report.epoch(epoch, self.buffer.step, self.buffer.logs, time.monotonic() - self._began)
        self._epochs_done += 1
        if self.controls.stops_after_epoch:
            self.model.stop_training = True

    def save(self, cause: CheckpointCause) -> None:
        """A checkpoint, which training starts anew from: Keras's loop cannot go on from within."""
        self.buffer.flush()
        try:
            self._keeper.save(self.model, self.epoch, self.buffer.step, self.buffer.logs, cause=cause)
        except CheckpointError as error:
            if cause == "interval":
                self.controls.pause(str(error))


def run_keras_fit(
    model: keras.Model,
    feed: KerasFeed,
    fit: FitSettings,
    callbacks: "Sequence[keras.callbacks.Callback]",
    control: FitControl,
    steps: int,
    verbose: int,
) -> bool:
    """Trains, with `steps` updates in each epoch. Returns whether it was stopped before its end.

    Raises:
        LeaveTraining: the process has to end.
    """
    every = keras.callbacks.CallbackList(
        [*callbacks, control], model=model, epochs=fit.epochs, steps=steps, verbose=verbose, add_progbar=verbose > 0
    )
    try:
        model.fit(**feed.list_arguments(), callbacks=every, verbose=0)
    except StopTraining:
        # What `fit` does at its end: averaged weights are put in place, callbacks close their files.
        model.optimizer.finalize_variable_values(model.trainable_weights)
        every.on_train_end()
        return True
    except LeaveTraining:
        control.save("paused")
        raise
    return control.controls.stops_after_epoch
