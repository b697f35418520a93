"""The numbered events that a worker reports. Imports no Keras: worker, server and a user's own script speak it."""

import math
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, TypeAdapter, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue


def _from_json(value: object) -> object:
    """`"NaN"`, `"Infinity"` and `"-Infinity"`, JavaScript's spelling of the numbers that JSON lacks, as floats."""
    return (
        {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value, value)
        if isinstance(value, str)
        else value
    )


def _to_json(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


_NUMBER_SCHEMA: JsonSchemaValue = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": "^(NaN|-?Infinity)$"}],
}
Number = Annotated[
    float,
    BeforeValidator(_from_json),
    PlainSerializer(_to_json, return_type=float | str, when_used="json"),
    WithJsonSchema(_NUMBER_SCHEMA),
]
"""A float that stays readable in JSON: NaN and infinities travel as strings."""

MetricName = Annotated[str, Field(min_length=1, max_length=200)]
Logs = dict[MetricName, Number]

RunStatus = Literal["queued", "running", "paused", "finished", "failed", "stopped"]
FINAL_STATUSES: frozenset[RunStatus] = frozenset({"finished", "failed", "stopped"})


class EventBase(BaseModel):
    """`seq` counts the events of one run from 1 without a gap; `time` is when the worker saw it (UTC)."""

    model_config = ConfigDict(extra="forbid")

    seq: Annotated[int, Field(ge=1, lt=2**53)]
    time: datetime


class StatusEvent(EventBase):
    """The run changed its status; `reason` says why, for a person."""

    type: Literal["status"] = "status"
    status: RunStatus
    reason: str | None = None


class SetupEvent(EventBase):
    """What will be trained, known once the model is built and the data is loaded."""

    type: Literal["setup"] = "setup"
    epochs: int
    steps_per_epoch: int
    samples: int
    validation_samples: int
    batch_size: int
    parameters: int
    trainable_parameters: int


class StepsEvent(EventBase):
    """The logs of consecutive optimizer steps of one epoch.

    `first_step` is the first one's step number (0 is the first update since the start of the run). Every list of
    `values` has one number per step; as in Keras, metrics are running means over the epoch so far.
    """

    type: Literal["steps"] = "steps"
    epoch: Annotated[int, Field(ge=0)]
    first_step: Annotated[int, Field(ge=0)]
    values: dict[MetricName, Annotated[list[Number], Field(max_length=100_000)]]


class EpochEvent(EventBase):
    """The end of an epoch: the logs that Keras's `History` records. `step` is the number of updates done so far."""

    type: Literal["epoch"] = "epoch"
    epoch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    logs: Logs
    seconds: float


class CheckpointEvent(EventBase):
    """A checkpoint is on disk: `path` within the run's folder, `size` in bytes, `sha256` of the file."""

    type: Literal["checkpoint"] = "checkpoint"
    epoch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    path: Annotated[str, Field(max_length=500)]
    size: int
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    logs: Logs


class LogEvent(EventBase):
    """Lines that the worker printed or logged."""

    type: Literal["log"] = "log"
    level: Literal["debug", "info", "warning", "error"] = "info"
    message: Annotated[str, Field(max_length=100_000)]


Event = Annotated[
    StatusEvent | SetupEvent | StepsEvent | EpochEvent | CheckpointEvent | LogEvent, Field(discriminator="type")
]
EVENT = TypeAdapter[Event](Event)
EVENTS = TypeAdapter[list[Event]](list[Event])
