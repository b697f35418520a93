"""Attempts: one worker process that trains a run, known by its id, its token and its place in the process table."""

import hashlib
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select, update

from engine.training.events import FINAL_STATUSES
from server.storage.database import Database
from server.storage.runs import run_not_found
from server.storage.tables import runs


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a new worker needs to know: graph and config as JSON texts, and the number of its first event.

    `weights` is the hash of those that training starts with, None for new ones.
    """

    attempt_id: str
    graph: str
    config: str
    first_seq: int
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run without a final status. The attempt's columns are None where no worker was started."""

    run_id: str
    status: str
    attempt_id: str | None
    pid: int | None
    process_started: float | None


class AttemptStore:
    """The attempts of all runs; a run has one at a time. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def begin(self, run_id: str, token: str) -> Attempt:
        """Opens a new attempt, whose worker shows `token`. Raises `EngineError` (`not_found`)."""
        attempt_id = uuid4().hex
        wanted = select(runs.c.graph, runs.c.config, runs.c.last_seq, runs.c.weights).where(runs.c.id == run_id)
        with self._database.write() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                raise run_not_found(run_id)
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(
                    attempt_id=attempt_id,
                    attempt_token_hash=hash_token(token),
                    attempt_pid=None,
                    attempt_process_started=None,
                )
            )
        return Attempt(attempt_id, row.graph, row.config, row.last_seq + 1, row.weights)

    def note_process(self, run_id: str, pid: int, started: float) -> None:
        """Remembers the worker's process: its id, and when it was created, in seconds since 1970."""
        with self._database.write() as connection:
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(attempt_pid=pid, attempt_process_started=started)
            )

    def revoke(self, run_id: str) -> None:
        """Ends the attempt: its token is refused from now on."""
        with self._database.write() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(attempt_token_hash=None, attempt_pid=None, attempt_process_started=None)
            )

    def list_open(self) -> list[OpenRun]:
        """All runs without a final status, the oldest first."""
        wanted = (
            select(runs.c.id, runs.c.status, runs.c.attempt_id, runs.c.attempt_pid, runs.c.attempt_process_started)
            .where(runs.c.status.not_in(FINAL_STATUSES))
            .order_by(runs.c.created_at, runs.c.id)
        )
        with self._database.read() as connection:
            return [OpenRun(*row) for row in connection.execute(wanted)]


def hash_token(token: str) -> str:
    """What is stored of a token. It is long and random, so that one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
