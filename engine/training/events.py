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
PlanMode = Literal["graph", "xla", "step", "fit"]
PlanData = Literal["device", "stream"]
MarkKind = Literal["stopped", "learning_rate", "best", "restored", "paused", "resumed", "saved", "epochs", "not_finite"]
CheckpointCause = Literal["interval", "asked", "paused", "end"]
WAIT = "wait_ms"
"""The curve of the time that each step waited for its samples, in milliseconds; where they are streamed."""

FINAL_STATUSES: frozenset[RunStatus] = frozenset({"finished", "failed", "stopped"})

Fold = Annotated[int, Field(ge=1, le=1_000_000)]
"""One of the models that a K-fold run trains one after the other, counted from 1; None in a run of one model."""


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


class ClassWeight(BaseModel):
    """How much each sample of a class counts; `name` is what the data set calls the class, or its label."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[int, Field(ge=0)]
    name: str
    weight: Number


class SetupEvent(EventBase):
    """What will be trained, known once the model is built and the data is loaded.

    `class_weights` are those that the training uses, also where they are made to balance the classes; a class that is
    not there counts 1, and there is none where classes are not weighed.
    A K-fold run says it for each of its `folds`, as their samples may differ in number. `prepared` says, where texts go
    in, which layers made their numbers of them once before the training, or why they do so for each batch.
    """

    type: Literal["setup"] = "setup"
    epochs: int
    steps_per_epoch: int
    samples: int
    validation_samples: int
    batch_size: int
    parameters: int
    trainable_parameters: int
    prepared: str | None = None
    class_weights: list[ClassWeight] = []
    fold: Fold | None = None
    folds: Fold | None = None


class PlanTrial(BaseModel):
    """One way to run the steps that was tried, or left out; `note` says why it was left out or given up."""

    model_config = ConfigDict(extra="forbid")

    mode: PlanMode
    steps_per_chunk: Annotated[int, Field(ge=1)] = 1
    data: PlanData = "device"
    steps_per_second: float | None = None
    note: str | None = None


class PlanEvent(EventBase):
    """How the steps are run from now on.

    A chunk of `steps_per_chunk` steps is one program, compiled as a TensorFlow graph or by XLA; `step` goes step by
    step in Python; `fit` is Keras's own loop. `data` lies whole on the device, or is streamed in blocks. `reason` says
    in one sentence why this plan and no faster one, `data_reason` why the data is streamed. `steps_per_second` and
    `fit_steps_per_second` are measured on this model, None where they were not. `wait_share` is for which share of the
    time so far the steps waited for their samples, `peak_memory` the most bytes of memory that the worker has had; both
    are told once more at the end.
    """

    type: Literal["plan"] = "plan"
    mode: PlanMode
    steps_per_chunk: Annotated[int, Field(ge=1)]
    data: PlanData
    pinned: bool = False
    reason: str | None = None
    steps_per_second: float | None = None
    fit_steps_per_second: float | None = None
    tried: list[PlanTrial] = []
    data_reason: str | None = None
    wait_share: Annotated[float, Field(ge=0, le=1)] | None = None
    peak_memory: Annotated[int, Field(ge=0)] | None = None


class StepsEvent(EventBase):
    """The logs of consecutive optimizer steps of one epoch.

    `first_step` is the first one's step number (0 is the first update since the start of the run). Every list of
    `values` has one number per step; as in Keras, metrics are running means over the epoch so far. Steps that were
    reported before are replaced, with all that came after them: a resumed run repeats what it had done since its
    checkpoint. In a K-fold run `epoch` counts within the `fold`, whose metrics are named `fold_2/loss`; steps go on.
    """

    type: Literal["steps"] = "steps"
    epoch: Annotated[int, Field(ge=0)]
    first_step: Annotated[int, Field(ge=0)]
    values: dict[MetricName, Annotated[list[Number], Field(max_length=100_000)]]
    fold: Fold | None = None


class EpochEvent(EventBase):
    """The end of an epoch: the logs that Keras's `History` records. `step` is the number of updates done so far.

    An epoch of a fold that was reported before is replaced, with all after it.
    """

    type: Literal["epoch"] = "epoch"
    epoch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    logs: Logs
    seconds: float
    fold: Fold | None = None


class MarkEvent(EventBase):
    """Something that happened at a step and belongs on the curve.

    `kind` is what: a callback stopped the training, changed the learning rate, found a best value or put weights back;
    a person's command took effect; the run was paused or went on from a checkpoint; a number was not finite. `source`
    is the callback's class name, `person`, or `run`. `values` are the numbers that belong to it, such as
    `{"learning_rate": 0.0001}`. `command` is the number of the command that took effect.
    """

    type: Literal["mark"] = "mark"
    kind: MarkKind
    source: Annotated[str, Field(max_length=200)]
    message: Annotated[str, Field(max_length=2_000)]
    epoch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    values: Logs = {}
    command: Annotated[int, Field(ge=1)] | None = None
    fold: Fold | None = None


class CheckpointEvent(EventBase):
    """A checkpoint is on disk: `path` within the run's folder, `size` in bytes, `sha256` of the file.

    `cause` says why it was written. `logs` have the metrics by their own names, also in a fold. `position` is how many
    steps of `epoch` are done; None where the file cannot be gone on from.
    """

    type: Literal["checkpoint"] = "checkpoint"
    epoch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    path: Annotated[str, Field(max_length=500)]
    size: int
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    logs: Logs
    cause: CheckpointCause = "interval"
    position: Annotated[int, Field(ge=0)] | None = None
    fold: Fold | None = None


class LogEvent(EventBase):
    """Lines that the worker printed or logged."""

    type: Literal["log"] = "log"
    level: Literal["debug", "info", "warning", "error"] = "info"
    message: Annotated[str, Field(max_length=100_000)]


Event = Annotated[
    StatusEvent | SetupEvent | PlanEvent | StepsEvent | EpochEvent | MarkEvent | CheckpointEvent | LogEvent,
    Field(discriminator="type"),
]
EVENT = TypeAdapter[Event](Event)
EVENTS = TypeAdapter[list[Event]](list[Event])
