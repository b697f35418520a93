"""A worker's events on its own disk: appended before they are sent, so that a death on either side loses none."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from engine.training.events import EVENT, Event
from server.storage.event_json import encode_event

SPOOL_NAME = "events.jsonl"
MAX_WAITING_BYTES = 16 * 2**20


class Spool:
    """An append-only file with one JSON event per line. For one writer; not thread-safe.

    Each line is handed to the operating system before `append` returns, so it survives a kill of the process. Where the
    disk is full, lines wait in memory and are written with the next append that finds room; the file then never ends in
    a torn line that another one follows.

    Raises:
        OSError: the file cannot be opened, or more than `MAX_WAITING_BYTES` wait for room on the disk.
    """

    def __init__(self, path: Path):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._file).st_size
        self._waiting = b""

    def append(self, event: Event) -> None:
        """Adds one event."""
        self._waiting += encode_event(event) + b"\n"
        if not self.flush() and len(self._waiting) > MAX_WAITING_BYTES:
            raise OSError(f"the disk has no room for the run's events: {len(self._waiting)} bytes wait to be written")

    def flush(self) -> bool:
        """Writes what waits. False where the disk had no room for all of it."""
        try:
            written = os.write(self._file, self._waiting)
        except OSError:
            written = 0
        if written < len(self._waiting):
            os.ftruncate(self._file, self._size)
            return False
        self._size += written
        self._waiting = b""
        return True

    def close(self) -> None:
        self.flush()
        os.close(self._file)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_spool(path: Path, after: int = 0) -> Iterator[Event]:
    """The events with a number above `after`, in order; none where there is no file.

    Reading ends at the first line that is torn or damaged: what follows it could not be stored without a gap.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            try:
                event = EVENT.validate_json(line)
            except ValidationError:
                return
            if event.seq > after:
                yield event


class SpoolCursor:
    """Reads the lines of a spool that the server has not stored yet, without keeping more than a batch in memory.

    `first_seq` is the number of the spool's first event; numbers have no gap, so its place tells a line's number.
    """

    def __init__(self, path: Path, first_seq: int):
        self._path = path
        self._first_seq = first_seq
        self._offset = 0
        self._batch: list[bytes] = []
        self.next_seq = first_seq

    def read_batch(self, limit: int) -> list[bytes]:
        """The next whole lines, about `limit` bytes of them and at least one where there is one; without line ends."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            self._batch = [line for line in file.readlines(limit) if line.endswith(b"\n")]
        return [line.rstrip(b"\n") for line in self._batch]

    def advance(self, stored: int) -> None:
        """Goes on after event number `stored`; goes back to it where the server has less than it said before."""
        if stored < self.next_seq - 1:
            self._rewind()
        while self.next_seq <= stored:
            passed = self._batch[: stored + 1 - self.next_seq]
            if not passed:
                return
            self._offset += sum(map(len, passed))
            self.next_seq += len(passed)
            self._batch = self._batch[len(passed) :]
            if not self._batch:
                self.read_batch(2**20)

    def _rewind(self) -> None:
        self._offset = 0
        self.next_seq = self._first_seq
        self.read_batch(2**20)
