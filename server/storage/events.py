"""The numbered events of a run. Long parts lie elsewhere, once: steps' values with the curves, lines with the logs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from pydantic import BaseModel
from sqlalchemy import Connection, insert, select

from engine.training.events import Event, LogEvent, StepsEvent
from server.storage.checkpoints import insert_checkpoints
from server.storage.event_json import encode_log, encode_steps
from server.storage.logs import insert_logs, read_messages
from server.storage.metrics import insert_pieces, read_step_values
from server.storage.tables import events

PAGE_POINTS = 10_000
"""How many numbers a page of events holds, about: 200 kB of JSON. An event with more is a page of its own."""

POINT_CHARACTERS = 20
"""How many characters of JSON a number takes, about."""


class _StepsBody(BaseModel):
    """What the event's row keeps of a steps event: everything but the numbers."""

    epoch: int
    first_step: int
    fold: int | None = None
    names: list[str]
    points: int


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event's number and its JSON."""

    seq: int
    json: bytes


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    type: str
    time: datetime
    body: str


def insert_events(connection: Connection, run_id: str, new: Sequence[Event]) -> None:
    """Stores events whose numbers follow those that are stored already."""
    rows = [
        {"run_id": run_id, "seq": event.seq, "type": event.type, "time": event.time, "body": _make_body(event)}
        for event in new
    ]
    if rows:
        connection.execute(insert(events), rows)
        insert_pieces(connection, run_id, new)
        insert_logs(connection, run_id, new)
        insert_checkpoints(connection, run_id, new)


def read_events(
    connection: Connection, run_id: str, after: int, limit: int, types: Sequence[str] = ()
) -> list[StoredEvent]:
    """The events after number `after`, in order: at most `limit`, fewer where they are long, at least one if any is.

    Only those of `types`, where any are named.
    """
    wanted = (
        select(events.c.seq, events.c.type, events.c.time, events.c.body)
        .where(events.c.run_id == run_id, events.c.seq > after)
        .order_by(events.c.seq)
        .limit(limit)
    )
    if types:
        wanted = wanted.where(events.c.type.in_(types))
    rows = list(_cut_page(_Row(*row) for row in connection.execute(wanted)))
    if not rows:
        return []
    span = (rows[0].seq, rows[-1].seq)
    present = {row.type for row in rows}
    values = read_step_values(connection, run_id, *span) if "steps" in present else {}
    messages = read_messages(connection, run_id, *span) if "log" in present else {}
    return [StoredEvent(row.seq, _assemble(row, values, messages)) for row in rows]


def _make_body(event: Event) -> str:
    if isinstance(event, StepsEvent):
        points = sum(map(len, event.values.values()))
        names = list(event.values)
        body = _StepsBody(epoch=event.epoch, first_step=event.first_step, fold=event.fold, names=names, points=points)
        return body.model_dump_json()
    if isinstance(event, LogEvent):
        return orjson.dumps({"points": len(event.message) // POINT_CHARACTERS}).decode()
    return event.model_dump_json()


def _cut_page(rows: Iterator[_Row]) -> Iterator[_Row]:
    points = 0
    for place, row in enumerate(rows):
        points += _weigh(row)
        if place > 0 and points > PAGE_POINTS:
            return
        yield row


def _weigh(row: _Row) -> int:
    """How many numbers an event takes the space of, about."""
    if row.type in {"steps", "log"}:
        points: int = orjson.loads(row.body)["points"]
        return points
    return len(row.body) // POINT_CHARACTERS


def _assemble(row: _Row, values: dict[int, dict[str, list[float]]], messages: dict[int, tuple[str, str]]) -> bytes:
    if row.type == "steps":
        body = _StepsBody.model_validate_json(row.body)
        numbers = values.get(row.seq, {})
        ordered = {name: numbers[name] for name in body.names}
        return encode_steps(row.seq, row.time, body.epoch, body.first_step, ordered, body.fold)
    if row.type == "log":
        return encode_log(row.seq, row.time, *messages[row.seq])
    return row.body.encode()
