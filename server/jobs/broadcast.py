"""Who is to hear of what: new events go to all watchers of a run, encoded once; nobody's slowness holds up anybody."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from server.schemas.run import RunPublic
from server.schemas.stream import RunDeletedNotification, RunNotification
from server.storage.events import StoredEvent

RECENT_BATCHES = 64
RECENT_CHARACTERS = 2**20
"""What is kept per watched run for sharing. A watcher that fell further behind reads from the database."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The events numbered `first` to `last` as the text of one notification."""

    first: int
    last: int
    text: str


class Watcher(Protocol):
    """A connection. It is only told that there is something; it fetches it at its own pace."""

    def wake(self, run_id: str) -> None:
        """There are new events of a run that it follows."""

    def tell_run(self, run_id: str, text: str) -> None:
        """A run changed or was deleted: `text` is the newest notification about it."""

    def tell_gone(self, run_id: str) -> None:
        """A run that it follows was deleted."""


@dataclass(slots=True)
class _Channel:
    """One watched run."""

    watchers: set[Watcher] = field(default_factory=set)
    recent: deque[Batch] = field(default_factory=deque)
    characters: int = 0
    last_seq: int = 0

    def keep(self, batch: Batch) -> None:
        self.recent.append(batch)
        self.characters += len(batch.text)
        while len(self.recent) > RECENT_BATCHES or self.characters > RECENT_CHARACTERS:
            self.characters -= len(self.recent.popleft().text)


class Broadcast:
    """All watchers. Used from the event loop only."""

    def __init__(self) -> None:
        self._channels: dict[str, _Channel] = {}
        self._listeners: set[Watcher] = set()

    def watch(self, run_id: str, watcher: Watcher) -> None:
        """From now on the watcher is woken by every new event of the run."""
        self._channels.setdefault(run_id, _Channel()).watchers.add(watcher)

    def unwatch(self, run_id: str, watcher: Watcher) -> None:
        channel = self._channels.get(run_id)
        if channel is not None:
            channel.watchers.discard(watcher)
            if not channel.watchers:
                del self._channels[run_id]

    def listen(self, watcher: Watcher) -> None:
        """From now on the watcher is told of every run that changes."""
        self._listeners.add(watcher)

    def unlisten(self, watcher: Watcher) -> None:
        self._listeners.discard(watcher)

    def publish_events(self, run_id: str, events: Sequence[StoredEvent]) -> None:
        """Announces events that are in the database; those of one run in the order of their numbers."""
        channel = self._channels.get(run_id)
        if channel is None or not events:
            return
        channel.last_seq = events[-1].seq
        channel.keep(Batch(events[0].seq, events[-1].seq, encode_notification(run_id, events)))
        for watcher in channel.watchers:
            watcher.wake(run_id)

    def publish_run(self, run: RunPublic) -> None:
        """Announces what a run looks like now."""
        if self._listeners:
            text = RunNotification(run=run).model_dump_json()
            for listener in self._listeners:
                listener.tell_run(run.id, text)

    def publish_deleted(self, run_id: str) -> None:
        """Announces that a run is gone."""
        text = RunDeletedNotification(run_id=run_id).model_dump_json()
        for listener in self._listeners:
            listener.tell_run(run_id, text)
        channel = self._channels.pop(run_id, None)
        for watcher in channel.watchers if channel is not None else ():
            watcher.tell_gone(run_id)

    def find_batch(self, run_id: str, after: int) -> Batch | None:
        """The batch that goes on right after event number `after`, where it is still kept."""
        channel = self._channels.get(run_id)
        if channel is None:
            return None
        return next((batch for batch in reversed(channel.recent) if batch.first == after + 1), None)

    def last_seq(self, run_id: str) -> int:
        """The newest event number that was announced since somebody watches the run."""
        channel = self._channels.get(run_id)
        return 0 if channel is None else channel.last_seq


def encode_notification(run_id: str, events: Sequence[StoredEvent]) -> str:
    """An `EventsNotification` from events that are encoded already. Run ids are hexadecimal, so need no escaping."""
    body = b",".join(event.json for event in events).decode()
    return f'{{"type":"events","run_id":"{run_id}","events":[{body}]}}'
