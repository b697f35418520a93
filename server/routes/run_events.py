"""A run's numbered events: workers post them, anybody reads them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field

from engine.errors import EngineError
from engine.training.events import Event
from server.dependencies import DatabaseDep, LimitDep
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.routes.run_examples import EVENTS
from server.routes.run_results import AfterQuery
from server.run_dependencies import IngestDep
from server.schemas.run import EventPage, EventsReceipt
from server.storage.events import read_events
from server.storage.runs import fetch_last_seq

router = APIRouter(prefix="/runs/{run_id}/events", tags=["runs"], route_class=StrictRoute, responses=problems(404))

MAX_EVENTS = 10_000
EventType = Literal["status", "setup", "plan", "steps", "epoch", "mark", "checkpoint", "log"]
Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="The token of the attempt that trains the run.")),
]


@router.get("", summary="Read the events", response_model=EventPage)
def read_run_events(
    run_id: str,
    database: DatabaseDep,
    limit: LimitDep,
    after: AfterQuery = 0,
    type: Annotated[list[EventType], Query(description="Only events of these types.")] = [],  # noqa: A002, B006
) -> Response:
    """The events after number `after`, oldest first: at most `limit`, fewer where they are long."""
    with database.read() as connection:
        last_seq = fetch_last_seq(connection, run_id)
        found = read_events(connection, run_id, after, limit, type)
    more = found and found[-1].seq < last_seq
    next_after = b"%d" % found[-1].seq if more else b"null"
    items = b",".join(event.json for event in found)
    return Response(b'{"items":[%b],"next_after":%b}' % (items, next_after), media_type="application/json")


@router.post("", summary="Report events", responses=problems(401, 403))
async def store_events(
    run_id: str,
    body: Annotated[list[Event], Field(max_length=MAX_EVENTS), Body(openapi_examples=EVENTS)],
    bearer: Bearer,
    ingest: IngestDep,
) -> EventsReceipt:
    """Stores each number once, in order. Send again what comes after `stored`: there was a gap before it."""
    if bearer is None:
        raise EngineError("unauthorized", "Expected the attempt's token in the header Authorization: Bearer …")
    return EventsReceipt(stored=await ingest.store(run_id, body, bearer.credentials))
