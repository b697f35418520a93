"""The training of one compiled model on arrays: epochs, validation, callbacks, control, checkpoints, exact resume.

It does what Keras's `fit` does, in the same order, but for many steps at a time. This puts its parts together, begins
and ends it; `engine.training.epochs` goes through the epochs, `engine.training.saving` writes checkpoints.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.backend.programs import build_for_training
from engine.data.fingerprint import fingerprint
from engine.graph.document import Graph
from engine.training.beginning import FIRST, Beginning, Outcome
from engine.training.callback_marks import CallbackMarks
from engine.training.checkpoint_files import read_weights_into
from engine.training.checkpoints import CheckpointKeeper
from engine.training.config import RunConfig
from engine.training.control import CommandSource
from engine.training.controls import Controls, LeaveTraining, StopTraining
from engine.training.diagnosis import NotFiniteWatch
from engine.training.epoch_callbacks import EpochCallbacks
from engine.training.epochs import Epochs
from engine.training.events import CheckpointCause
from engine.training.feeding import FedData
from engine.training.place import Place
from engine.training.plan_memory import PlanMemory
from engine.training.planning import Planner
from engine.training.progress import StepsBuffer
from engine.training.reporting import Reporter
from engine.training.sample_order import SampleOrder
from engine.training.samples import Samples, split_data
from engine.training.saving import Saving
from engine.training.setup_report import report_setup
from engine.training.state import CallbackMemory, TrainingState, put_callbacks, put_variables
from engine.training.stepping import ChunkRunner, Plan
from engine.training.validating import Validation, order_validation


class Session:
    """One training, from its beginning or from a checkpoint to its end.

    `callbacks` are Keras's, the user's own and History. `beginning` is what it has from trainings before it, `state`
    and `file` are those of the checkpoint that training goes on from. `plans` is the file that remembers how fast plans
    were. `graph` is kept in every checkpoint, where training starts with another than the run has.
    """

    def __init__(
        self,
        model: keras.Model,
        data: FedData,
        config: RunConfig,
        directory: Path,
        report: Reporter,
        *,
        callbacks: "Sequence[keras.callbacks.Callback]",
        commands: CommandSource,
        verbose: int = 0,
        beginning: Beginning = FIRST,
        state: TrainingState | None = None,
        file: Path | None = None,
        plans: Path | None = None,
        graph: Graph | None = None,
    ):
        self._model, self._report, self._fit = model, report, config.fit
        self._state, self._file = state, file
        self._samples, self._validation_samples = split_data(data, config.fit)
        self._fingerprint = fingerprint(data.arrays)
        self._order = SampleOrder(self._samples.count, config.fit)
        first, epochs = config.fit.initial_epoch, config.fit.epochs
        self._place = Place(first, epochs if state is None else state.position.epochs, first, beginning.fold)
        self._buffer = StepsBuffer(report, beginning.step)
        self._keeper = CheckpointKeeper(directory, report, config.checkpoints, fold=report.fold, graph=graph)
        self._kept = list(callbacks)
        self._history = [one for one in self._kept if type(one) is keras.callbacks.History][-1]
        self._marks = CallbackMarks(report, self._kept, self._find_position)
        watched = self._marks.callbacks or self._kept
        self._callbacks = EpochCallbacks(model, watched, self.epochs, self._order.steps_per_epoch, verbose)
        self._planner = Planner(config.plan, report, self._samples, PlanMemory(plans), restored=beginning.plan)
        self._controls = Controls(
            commands, report, model,
            position=self._find_position, save=self._save, set_epochs=self._set_epochs,
            past=beginning.past, done=beginning.commands_done,
        )  # fmt: skip
        self._open = ExitStack()
        self._steps: ChunkRunner
        self._saving: Saving

    @property
    def data_fingerprint(self) -> str:
        """What tells the samples from others."""
        return self._fingerprint

    @property
    def was_asked_to_stop(self) -> bool:
        """Whether somebody asked for an end after the epoch; that may have been its last one anyway."""
        return self._controls.stops_after_epoch

    @property
    def epochs(self) -> int:
        """How many there are to be by now."""
        return self._place.epochs

    @property
    def rest(self) -> Beginning:
        """What the next training of the run begins with, once this one has ended."""
        return Beginning(
            step=self._buffer.step,
            commands_done=self._controls.done,
            past=self._controls.past,
            plan=self._planner.state(self._steps.plan),
            fold=self._place.fold,
        )

    def run(self) -> Outcome:
        """Trains, and says how it ended. The run's final status is the caller's to report.

        Raises:
            Exception: whatever Keras, a layer or a callback raises.
        """
        with self._open:
            epochs = self._begin()
            try:
                epochs.run(is_resumed=self._state is not None)
            except LeaveTraining:
                self._buffer.flush()
                self._save("paused")
                self._callbacks.leave()
                return "left"
            except StopTraining:
                self._end(was_stopped=True)
                return "stopped"
            is_broken_off = self._controls.stops_after_epoch and not self._place.is_last_epoch
            self._end(was_stopped=is_broken_off)
            return "stopped" if is_broken_off else "finished"

    def report_setup(self) -> None:
        """Reports what is trained."""
        report_setup(
            self._report,
            self._model,
            epochs=self.epochs,
            steps_per_epoch=self._order.steps_per_epoch,
            samples=self._samples.count,
            validation_samples=0 if self._validation_samples is None else self._validation_samples.count,
            batch_size=self._fit.batch_size,
        )

    def _begin(self) -> Epochs:
        """Everything is ready for the first step, or for the one after the checkpoint's."""
        model, place = self._model, self._place
        build_for_training(model, _first(self._samples, self._fit.batch_size))
        plan = self._planner.start()
        single = self._callbacks.wants_steps
        self._steps = self._open_runner(ChunkRunner(model, "train", self._samples, self._order, plan, single=single))
        validation = self._open_validation(plan)
        model.stop_training = False
        self._callbacks.begin()
        self._saving = Saving(
            model, self._fingerprint, self._keeper, place, self._buffer, self._planner, self._steps,
            CallbackMemory(self._kept), self._controls,
        )  # fmt: skip
        # `BackupAndRestore` says in this way where it goes on.
        place.epoch = place.first_epoch = getattr(model, "_initial_epoch", None) or place.epoch
        if self._state is not None:
            with self._marks.put_back(model):
                self._go_on(self._state)
        return Epochs(
            model, self._fit, self._report, self._order, place, self._buffer, self._callbacks, self._planner,
            self._controls, self._saving, self._steps, validation, NotFiniteWatch(model, self._report, self._steps),
        )  # fmt: skip

    def _open_validation(self, plan: Plan) -> Validation | None:
        samples = self._validation_samples
        if samples is None:
            return None
        order, steps = order_validation(samples, self._fit)
        plan = self._planner.for_validation(plan, samples)
        single = self._callbacks.wants_test_steps
        tests = self._open_runner(ChunkRunner(self._model, "test", samples, order, plan, single=single))
        return Validation(self._fit, tests, steps)

    def _open_runner(self, runner: ChunkRunner) -> ChunkRunner:
        return self._open.enter_context(closing(runner))

    def _go_on(self, state: TrainingState) -> None:
        """Puts everything back as it was, after the callbacks have been told of beginnings that were before."""
        self._place.put_back(state.position)
        if self._place.step_in_epoch:
            self._model.reset_metrics()
            self._callbacks.begin_epoch(self._place.epoch)
        if self._file is not None:
            read_weights_into(self._model, self._file)
        put_variables(self._model, state.arrays)
        put_callbacks(self._kept, state.position.callbacks, state.arrays)

    def _end(self, *, was_stopped: bool) -> None:
        self._buffer.flush()
        self._planner.finish(self._steps)
        if was_stopped:
            # Before anything is put back or averaged for good: a stopped training can go on exactly.
            self._save("end")
        # What `fit` does at its end: averaged weights are put in place, callbacks close their files.
        self._model.optimizer.finalize_variable_values(self._model.trainable_weights)
        self._callbacks.end(self._place.epoch_logs)
        if was_stopped:
            return
        if self._place.fold is not None:
            self._place.fold = self._place.fold.end(self._history)
        if self._buffer.step:
            self._save("end")

    def _save(self, cause: CheckpointCause) -> None:
        self._saving.save(cause)

    def _set_epochs(self, epochs: int) -> None:
        self._place.epochs = epochs
        self._callbacks.set_epochs(epochs)
        self.report_setup()

    def _find_position(self) -> tuple[int, int]:
        """The epoch, and the updates since the start of the run."""
        return self._place.epoch, self._buffer.step


def _first(samples: Samples, batch_size: int) -> Sequence[Any]:
    # A whole batch, as `fit` takes it: a stateful RNN refuses any other number of samples.
    return tuple(samples.take(np.arange(min(batch_size, samples.count))))
