"""The making of a run's numbered events, from whichever thread has something to say."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Literal, TypeVar

from engine.training.events import (
    FINAL_STATUSES,
    CheckpointEvent,
    ClassWeight,
    EpochEvent,
    Event,
    LogEvent,
    MarkEvent,
    MarkKind,
    PlanEvent,
    RunStatus,
    SetupEvent,
    StatusEvent,
    StepsEvent,
)
from engine.training.fold_names import name_in_fold

Value = TypeVar("Value")
Level = Literal["debug", "info", "warning", "error"]
MAX_MESSAGE = 100_000


def _ignore(event: Event) -> None:
    del event


class Reporter:
    """Numbers the events of one run without a gap and hands each to `sink`, in the order of their numbers.

    Any thread may report. `first_seq` is the number of the first event. A final status is the last event: what comes
    after it is dropped. `fold` and `folds` are set while a K-fold run trains one of its models: events then say which
    one, and metrics are named after it.
    """

    def __init__(self, sink: Callable[[Event], None] = _ignore, first_seq: int = 1):
        self._sink = sink
        self._next_seq = first_seq
        self._ended = False
        self._lock = threading.Lock()
        self.fold: int | None = None
        self.folds: int | None = None
        self.class_weights: Sequence[ClassWeight] = ()
        """Those of the model in training, for its setup."""
        self.prepared: str | None = None
        """What the setup says of texts that go into the model."""

    def status(self, status: RunStatus, reason: str | None = None) -> None:
        """The run changed its status."""
        self._emit(lambda seq, time: StatusEvent(seq=seq, time=time, status=status, reason=reason))

    def setup(self, body: Mapping[str, int]) -> None:
        """What will be trained: the numbers that a `SetupEvent` has."""
        within: dict[str, object] = {
            "class_weights": list(self.class_weights),
            "fold": self.fold,
            "folds": self.folds,
            "prepared": self.prepared,
        }
        self._emit(lambda seq, time: SetupEvent.model_validate({**body, **within, "seq": seq, "time": time}))

    def plan(self, body: Mapping[str, object]) -> None:
        """How the steps are run: what a `PlanEvent` says about it."""
        self._emit(lambda seq, time: PlanEvent.model_validate({**body, "seq": seq, "time": time}))

    def steps(self, epoch: int, first_step: int, values: dict[str, list[float]]) -> None:
        """The logs of consecutive steps."""
        # Not validated again: the loop itself made the numbers, and there may be very many of them.
        make = partial(StepsEvent.model_construct, epoch=epoch, first_step=first_step, fold=self.fold)
        named = self._name(values)
        self._emit(lambda seq, time: make(seq=seq, time=time, values=named))

    def epoch(self, epoch: int, step: int, logs: dict[str, float], seconds: float) -> None:
        """The end of an epoch."""
        make = partial(EpochEvent, epoch=epoch, step=step, seconds=seconds, fold=self.fold)
        named = self._name(logs)
        self._emit(lambda seq, time: make(seq=seq, time=time, logs=named))

    def mark(
        self,
        kind: MarkKind,
        source: str,
        message: str,
        *,
        epoch: int,
        step: int,
        values: Mapping[str, float] | None = None,
        command: int | None = None,
    ) -> None:
        """Something that happened at a step and belongs on the curve; the arguments are a `MarkEvent`'s."""
        body = {"kind": kind, "source": source, "message": message, "epoch": epoch, "step": step, "command": command}
        body |= {"values": dict(values or {}), "fold": self.fold}
        self._emit(lambda seq, time: MarkEvent.model_validate({**body, "seq": seq, "time": time}))

    def checkpoint(self, body: Mapping[str, object]) -> None:
        """A checkpoint is on disk: what a `CheckpointEvent` says about it."""
        within = {"fold": self.fold}
        self._emit(lambda seq, time: CheckpointEvent.model_validate({**body, **within, "seq": seq, "time": time}))

    def log(self, message: str, level: Level = "info") -> None:
        """Lines for the run's log; what is beyond the longest message is cut off."""
        cut = message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE - 1] + "…"
        self._emit(lambda seq, time: LogEvent(seq=seq, time=time, level=level, message=cut))

    def _name(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {name_in_fold(name, self.fold): value for name, value in values.items()}

    def _emit(self, make_event: Callable[[int, datetime], Event]) -> None:
        with self._lock:
            if self._ended:
                return
            event = make_event(self._next_seq, datetime.now(UTC))
            self._sink(event)
            self._next_seq += 1
            self._ended = isinstance(event, StatusEvent) and event.status in FINAL_STATUSES


def scalar_logs(logs: Mapping[str, object] | None) -> dict[str, float]:
    """The logs that are single numbers: those that a curve can show. Metrics that answer arrays are left out."""
    return {name: float(value) for name, value in (logs or {}).items() if isinstance(value, int | float)}
