"""Runs as the API shows them."""

import math
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.training.config import RunConfig
from engine.training.events import CheckpointCause, Event, LogEvent, Number, PlanEvent, RunStatus
from server.schemas.names import DisplayName
from server.schemas.run_start import RunStart, StartReport


class RunCreate(BaseModel):
    """Train a model: the named version or, where None, the draft (which becomes a version if it is not one yet).

    With `start` the layers whose names and shapes are those of another run's checkpoint start with its weights.
    """

    model_config = ConfigDict(extra="forbid")
    model_id: str
    version_id: str | None = None
    name: DisplayName | None = None
    config: RunConfig
    start: RunStart | None = None

    @model_validator(mode="after")
    def refuse_two_starts(self) -> Self:
        if self.start is not None and self.config.weights is not None:
            raise ValueError("expected either start or config.weights, both say what training starts with")
        return self


class RunUpdate(BaseModel):
    """What is sent is changed, the rest is left.

    `learning_rate` is what a run that is not over trains on with. `epochs` is how many it trains, counted from its
    start; a finished run goes on where that is more than it has done.
    """

    model_config = ConfigDict(extra="forbid")
    name: DisplayName | None = None
    notes: Annotated[str, Field(max_length=10_000)] | None = None
    learning_rate: Annotated[float, Field(gt=0, lt=math.inf, strict=True)] | None = None
    epochs: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] | None = None


class RunStop(BaseModel):
    """When a run is to stop: after the current step, or after the current epoch with its validation."""

    model_config = ConfigDict(extra="forbid")
    when: Literal["step", "epoch"] = "step"


class RunResume(BaseModel):
    """From which of its checkpoints a run goes on; None is the newest that is whole."""

    model_config = ConfigDict(extra="forbid")
    checkpoint: Annotated[str, Field(min_length=1, max_length=36)] | None = None


class RunPublic(BaseModel):
    """A run without its curves. `last_seq` is the number of its newest stored event; `latest` are its newest logs.

    `start_report` says what became of the checkpoint that it started from, None where it started from none.
    `attempts` is how many workers it has had, `plan` how its steps are run, None before that is known. `can_resume`
    says that it does not train and could go on: it is paused, or over with a checkpoint to go on from (a finished one
    needs more epochs for that). `trained_seconds` is how long it has trained before `training_since`, when it last
    began to, None while it does not: the time that it was paused or waited does not count.

    A run of several folds says which `fold` of how many `folds` it trains: `epoch`, `epochs` and `steps_per_epoch` are
    that one's, `step` counts on. `latest` has the newest logs of each fold (`fold_1/val_loss`) and, of those that have
    ended, mean and standard deviation (`mean/val_loss`, `std/val_loss`).
    """

    id: str
    name: str
    notes: str
    model_id: str | None
    model_name: str
    version_id: str | None
    version_number: int | None
    status: RunStatus
    reason: str | None
    config: RunConfig
    start_report: StartReport | None
    fold: int | None
    folds: int | None
    epoch: int | None
    epochs: int
    step: int | None
    steps_per_epoch: int | None
    latest: dict[str, Number]
    last_seq: int
    attempts: int
    plan: PlanEvent | None
    can_resume: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    trained_seconds: float
    training_since: datetime | None


class RunPage(BaseModel):
    items: list[RunPublic]
    next_cursor: str | None


class HistoryPublic(BaseModel):
    """Keras's `History`: `history` has one list per metric with a number per epoch; `epoch` are the epoch numbers.

    Of a run with folds each has its own metrics (`fold_1/loss`), and there are their mean and standard deviation over
    the folds that have an epoch (`mean/loss`, `std/loss`).
    """

    history: dict[str, list[Number]]
    epoch: list[int]
    params: dict[str, int]


class Series(BaseModel):
    """One metric. `x` are steps or epochs; `total` is how many points there are before down-sampling."""

    name: str
    x: list[int]
    y: list[Number]
    total: int


class MetricsPublic(BaseModel):
    """Down-sampled series (MinMaxLTTB: peaks are kept). `last_seq` is where to go on from on the stream.

    Of a run with folds each has its own series (`fold_1/loss`): steps count on from fold to fold, epochs begin anew.
    `epochs` has mean and standard deviation over the folds, too (`mean/loss`, `std/loss`).
    """

    run_id: str
    steps: list[Series]
    epochs: list[Series]
    last_seq: int


class LogPage(BaseModel):
    items: list[LogEvent]
    next_after: int | None


class CheckpointPublic(BaseModel):
    """A checkpoint file: `size` in bytes; `url` downloads it.

    `cause` says why it was written. `position` is the number of steps of `epoch` that are done; None where training
    could not go on from the file. `is_whole` says that the file is what was written, by its SHA-256, `can_resume` that
    training can go on from it. `fold` is the one that it is of, in a run of several.
    """

    id: str
    run_id: str
    fold: int | None
    epoch: int
    step: int
    size: int
    sha256: str
    logs: dict[str, Number]
    cause: CheckpointCause
    position: int | None
    is_whole: bool
    can_resume: bool
    url: str
    created_at: datetime


class CheckpointPage(BaseModel):
    items: list[CheckpointPublic]
    next_cursor: str | None


class EventPage(BaseModel):
    items: list[Event]
    next_after: int | None


class EventsReceipt(BaseModel):
    """`stored` is the highest event number on disk: the worker may forget all up to it."""

    stored: int
