"""The checkpoint files that a run's workers reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson
from sqlalchemy import Connection, RowMapping, Select, insert, select

from engine.errors import EngineError
from engine.training.events import CheckpointEvent, Event
from server.schemas.run import CheckpointPage, CheckpointPublic
from server.storage.database import Database
from server.storage.event_json import encode_logs
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import checkpoints, runs

SORTABLE = {"step": checkpoints.c.step, "created_at": checkpoints.c.created_at}


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """Where a checkpoint lies: `path` within the run's folder, `size` in bytes."""

    path: str
    size: int
    sha256: str
    step: int


def insert_checkpoints(connection: Connection, run_id: str, events: Sequence[Event]) -> None:
    """Stores all checkpoint events. A worker names its files from the folder of its attempt on."""
    if not any(isinstance(event, CheckpointEvent) for event in events):
        return
    attempt = connection.execute(select(runs.c.attempt_id).where(runs.c.id == run_id)).scalar_one()
    rows = [
        {
            "id": uuid4().hex,
            "run_id": run_id,
            "seq": event.seq,
            "epoch": event.epoch,
            "step": event.step,
            "path": event.path if attempt is None else f"{attempt}/{event.path}",
            "size": event.size,
            "sha256": event.sha256,
            "logs": encode_logs(event.logs),
            "created_at": event.time,
        }
        for event in events
        if isinstance(event, CheckpointEvent)
    ]
    connection.execute(insert(checkpoints), rows)


class CheckpointStore:
    """All checkpoints. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def list(self, run_id: str, page: PageRequest, is_present: Callable[[str], bool]) -> CheckpointPage:
        """A page of the run's checkpoints, without those whose path (in the run's folder) is not present any more.

        Raises:
            EngineError: `invalid_cursor`.
        """
        statement: Select[tuple[object, ...]] = select(*checkpoints.c).where(checkpoints.c.run_id == run_id)
        with self._database.read() as connection:
            found = fetch_page(connection, statement, page, SORTABLE, checkpoints.c.id)
        items = [_to_public(row) for row in found.rows if is_present(row["path"])]
        return CheckpointPage(items=items, next_cursor=found.next_cursor)

    def get_file(self, run_id: str, checkpoint_id: str) -> CheckpointFile:
        """Where one checkpoint lies. Raises `EngineError` (`not_found`)."""
        wanted = (
            select(checkpoints.c.path, checkpoints.c.size, checkpoints.c.sha256, checkpoints.c.step)
            .join(runs, runs.c.id == checkpoints.c.run_id)
            .where(checkpoints.c.id == checkpoint_id, checkpoints.c.run_id == run_id)
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise EngineError(
                "not_found",
                f"Run {run_id!r} has no checkpoint with id {checkpoint_id!r}.",
                f"GET /api/runs/{run_id}/checkpoints lists them.",
            )
        return CheckpointFile(*row)


def _to_public(row: RowMapping) -> CheckpointPublic:
    return CheckpointPublic(
        id=row["id"],
        run_id=row["run_id"],
        epoch=row["epoch"],
        step=row["step"],
        size=row["size"],
        sha256=row["sha256"],
        logs=orjson.loads(row["logs"]),
        url=f"/api/runs/{row['run_id']}/checkpoints/{row['id']}/file",
        created_at=row["created_at"],
    )
