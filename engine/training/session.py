"""The training of one compiled model on arrays: epochs, validation, callbacks, control, checkpoints, exact resume.

It does what Keras's `fit` does, in the same order, but for many steps at a time.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.backend.programs import Logs, build_for_training
from engine.data.fingerprint import fingerprint
from engine.graph.document import Graph
from engine.training.beginning import FIRST, Beginning, Outcome
from engine.training.callback_marks import CallbackMarks
from engine.training.checkpoint_files import read_weights_into
from engine.training.checkpoints import CheckpointError, CheckpointKeeper
from engine.training.config import FitSettings, RunConfig
from engine.training.control import CommandSource
from engine.training.controls import Controls, LeaveTraining, StopTraining
from engine.training.diagnosis import NotFiniteWatch
from engine.training.epoch_callbacks import EpochCallbacks
from engine.training.events import CheckpointCause
from engine.training.feeding import FedData
from engine.training.plan_memory import PlanMemory
from engine.training.planning import Planner
from engine.training.progress import StepsBuffer, last_logs
from engine.training.reporting import Reporter, scalar_logs
from engine.training.sample_order import EpochPlan, SampleOrder
from engine.training.samples import Samples, split_data
from engine.training.setup_report import report_setup
from engine.training.state import (
    CallbackMemory,
    Position,
    TrainingState,
    put_callbacks,
    put_variables,
    take_variables,
)
from engine.training.stepping import ChunkRunner


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
        self._model = model
        self._report = report
        self._fit: FitSettings = config.fit
        self._state, self._file = state, file
        self._samples, self._validation = split_data(data, config.fit)
        self._fingerprint = fingerprint(data.arrays)
        self._order = SampleOrder(self._samples.count, config.fit)
        self._epochs = config.fit.epochs if state is None else state.position.epochs
        self._epoch = config.fit.initial_epoch
        self._first_epoch = config.fit.initial_epoch
        self._step_in_epoch = 0
        self._epoch_logs: dict[str, Any] | None = None
        self._newest_logs: dict[str, Any] = {}
        self._is_epoch_over = False
        self._began_epoch = 0.0
        self._fold = beginning.fold
        self._buffer = StepsBuffer(report, beginning.step)
        self._keeper = CheckpointKeeper(directory, report, config.checkpoints, fold=report.fold, graph=graph)
        self._kept = list(callbacks)
        self._history = [one for one in self._kept if type(one) is keras.callbacks.History][-1]
        self._marks = CallbackMarks(report, self._kept, lambda: (self._epoch, self._buffer.step))
        self._callbacks = EpochCallbacks(
            model, self._marks.callbacks or self._kept, self._epochs, self._order.steps_per_epoch, verbose
        )
        self._planner = Planner(config.plan, report, self._samples, PlanMemory(plans), restored=beginning.plan)
        self._controls = Controls(
            commands,
            report,
            model,
            position=lambda: (self._epoch, self._buffer.step),
            save=self._save_where_possible,
            set_epochs=self._set_epochs,
            past=beginning.past,
            done=beginning.commands_done,
        )
        self._open = ExitStack()
        self._steps: ChunkRunner
        self._tests: ChunkRunner | None = None
        self._test_steps = 0
        self._memory: CallbackMemory
        self._watch: NotFiniteWatch

    @property
    def data_fingerprint(self) -> str:
        """What tells the samples from others."""
        return self._fingerprint

    def run(self) -> Outcome:
        """Trains, and says how it ended. The run's final status is the caller's to report.

        Raises:
            Exception: whatever Keras, a layer or a callback raises.
        """
        with self._open:
            return self._train()

    def _train(self) -> Outcome:
        build_for_training(self._model, _first(self._samples, self._fit.batch_size))
        plan = self._planner.start()
        single = self._callbacks.wants_steps
        steps = ChunkRunner(self._model, "train", self._samples, self._order, plan, single=single)
        self._steps = self._open.enter_context(closing(steps))
        if self._validation is not None:
            size = self._fit.validation_batch_size or self._fit.batch_size
            order = SampleOrder(self._validation.count, FitSettings(batch_size=size, shuffle=False))
            test_plan = self._planner.for_validation(plan, self._validation)
            single = self._callbacks.wants_test_steps
            tests = ChunkRunner(self._model, "test", self._validation, order, test_plan, single=single)
            self._tests = self._open.enter_context(closing(tests))
            self._test_steps = min(self._fit.validation_steps or order.batches_in_pass, order.batches_in_pass)
        self._model.stop_training = False
        self._callbacks.begin()
        self._memory = CallbackMemory(self._kept)
        # `BackupAndRestore` says in this way where it goes on.
        self._epoch = self._first_epoch = getattr(self._model, "_initial_epoch", None) or self._epoch
        if self._state is not None:
            with self._marks.put_back(self._model):
                self._go_on(self._state)
        self._watch = NotFiniteWatch(self._model, self._report, self._steps)
        try:
            self._run_epochs(is_resumed=self._state is not None)
        except LeaveTraining:
            self._buffer.flush()
            self._save_where_possible("paused")
            self._callbacks.leave()
            return "left"
        except StopTraining:
            self._end(was_stopped=True)
            return "stopped"
        is_broken_off = self._controls.stops_after_epoch and self._epoch + 1 < self._epochs
        self._end(was_stopped=is_broken_off)
        return "stopped" if is_broken_off else "finished"

    @property
    def was_asked_to_stop(self) -> bool:
        """Whether somebody asked for an end after the epoch; that may have been its last one anyway."""
        return self._controls.stops_after_epoch

    @property
    def epochs(self) -> int:
        """How many there are to be by now."""
        return self._epochs

    @property
    def rest(self) -> Beginning:
        """What the next training of the run begins with, once this one has ended."""
        return Beginning(
            step=self._buffer.step,
            commands_done=self._controls.done,
            past=self._controls.past,
            plan=self._planner.state(self._steps.plan),
            fold=self._fold,
        )

    def _go_on(self, state: TrainingState) -> None:
        """Puts everything back as it was, after the callbacks have been told of beginnings that were before."""
        position = state.position
        self._epoch, self._step_in_epoch = position.epoch, position.step_in_epoch
        self._epoch_logs = None if position.epoch_logs is None else dict(position.epoch_logs)
        if self._step_in_epoch:
            self._model.reset_metrics()
            self._callbacks.begin_epoch(self._epoch)
        if self._file is not None:
            read_weights_into(self._model, self._file)
        put_variables(self._model, state.arrays)
        put_callbacks(self._kept, position.callbacks, state.arrays)

    def _run_epochs(self, *, is_resumed: bool) -> None:
        if is_resumed:
            # A finished training goes on only because somebody asked for more epochs.
            self._controls.heed(validating=self._epoch_logs is not None)
        while self._epoch < self._epochs:
            plan = self._order.plan_epoch(self._epoch - self._first_epoch)
            self._began_epoch = time.monotonic()
            if not self._step_in_epoch:
                self._controls.heed()
                self._begin_epochs(plan)
            if self._epoch_logs is None:
                self._run_steps(plan)
            self._end_epoch(plan)
            if self._model.stop_training or self._controls.stops_after_epoch or self._epoch + 1 >= self._epochs:
                self._controls.catch_up()
                return
            if self._keeper.is_due:
                self._save_where_possible("interval")
            self._go_to_next_epoch()

    def _begin_epochs(self, plan: EpochPlan) -> None:
        """Begins one epoch; or several short ones, whose steps are done in one chunk: all but the last have ended."""
        epochs = self._count_epochs_at_once(plan)
        if epochs == 1:
            self._callbacks.begin_epoch(self._epoch)
            return
        logs = self._run_chunk(plan, 0, epochs * plan.steps)
        done = len(next(iter(logs.values())))
        seconds = (time.monotonic() - self._began_epoch) * plan.steps / done
        for first in range(0, done, plan.steps):
            if first:
                self._began_epoch = time.monotonic() - seconds
                self._end_epoch(plan)
                self._go_to_next_epoch()
            self._callbacks.begin_epoch(self._epoch)
            self._note_steps(plan, {name: values[first : first + plan.steps] for name, values in logs.items()})
        self._began_epoch = time.monotonic() - seconds

    def _count_epochs_at_once(self, plan: EpochPlan) -> int:
        """How many whole epochs the next chunk has: as many as it has room for, where nobody acts in between."""
        acts = self._tests is not None or self._callbacks.see_epochs or self._controls.stops_after_epoch
        if acts or self._fit.steps_per_epoch or not self._steps.goes_on_after_pass:
            return 1
        return max(1, min(self._count_steps_at_once() // plan.steps, self._epochs - self._epoch))

    def _count_steps_at_once(self) -> int:
        count, until = self._steps.length.steps, self._controls.steps_until_past(self._buffer.step)
        return min(count, until) if until else count

    def _run_steps(self, plan: EpochPlan) -> None:
        while self._step_in_epoch < plan.steps and not self._model.stop_training:
            before = self._step_in_epoch
            self._callbacks.begin_steps(before)
            logs = self._run_chunk(plan, before, min(self._count_steps_at_once(), plan.steps - before))
            self._note_steps(plan, logs)
            self._callbacks.end_steps(before, logs)
            if self._step_in_epoch == plan.steps or self._model.stop_training:
                break
            self._controls.heed()
            if self._keeper.is_due:
                self._save_where_possible("interval")
        if self._epoch_logs is None:
            self._epoch_logs = self._newest_logs or self._model.get_metrics_result()

    def _run_chunk(self, plan: EpochPlan, step: int, count: int) -> Logs:
        """Runs so many steps from a step of the epoch on; the logs of those that were done."""
        self._watch.prepare()
        first = plan.first_batch + step
        logs = self._steps.run(first, count, halt=self._watch.is_watching, restart=step == 0)
        done = len(next(iter(logs.values())))
        self._watch.look(logs, first, self._epoch + (step + done - 1) // plan.steps, self._buffer.step)
        steps_left = plan.steps * (self._epochs - self._epoch) - step - done
        self._planner.note(self._model, self._steps, steps_left)
        return logs

    def _note_steps(self, plan: EpochPlan, logs: Logs) -> None:
        """These steps of the current epoch are done."""
        self._buffer.add(self._epoch, logs, self._steps.last_wait)
        self._step_in_epoch += len(next(iter(logs.values())))
        self._newest_logs = last_logs(logs)
        if self._step_in_epoch == plan.steps:
            self._epoch_logs = self._newest_logs

    def _go_to_next_epoch(self) -> None:
        self._epoch, self._step_in_epoch = self._epoch + 1, 0
        self._epoch_logs, self._newest_logs = None, {}
        self._is_epoch_over = False

    def _end_epoch(self, plan: EpochPlan) -> None:
        self._step_in_epoch = plan.steps
        self._buffer.flush()
        logs = dict(self._epoch_logs or {})
        if self._tests is not None and (self._epoch + 1) % self._fit.validation_freq == 0:
            logs |= {f"val_{name}": value for name, value in self._validate(self._tests).items()}
            # More epochs may have been asked for in the midst of it, where this time nobody looked.
            self._controls.repeat_past(validating=True)
        self._callbacks.end_epoch(self._epoch, logs)
        self._epoch_logs = logs
        self._is_epoch_over = True
        seconds = time.monotonic() - self._began_epoch
        self._buffer.logs = scalar_logs(logs)
        self._report.epoch(self._epoch, self._buffer.step, scalar_logs(logs), seconds)

    def _validate(self, tests: ChunkRunner) -> dict[str, Any]:
        self._callbacks.begin_test()
        done = 0
        logs: dict[str, Any] = {}
        while done < self._test_steps:
            self._callbacks.begin_test_steps(done)
            count = min(tests.length.steps, self._test_steps - done)
            chunk = tests.run(done, count, restart=done == 0)
            self._callbacks.end_test_steps(done, chunk)
            logs = last_logs(chunk)
            done += count
            if done < self._test_steps:
                self._controls.heed(validating=True)
        self._callbacks.end_test(logs)
        return logs

    def _end(self, *, was_stopped: bool) -> None:
        self._buffer.flush()
        self._planner.finish(self._steps)
        if was_stopped:
            # Before anything is put back or averaged for good: a stopped training can go on exactly.
            self._save_where_possible("end")
        # What `fit` does at its end: averaged weights are put in place, callbacks close their files.
        self._model.optimizer.finalize_variable_values(self._model.trainable_weights)
        self._callbacks.end(self._epoch_logs)
        if not was_stopped and self._fold is not None:
            self._fold = self._fold.end(self._history)
        if not was_stopped and self._buffer.step:
            self._save_where_possible("end")

    def _set_epochs(self, epochs: int) -> None:
        self._epochs = epochs
        self._callbacks.set_epochs(epochs)
        self.report_setup()

    def report_setup(self) -> None:
        """Reports what is trained."""
        report_setup(
            self._report,
            self._model,
            epochs=self._epochs,
            steps_per_epoch=self._order.steps_per_epoch,
            samples=self._samples.count,
            validation_samples=0 if self._validation is None else self._validation.count,
            batch_size=self._fit.batch_size,
        )

    def _save_where_possible(self, cause: CheckpointCause) -> None:
        """Writes a checkpoint; where there is no room the run pauses, so that nothing is trained in vain."""
        self._buffer.flush()
        try:
            self._keeper.save(
                self._model,
                self._epoch,
                self._buffer.step,
                self._buffer.logs,
                cause=cause,
                state=self._take_state(),
                position=self._step_in_epoch,
            )
        except CheckpointError as error:
            if cause == "interval":
                self._controls.pause(str(error))

    def _take_state(self) -> TrainingState:
        states, arrays = self._memory.take()
        is_over = self._is_epoch_over
        logs = None if is_over else self._epoch_logs
        position = Position(
            epoch=self._epoch + is_over,
            step_in_epoch=0 if is_over else self._step_in_epoch,
            step=self._buffer.step,
            epochs=self._epochs,
            data=self._fingerprint,
            plan=self._planner.state(self._steps.plan),
            epoch_logs=None if logs is None else scalar_logs(logs),
            commands_done=self._controls.done,
            callbacks=states,
            fold=self._fold,
        )
        return TrainingState(position=position, arrays={**take_variables(self._model), **arrays})


def _first(samples: Samples, batch_size: int) -> Sequence[Any]:
    # A whole batch, as `fit` takes it: a stateful RNN refuses any other number of samples.
    return tuple(samples.take(np.arange(min(batch_size, samples.count))))
