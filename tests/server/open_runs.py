"""Runs whose events a test reports itself, as a worker would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.graph.document import Graph
from engine.training.config import CompileSettings, DataSettings, RunConfig
from engine.training.events import CheckpointEvent, EpochEvent, Event, LogEvent, StatusEvent, StepsEvent
from server.schemas.model import ModelCreate
from server.schemas.run import RunCreate
from server.storage.attempts import AttemptStore
from server.storage.database import Database
from server.storage.models import ModelStore
from server.storage.runs import RunStore

CONFIG = RunConfig(compile=CompileSettings(loss="mse"), data=DataSettings(dataset="digits"))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TOKEN = "the-token-of-the-attempt"


@dataclass(frozen=True)
class OpenRun:
    """A run with an open attempt; its next event has the number 2."""

    run_id: str
    attempt_id: str
    token: str = TOKEN

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def open_run(database: Database, model_name: str = "Digits", token: str = TOKEN) -> OpenRun:
    """A stored run that no process trains."""
    model = ModelStore(database).create(ModelCreate(name=model_name))
    graph = Graph().model_dump_json()
    run = RunStore(database).create(RunCreate(model_id=model.id, config=CONFIG), graph)
    return OpenRun(run.id, AttemptStore(database).begin(run.id, token).attempt_id, token)


def make_status(seq: int, status: str, reason: str | None = None) -> Event:
    return StatusEvent.model_validate({"seq": seq, "time": NOON, "status": status, "reason": reason})


def make_steps(seq: int, first_step: int, values: dict[str, list[float]], epoch: int = 0) -> Event:
    return StepsEvent(seq=seq, time=NOON, epoch=epoch, first_step=first_step, values=values)


def make_epoch(seq: int, epoch: int, step: int, **logs: float) -> Event:
    return EpochEvent(seq=seq, time=NOON, epoch=epoch, step=step, logs=logs, seconds=0.5)


def make_log(seq: int, message: str) -> Event:
    return LogEvent(seq=seq, time=NOON, message=message)


def make_checkpoint(
    seq: int, path: str, content: bytes, sha256: str, *, step: int = 2, position: int | None = None
) -> Event:
    return CheckpointEvent(
        seq=seq,
        time=NOON,
        epoch=0,
        step=step,
        path=path,
        size=len(content),
        sha256=sha256,
        logs={"loss": 0.5},
        position=position,
    )


def make_story() -> list[Event]:
    """A short run from its second event to its end, with one event of almost each kind."""
    return [
        make_status(2, "running"),
        make_log(3, "Epoch 1 begins\nwith a second line"),
        make_steps(4, 0, {"loss": [2.0, 1.5], "accuracy": [0.25, float("nan")]}),
        make_steps(5, 2, {"loss": [1.25], "accuracy": [float("inf")]}),
        make_epoch(6, 0, 3, loss=1.25, accuracy=0.5, val_loss=float("-inf")),
        make_steps(7, 3, {"loss": [1.0, 0.5, 0.25], "accuracy": [0.5, 0.75, 1.0]}, epoch=1),
        make_epoch(8, 1, 6, loss=0.25, accuracy=1.0, val_loss=1.5),
        make_status(9, "finished"),
    ]


def to_json(events: Sequence[Event]) -> list[dict[str, object]]:
    """The events as a worker posts them."""
    return [event.model_dump(mode="json") for event in events]
