"""What people ask of a training, put into effect between two chunks of steps."""

from collections.abc import Callable, Sequence

import keras

from engine.training.commands import (
    Command,
    Pause,
    Resume,
    SaveCheckpoint,
    SetEpochs,
    SetLearningRate,
    Stop,
)
from engine.training.control import CommandSource, NoCommands
from engine.training.events import CheckpointCause, MarkKind
from engine.training.reporting import Reporter

PAUSE_POLL_SECONDS = 1.0


class StopTraining(Exception):  # noqa: N818 - not an error: it ends training at once, as asked
    """Training was asked to stop after the current step."""


class LeaveTraining(Exception):  # noqa: N818 - not an error: it ends this process's part of training
    """The process has to end; training goes on elsewhere."""


class Controls:
    """Applies commands to one training. The session says where training is and saves; this decides what is asked.

    `past` are commands that took effect after the checkpoint that training goes on from: they take effect at the same
    steps again, without being reported again, unless somebody asks for something else of their kind before.

    A learning rate that is asked for during a validation is reported at once and takes effect at its end. What
    callbacks do at the end of the epoch depends on the rate, and a repeated training may have no moment to heed in the
    midst of that validation.
    """

    def __init__(
        self,
        source: CommandSource,
        report: Reporter,
        model: keras.Model,
        *,
        position: Callable[[], tuple[int, int]],
        save: Callable[[CheckpointCause], None],
        set_epochs: Callable[[int], None],
        past: Sequence[Command] = (),
        done: int = 0,
    ):
        self._source = source
        self._report = report
        self._model = model
        self._position = position
        self._save = save
        self._set_epochs = set_epochs
        self._past = list(past)
        self._postponed: list[tuple[Command, float, float]] = []
        self._paused = False
        self._newest_done = done
        self.stops_after_epoch = False

    @property
    def done(self) -> int:
        """The number of the newest command that took effect, and all before it."""
        waiting = [*(command for command, _, _ in self._postponed), *self._list_due()]
        return min([self._newest_done, *(command.number - 1 for command in waiting)])

    @property
    def past(self) -> Sequence[Command]:
        """Earlier commands that have not taken effect again yet."""
        return tuple(self._past)

    def steps_until_past(self, step: int) -> int | None:
        """How many steps may be done before an earlier command takes effect again; None where none is left."""
        return None if not self._past else max(0, (self._past[0].at_step or 0) - step)

    def heed(self, *, validating: bool = False) -> None:
        """Does what is asked by now. While training is paused it returns only when it goes on.

        `validating` says that the steps of the epoch are done, and its validation is not.

        Raises:
            StopTraining: somebody asked to stop. LeaveTraining: the process has to end.
        """
        self.repeat_past(validating=validating)
        if not validating:
            self._do_postponed()
        self._heed_new(validating=validating)
        while self._paused:
            self._source.wait(PAUSE_POLL_SECONDS)
            self._heed_new(validating=validating)

    def catch_up(self) -> None:
        """Does what waited for the end of a validation after which no epoch comes."""
        self.repeat_past(validating=False)
        self._do_postponed()

    def repeat_past(self, *, validating: bool) -> None:
        """Lets earlier commands take effect again whose step has come; `validating` as in `heed`."""
        for command in self._list_due():
            if validating and isinstance(command.action, SetLearningRate):
                continue
            self._past.remove(command)
            self._newest_done = max(self._newest_done, command.number)
            if isinstance(command.action, SetLearningRate):
                self._model.optimizer.learning_rate = command.action.learning_rate
            elif isinstance(command.action, SetEpochs):
                self._set_epochs(command.action.epochs)

    def pause(self, reason: str, command: int | None = None) -> None:
        """Pauses, where somebody can end that: `heed` then waits. A checkpoint is the caller's to write."""
        if not self._paused and not isinstance(self._source, NoCommands):
            self._paused = True
            self._mark("paused", f"Paused: {reason}", command)
            self._report.status("paused", reason)

    def _list_due(self) -> list[Command]:
        """Earlier commands that are to take effect again by now."""
        step = self._position()[1]
        return [command for command in self._past if (command.at_step or 0) <= step]

    def _heed_new(self, *, validating: bool) -> None:
        if self._source.is_leaving:
            raise LeaveTraining
        for command in self._source.take():
            self._newest_done = max(self._newest_done, command.number)
            self._past = [one for one in self._past if type(one.action) is not type(command.action)]
            if validating and isinstance(command.action, SetLearningRate):
                self._postpone(command, command.action.learning_rate)
            else:
                self._do(command)

    def _postpone(self, command: Command, rate: float) -> None:
        before = self._read_learning_rate()
        if before is not None:
            self._postponed.append((command, rate, before))
            self._mark_learning_rate(command, before, rate, " from the next epoch on")

    def _do_postponed(self) -> None:
        while self._postponed:
            command, rate, told = self._postponed.pop(0)
            before = self._read_learning_rate()
            if before is None:
                continue
            self._model.optimizer.learning_rate = rate
            if before != told:
                # A callback changed it since: without another mark its own would be the newest.
                self._mark_learning_rate(command, before, rate)

    def _do(self, command: Command) -> None:
        match command.action:
            case Pause():
                if not self._paused:
                    self._save("paused")
                self.pause("asked for", command.number)
            case Resume():
                self._resume(command)
            case Stop(when="epoch"):
                self.stops_after_epoch = True
                self._mark("stopped", "Training ends after this epoch: asked for", command.number)
                self._resume(command)
            case Stop():
                self._mark("stopped", "Training stopped: asked for", command.number)
                raise StopTraining
            case SetLearningRate(learning_rate=rate):
                self._set_learning_rate(rate, command)
            case SaveCheckpoint():
                self._save("asked")
                self._mark("saved", "Checkpoint saved: asked for", command.number)
            case SetEpochs(epochs=epochs):
                self._set_epochs(epochs)
                self._mark("epochs", f"Training goes on until {epochs} epochs are done: asked for", command.number,
                           epochs=float(epochs))  # fmt: skip

    def _resume(self, command: Command) -> None:
        if self._paused:
            self._paused = False
            self._mark("resumed", "Training goes on: asked for", command.number)
            self._report.status("running")

    def _set_learning_rate(self, rate: float, command: Command) -> None:
        before = self._read_learning_rate()
        if before is not None:
            self._model.optimizer.learning_rate = rate
            self._mark_learning_rate(command, before, rate)

    def _read_learning_rate(self) -> float | None:
        """What it is; None where it cannot be changed, which is said."""
        optimizer = self._model.optimizer
        try:
            rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
            # A schedule can be read, and refuses any value.
            optimizer.learning_rate = rate
        except (AttributeError, TypeError, ValueError) as error:
            self._report.log(f"The learning rate stays as it is: {error}", "warning")
            return None
        return rate

    def _mark_learning_rate(self, command: Command, before: float, rate: float, since: str = "") -> None:
        self._mark("learning_rate", f"Learning rate {before:g} → {rate:g}{since}: asked for", command.number,
                   learning_rate=rate)  # fmt: skip

    def _mark(self, kind: MarkKind, message: str, command: int | None, **values: float) -> None:
        epoch, step = self._position()
        source = "run" if command is None else "person"
        self._report.mark(kind, source, message, epoch=epoch, step=step, values=values, command=command)
