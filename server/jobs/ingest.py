"""Takes in events: each number is stored once, in order, and announced when it is on disk."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, select

from engine.errors import EngineError
from engine.training.events import EpochEvent, Event, MarkEvent, PlanEvent, RunStatus, SetupEvent, StatusEvent
from server.jobs.broadcast import Broadcast
from server.schemas.run import RunPublic
from server.storage.attempts import matches_token
from server.storage.database import Database
from server.storage.event_json import encode_event
from server.storage.events import StoredEvent, insert_events
from server.storage.run_progress import PROGRESS_COLUMNS, advance_run
from server.storage.runs import fetch_run, run_not_found
from server.storage.tables import runs

SHOWN = StatusEvent | SetupEvent | PlanEvent | EpochEvent | MarkEvent
"""The events that change what a list of runs shows."""

MakeEvents = Callable[[int], Sequence[Event]]
"""Events whose first has the number that is handed in."""


@dataclass(slots=True)
class _Post:
    """Events on their way in. `token` is the attempt's, None for what the server itself has to say.

    With `reopens` a run that is over may go on.
    """

    run_id: str
    make_events: MakeEvents
    token: str | None
    reopens: bool = False
    stored: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a post: the run's highest number, the new events, and the run where something else shows it."""

    last_seq: int
    events: Sequence[StoredEvent] = ()
    run: RunPublic | None = None


class Supervisor(Protocol):
    """Whoever watches over the workers."""

    def explain_stop(self, run_id: str) -> str | None:
        """Why the run was asked to stop; None where nobody asked."""

    def notice_status(self, run_id: str, status: RunStatus) -> None:
        """The run has this status now."""


class EventIngest:
    """The one way for events into the database. What comes while a transaction is written shares the next one."""

    def __init__(self, database: Database, broadcast: Broadcast, supervisor: Supervisor | None = None):
        self.supervisor = supervisor
        self._database = database
        self._broadcast = broadcast
        self._waiting: list[_Post] = []
        self._writer: asyncio.Task[None] | None = None

    async def store(self, run_id: str, events: Sequence[Event], token: str) -> int:
        """Stores what a worker reports: the highest number that is on disk now.

        Numbers that are stored already are skipped; what comes after a gap is left out, so the worker sends it again.

        Raises:
            EngineError: `not_found`; `forbidden` where the token is not that of the run's open attempt.
        """
        explained = self._explain_stop(run_id, events)
        return await self._put(_Post(run_id, lambda _next_seq: explained, token))

    async def take_over(self, run_id: str, events: Sequence[Event]) -> int:
        """`store` for events that the server found in a dead worker's spool. Raises `EngineError` (`not_found`)."""
        explained = self._explain_stop(run_id, events)
        return await self._put(_Post(run_id, lambda _next_seq: explained, None))

    async def append(self, run_id: str, make_events: MakeEvents, *, reopens: bool = False) -> int:
        """Stores what the server itself has to say, under the next numbers. Only while no worker numbers events.

        With `reopens` a status event brings back a run that is over.

        Raises:
            EngineError: `not_found`.
        """
        return await self._put(_Post(run_id, make_events, None, reopens))

    def _explain_stop(self, run_id: str, events: Sequence[Event]) -> Sequence[Event]:
        """A worker knows that it was asked to stop, the supervisor knows why."""
        why = None if self.supervisor is None else self.supervisor.explain_stop(run_id)
        return events if why is None else [_explain(event, why) for event in events]

    async def _put(self, post: _Post) -> int:
        self._waiting.append(post)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_waiting())
        return await post.stored

    async def _write_waiting(self) -> None:
        while self._waiting:
            posts, self._waiting = self._waiting, []
            try:
                outcomes = await asyncio.to_thread(self._write, posts)
            except Exception as error:  # noqa: BLE001 - every caller gets it
                outcomes = [error] * len(posts)
            for post, outcome in zip(posts, outcomes, strict=True):
                self._settle(post, outcome)

    def _write(self, posts: Sequence[_Post]) -> "Sequence[_Outcome | Exception]":
        with self._database.write() as connection:
            return [_store_post(connection, post) for post in posts]

    def _settle(self, post: _Post, outcome: "_Outcome | Exception") -> None:
        if isinstance(outcome, Exception):
            if not post.stored.done():
                post.stored.set_exception(outcome)
            return
        self._broadcast.publish_events(post.run_id, outcome.events)
        if outcome.run is not None:
            self._broadcast.publish_run(outcome.run)
            if self.supervisor is not None:
                self.supervisor.notice_status(post.run_id, outcome.run.status)
        if not post.stored.done():
            post.stored.set_result(outcome.last_seq)


def _store_post(connection: Connection, post: _Post) -> "_Outcome | EngineError":
    wanted = select(runs.c.attempt_token_hash, *PROGRESS_COLUMNS).where(runs.c.id == post.run_id)
    before = connection.execute(wanted).mappings().one_or_none()
    if before is None:
        return run_not_found(post.run_id)
    if post.token is not None and not matches_token(before["attempt_token_hash"], post.token):
        return EngineError(
            "forbidden",
            f"Expected the token of the attempt that trains run {post.run_id!r}; what came is not it.",
            "An attempt's token is refused once the attempt is over.",
        )
    new = select_new(post.make_events(before["last_seq"] + 1), before["last_seq"])
    if not new:
        return _Outcome(before["last_seq"])
    insert_events(connection, post.run_id, new)
    advance_run(connection, post.run_id, before, new, reopens=post.reopens)
    shown = any(isinstance(event, SHOWN) for event in new)
    stored = [StoredEvent(event.seq, encode_event(event)) for event in new]
    return _Outcome(new[-1].seq, stored, fetch_run(connection, post.run_id) if shown else None)


def _explain(event: Event, why: str) -> Event:
    unexplained = isinstance(event, StatusEvent) and event.status == "stopped" and event.reason is None
    return event.model_copy(update={"reason": why}) if unexplained else event


def select_new(events: Sequence[Event], last_seq: int) -> list[Event]:
    """The events that go on after `last_seq` without a gap, each number once, whatever order they came in."""
    new: list[Event] = []
    for event in sorted(events, key=lambda event: event.seq):
        if event.seq == last_seq + 1 + len(new):
            new.append(event)
        elif event.seq > last_seq + 1 + len(new):
            break
    return new
