"""The messages of the WebSocket `/api/stream`: commands from the browser, notifications to it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from engine.training.events import Event
from server.schemas.run import RunPublic


class Subscribe(BaseModel):
    """Send all events of a run after number `after`, the stored ones first, then each as it arrives."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["subscribe"]
    run_id: Annotated[str, Field(max_length=100)]
    after: Annotated[int, Field(ge=0, lt=2**53)] = 0


class Unsubscribe(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["unsubscribe"]
    run_id: Annotated[str, Field(max_length=100)]


class SubscribeRuns(BaseModel):
    """Send a `run` notification whenever any run is created, changes its status or finishes an epoch, or is deleted."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["subscribe_runs"]


Command = Annotated[Subscribe | Unsubscribe | SubscribeRuns, Field(discriminator="type")]
COMMAND = TypeAdapter[Command](Command)


class EventsNotification(BaseModel):
    """Events of one run in the order of their numbers, without a gap after the last ones that were sent."""

    type: Literal["events"] = "events"
    run_id: str
    events: list[Event]


class RunNotification(BaseModel):
    type: Literal["run"] = "run"
    run: RunPublic


class RunDeletedNotification(BaseModel):
    type: Literal["run_deleted"] = "run_deleted"
    run_id: str


class ErrorNotification(BaseModel):
    """A command that could not be carried out; the connection stays open."""

    type: Literal["error"] = "error"
    detail: str
    run_id: str | None = None


Notification = Annotated[
    EventsNotification | RunNotification | RunDeletedNotification | ErrorNotification, Field(discriminator="type")
]
