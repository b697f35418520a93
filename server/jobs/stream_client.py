"""One connection to the stream: what it follows, how far it got, and sending at its own pace."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from pydantic import ValidationError

from engine.errors import EngineError
from server.invalid_input import explain_validation
from server.jobs.broadcast import Broadcast, encode_notification
from server.schemas.stream import COMMAND, Command, ErrorNotification, Subscribe, SubscribeRuns, Unsubscribe
from server.storage.database import Database
from server.storage.events import StoredEvent, read_events
from server.storage.runs import fetch_last_seq

MAX_FOLLOWED = 1000
MAX_ERRORS_WAITING = 100
EVENTS_PER_MESSAGE = 500


@dataclass(slots=True, eq=False)
class _Subscription:
    """`sent` is the number of the last event that was sent. `caught_up`: the database had nothing after it."""

    sent: int
    caught_up: bool = False


class StreamClient:
    """Sends what was asked for through `send`, in one task, so that a slow browser holds up only itself.

    Nothing is queued for it but the ids of runs with news and the newest notice about each run; events stay in the
    database and in the broadcast's shared batches until it is ready for them.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], broadcast: Broadcast, database: Database):
        self._send = send
        self._broadcast = broadcast
        self._database = database
        self._followed: dict[str, _Subscription] = {}
        self._fresh: dict[str, None] = {}
        self._notices: dict[tuple[str, str], str] = {}
        self._errors: asyncio.Queue[str] = asyncio.Queue(MAX_ERRORS_WAITING)
        self._news = asyncio.Event()

    def wake(self, run_id: str) -> None:
        """See `Watcher`."""
        self._fresh[run_id] = None
        self._news.set()

    def tell_run(self, run_id: str, text: str) -> None:
        """See `Watcher`. What was not sent yet about the same run is out of date."""
        self._notices["run", run_id] = text
        self._news.set()

    def tell_gone(self, run_id: str) -> None:
        """See `Watcher`."""
        self._followed.pop(run_id, None)
        detail = f"Run {run_id!r} was deleted; no more events of it will come."
        self._notices["gone", run_id] = ErrorNotification(detail=detail, run_id=run_id).model_dump_json()
        self._news.set()

    async def obey(self, text: str | bytes) -> None:
        """Carries out one command; what is wrong with it is told, and the connection stays."""
        try:
            command = COMMAND.validate_python(orjson.loads(text))
        except orjson.JSONDecodeError as error:
            await self._complain(f"Expected a command as a JSON object; this is no valid JSON: {error}.")
            return
        except ValidationError as error:
            located = [{**one, "loc": ("command", *one["loc"])} for one in error.errors()]
            await self._complain(explain_validation(located, None)[0].message)
            return
        try:
            await self._carry_out(command)
        except EngineError as error:
            await self._complain(error.message, command.run_id if isinstance(command, Subscribe) else None)

    async def send_news(self) -> None:
        """Sends for as long as the connection lives."""
        while True:
            await self._news.wait()
            self._news.clear()
            while not self._errors.empty():
                await self._send(self._errors.get_nowait())
            while self._notices:
                await self._send(self._notices.pop(next(iter(self._notices))))
            for run_id in list(self._fresh):
                del self._fresh[run_id]
                if await self._send_piece(run_id):
                    self.wake(run_id)

    def close(self) -> None:
        """Ends all subscriptions."""
        self._broadcast.unlisten(self)
        for run_id in self._followed:
            self._broadcast.unwatch(run_id, self)
        self._followed.clear()

    async def _carry_out(self, command: Command) -> None:
        match command:
            case Subscribe():
                await self._follow(command)
            case Unsubscribe():
                self._followed.pop(command.run_id, None)
                self._broadcast.unwatch(command.run_id, self)
            case SubscribeRuns():
                self._broadcast.listen(self)

    async def _follow(self, command: Subscribe) -> None:
        if command.run_id not in self._followed and len(self._followed) >= MAX_FOLLOWED:
            raise EngineError("too_many", f"A connection follows at most {MAX_FOLLOWED} runs; unsubscribe from one.")
        last_seq = await asyncio.to_thread(self._read_last_seq, command.run_id)
        if command.after > last_seq:
            raise EngineError(
                "conflict",
                f"Run {command.run_id!r} has events up to number {last_seq}; expected `after` to be one of them or 0,"
                f" got {command.after}.",
            )
        self._broadcast.watch(command.run_id, self)
        self._followed[command.run_id] = _Subscription(command.after)
        self.wake(command.run_id)

    async def _send_piece(self, run_id: str) -> bool:
        """Sends the next events of a run. Returns whether there may be more."""
        subscription = self._followed.get(run_id)
        if subscription is None:
            return False
        batch = self._broadcast.find_batch(run_id, subscription.sent)
        if batch is not None:
            text, last = batch.text, batch.last
        elif subscription.caught_up and self._broadcast.last_seq(run_id) <= subscription.sent:
            return False
        else:
            events = await asyncio.to_thread(self._read_events, run_id, subscription.sent)
            if not events:
                subscription.caught_up = True
                return self._broadcast.last_seq(run_id) > subscription.sent
            text, last = encode_notification(run_id, events), events[-1].seq
        if self._followed.get(run_id) is subscription:
            subscription.sent = last
            await self._send(text)
        return True

    def _read_last_seq(self, run_id: str) -> int:
        with self._database.read() as connection:
            return fetch_last_seq(connection, run_id)

    def _read_events(self, run_id: str, after: int) -> list[StoredEvent]:
        with self._database.read() as connection:
            return read_events(connection, run_id, after, EVENTS_PER_MESSAGE)

    async def _complain(self, detail: str, run_id: str | None = None) -> None:
        await self._errors.put(ErrorNotification(detail=detail, run_id=run_id).model_dump_json())
        self._news.set()
