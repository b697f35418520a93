"""Attempts: one worker process that trains a run, known by its id, its token and its place in the process table."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select, update

from engine.training.commands import Command
from engine.training.config import RunConfig
from engine.training.events import FINAL_STATUSES
from server.storage.commands import fetch_wanted_epochs, list_open, list_repeated
from server.storage.database import Database
from server.storage.runs import run_not_found
from server.storage.tables import runs


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a new worker needs to know: graph and config as JSON texts, and the number of its first event.

    `weights` is the hash of those that training starts with, None for new ones. `past_commands` are those to repeat
    where the run goes on from before they took effect, `open_commands` those that did not take effect yet.
    """

    attempt_id: str
    graph: str
    config: str
    first_seq: int
    weights: str | None
    past_commands: Sequence[Command]
    open_commands: Sequence[Command]


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
                    attempts=runs.c.attempts + 1,
                )
            )
            config = _set_epochs(row.config, fetch_wanted_epochs(connection, run_id))
            past, waiting = list_repeated(connection, run_id), list_open(connection, run_id)
        return Attempt(attempt_id, row.graph, config, row.last_seq + 1, row.weights, past, waiting)

    def find_newest(self, run_id: str) -> str | None:
        """The id of the run's newest attempt, None where it has had none. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            row = connection.execute(select(runs.c.attempt_id).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise run_not_found(run_id)
        attempt_id: str | None = row.attempt_id
        return attempt_id

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

    def is_token_of(self, run_id: str, token: str) -> bool:
        """Whether the token is that of the run's open attempt. Raises `EngineError` (`not_found`)."""
        wanted = select(runs.c.attempt_token_hash).where(runs.c.id == run_id)
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise run_not_found(run_id)
        return matches_token(row.attempt_token_hash, token)

    def count_restart(self, run_id: str, most: int) -> int | None:
        """Counts a worker that takes the place of a dead one: how many there were, None where `most` is reached."""
        counted = (
            update(runs)
            .where(runs.c.id == run_id, runs.c.restarts < most)
            .values(restarts=runs.c.restarts + 1)
            .returning(runs.c.restarts)
        )
        with self._database.write() as connection:
            return connection.execute(counted).scalar_one_or_none()

    def forget_restarts(self, run_id: str) -> None:
        """A person started the run again, so it may go on after as many deaths as in the beginning."""
        with self._database.write() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(restarts=0))

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


def matches_token(stored_hash: str | None, token: str) -> bool:
    """Whether the token is the one whose hash is stored; no token is, once it is revoked."""
    return stored_hash is not None and hmac.compare_digest(stored_hash, hash_token(token))


def _set_epochs(config: str, epochs: int | None) -> str:
    """The config with as many epochs as were last asked for."""
    if epochs is None:
        return config
    parsed = RunConfig.model_validate_json(config)
    fit = parsed.fit.model_copy(update={"epochs": epochs})
    return parsed.model_copy(update={"fit": fit}).model_dump_json()
