"""Goes through the epochs of a training in the order in which Keras's `fit` does, many steps at a time."""

import time
from dataclasses import dataclass

import keras

from engine.backend.programs import Logs
from engine.training.config import FitSettings
from engine.training.controls import Controls
from engine.training.diagnosis import NotFiniteWatch
from engine.training.epoch_callbacks import EpochCallbacks
from engine.training.place import Place
from engine.training.planning import Planner
from engine.training.progress import StepsBuffer
from engine.training.reporting import Reporter, scalar_logs
from engine.training.sample_order import EpochPlan, SampleOrder
from engine.training.saving import Saving
from engine.training.stepping import ChunkRunner
from engine.training.validating import Validation


@dataclass(frozen=True, slots=True)
class Epochs:
    """The epochs of one training: steps, validation, callbacks, what people ask, and checkpoints between them."""

    model: keras.Model
    fit: FitSettings
    report: Reporter
    order: SampleOrder
    place: Place
    buffer: StepsBuffer
    callbacks: EpochCallbacks
    planner: Planner
    controls: Controls
    saving: Saving
    steps: ChunkRunner
    validation: Validation | None
    watch: NotFiniteWatch

    def run(self, *, is_resumed: bool) -> None:
        """Trains from where it is to the last epoch, or to where a callback ends it or somebody asks for it.

        Raises:
            StopTraining: somebody asked to stop at once. LeaveTraining: the process has to end.
        """
        place = self.place
        if is_resumed:
            # A finished training goes on only because somebody asked for more epochs.
            self.controls.heed(validating=place.epoch_logs is not None)
        while place.epoch < place.epochs:
            plan = self.order.plan_epoch(place.epoch - place.first_epoch)
            place.began_epoch = time.monotonic()
            if not place.step_in_epoch:
                self.controls.heed()
                self._begin_epochs(plan)
            if place.epoch_logs is None:
                self._run_steps(plan)
            self._end_epoch(plan)
            if self.model.stop_training or self.controls.stops_after_epoch or place.is_last_epoch:
                self.controls.catch_up()
                return
            self.saving.save_if_due()
            place.go_to_next_epoch()

    def _begin_epochs(self, plan: EpochPlan) -> None:
        """Begins one epoch; or several short ones, whose steps are done in one chunk: all but the last have ended."""
        place = self.place
        epochs = self._count_epochs_at_once(plan)
        if epochs == 1:
            self.callbacks.begin_epoch(place.epoch)
            return
        logs = self._run_chunk(plan, 0, epochs * plan.steps)
        done = len(next(iter(logs.values())))
        seconds = (time.monotonic() - place.began_epoch) * plan.steps / done
        for first in range(0, done, plan.steps):
            if first:
                place.began_epoch = time.monotonic() - seconds
                self._end_epoch(plan)
                place.go_to_next_epoch()
            self.callbacks.begin_epoch(place.epoch)
            self._note_steps(plan, {name: values[first : first + plan.steps] for name, values in logs.items()})
        place.began_epoch = time.monotonic() - seconds

    def _count_epochs_at_once(self, plan: EpochPlan) -> int:
        """How many whole epochs the next chunk has: as many as it has room for, where nobody acts in between."""
        acts = self.validation is not None or self.callbacks.see_epochs or self.controls.stops_after_epoch
        if acts or self.fit.steps_per_epoch or not self.steps.goes_on_after_pass:
            return 1
        return max(1, min(self._count_steps_at_once() // plan.steps, self.place.epochs - self.place.epoch))

    def _count_steps_at_once(self) -> int:
        count, until = self.steps.length.steps, self.controls.steps_until_past(self.buffer.step)
        return min(count, until) if until else count

    def _run_steps(self, plan: EpochPlan) -> None:
        place = self.place
        while place.step_in_epoch < plan.steps and not self.model.stop_training:
            before = place.step_in_epoch
            self.callbacks.begin_steps(before)
            logs = self._run_chunk(plan, before, min(self._count_steps_at_once(), plan.steps - before))
            self._note_steps(plan, logs)
            self.callbacks.end_steps(before, logs)
            if place.step_in_epoch == plan.steps or self.model.stop_training:
                break
            self.controls.heed()
            self.saving.save_if_due()
        if place.epoch_logs is None:
            place.epoch_logs = place.newest_logs or self.model.get_metrics_result()

    def _run_chunk(self, plan: EpochPlan, step: int, count: int) -> Logs:
        """Runs so many steps from a step of the epoch on; the logs of those that were done."""
        self.watch.prepare()
        first = plan.first_batch + step
        logs = self.steps.run(first, count, halt=self.watch.is_watching, restart=step == 0)
        done = len(next(iter(logs.values())))
        self.watch.look(logs, first, self.place.epoch + (step + done - 1) // plan.steps, self.buffer.step)
        steps_left = plan.steps * (self.place.epochs - self.place.epoch) - step - done
        self.planner.note(self.model, self.steps, steps_left)
        return logs

    def _note_steps(self, plan: EpochPlan, logs: Logs) -> None:
        self.buffer.add(self.place.epoch, logs, self.steps.last_wait)
        self.place.note_steps(plan, logs)

    def _end_epoch(self, plan: EpochPlan) -> None:
        place = self.place
        place.step_in_epoch = plan.steps
        self.buffer.flush()
        logs = dict(place.epoch_logs or {})
        if self.validation is not None and self.validation.is_due(place.epoch):
            results = self.validation.run(self.callbacks, self.controls)
            logs |= {f"val_{name}": value for name, value in results.items()}
        self.callbacks.end_epoch(place.epoch, logs)
        place.epoch_logs = logs
        place.is_epoch_over = True
        self.buffer.logs = scalar_logs(logs)
        self.report.epoch(place.epoch, self.buffer.step, self.buffer.logs, time.monotonic() - place.began_epoch)
