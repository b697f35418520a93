"""Runs as the API shows them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.training.config import RunConfig
from engine.training.events import Event, LogEvent, Number, RunStatus
from server.schemas.names import DisplayName


class RunCreate(BaseModel):
    """Train a model: the named version or, where None, the draft (which becomes a version if it is not one yet)."""

    model_config = ConfigDict(extra="forbid")
    model_id: str
    version_id: str | None = None
    name: DisplayName | None = None
    config: RunConfig


class RunUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: DisplayName | None = None
    notes: Annotated[str, Field(max_length=10_000)] | None = None


class RunPublic(BaseModel):
    """A run without its curves. `last_seq` is the number of its newest stored event; `latest` are its newest logs."""

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
    epoch: int | None
    epochs: int
    step: int | None
    steps_per_epoch: int | None
    latest: dict[str, Number]
    last_seq: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RunPage(BaseModel):
    items: list[RunPublic]
    next_cursor: str | None


class HistoryPublic(BaseModel):
    """Keras's `History`: `history` has one list per metric with a number per epoch; `epoch` are the epoch numbers."""

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
    """Down-sampled series (MinMaxLTTB: peaks are kept). `last_seq` is where to go on from on the stream."""

    run_id: str
    steps: list[Series]
    epochs: list[Series]
    last_seq: int


class LogPage(BaseModel):
    items: list[LogEvent]
    next_after: int | None


class CheckpointPublic(BaseModel):
    """A checkpoint file: `size` in bytes; `url` downloads it."""

    id: str
    run_id: str
    epoch: int
    step: int
    size: int
    sha256: str
    logs: dict[str, Number]
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
