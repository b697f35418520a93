"""The checkpoint files that a run's workers reported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson
from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from engine.errors import EngineError
from engine.training.events import CheckpointEvent, Event
from server.schemas.run import CheckpointPage, CheckpointPublic
from server.storage.database import Database
from server.storage.event_json import encode_logs
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import checkpoints, runs

SORTABLE = {"step": checkpoints.c.step, "created_at": checkpoints.c.created_at}
FILE_COLUMNS = tuple(checkpoints.c[name] for name in ("id", "path", "size", "sha256", "epoch", "step"))


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """Where a checkpoint lies: `path` within the run's folder, `size` in bytes, and what the file should be."""

    id: str
    path: str
    size: int
    sha256: str
    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class ResumableCheckpoint:
    """A checkpoint that training can go on from: `path` within the run's folder, `step` updates done."""

    path: str
    sha256: str
    epoch: int
    step: int


def insert_checkpoints(connection: Connection, run_id: str, events: Sequence[Event]) -> None:
    """Stores all checkpoint events. A worker names its files from the folder of its attempt on.

    Of those under one name only the newest is left: it has taken the others' place on disk.
    """
    newest = {event.path: event for event in events if isinstance(event, CheckpointEvent)}
    if not newest:
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
            "cause": event.cause,
            "position": event.position,
            "created_at": event.time,
        }
        for event in newest.values()
    ]
    replaced = [row["path"] for row in rows]
    connection.execute(delete(checkpoints).where(checkpoints.c.run_id == run_id, checkpoints.c.path.in_(replaced)))
    connection.execute(insert(checkpoints), rows)


class CheckpointStore:
    """All checkpoints. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def list(self, run_id: str, page: PageRequest, is_whole: Callable[[CheckpointFile], bool | None]) -> CheckpointPage:
        """A page of the run's checkpoints, without those whose file is gone, of which `is_whole` says None.

        Raises:
            EngineError: `invalid_cursor`.
        """
        statement: Select[tuple[object, ...]] = select(*checkpoints.c).where(checkpoints.c.run_id == run_id)
        with self._database.read() as connection:
            found = fetch_page(connection, statement, page, SORTABLE, checkpoints.c.id)
        looked_at = [
            (row, is_whole(CheckpointFile(*(row[column.name] for column in FILE_COLUMNS)))) for row in found.rows
        ]
        items = [_to_public(row, is_whole=whole) for row, whole in looked_at if whole is not None]
        return CheckpointPage(items=items, next_cursor=found.next_cursor)

    def list_resumable(self, run_id: str) -> Sequence[ResumableCheckpoint]:
        """The checkpoints that training can go on from, the newest first.

        Those of steps that the run did again since, after it went on from an earlier checkpoint, are left out.
        """
        wanted = (
            select(checkpoints.c.path, checkpoints.c.sha256, checkpoints.c.epoch, checkpoints.c.step)
            .where(checkpoints.c.run_id == run_id, checkpoints.c.position.is_not(None))
            .order_by(checkpoints.c.seq.desc())
        )
        with self._database.read() as connection:
            return _drop_repeated(ResumableCheckpoint(*row) for row in connection.execute(wanted))

    def get_file(self, run_id: str, checkpoint_id: str) -> CheckpointFile:
        """Where one checkpoint lies. Raises `EngineError` (`not_found`)."""
        wanted = select(*FILE_COLUMNS).where(checkpoints.c.id == checkpoint_id, checkpoints.c.run_id == run_id)
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise EngineError(
                "not_found",
                f"Run {run_id!r} has no checkpoint with id {checkpoint_id!r}.",
                f"GET /api/runs/{run_id}/checkpoints lists them.",
            )
        return CheckpointFile(*row)

    def list_earlier(self, run_id: str, checkpoint_id: str) -> Sequence[CheckpointFile]:
        """The checkpoints that were written before this one, the newest first."""
        this = select(checkpoints.c.seq).where(checkpoints.c.id == checkpoint_id).scalar_subquery()
        earlier = select(*FILE_COLUMNS).where(checkpoints.c.run_id == run_id, checkpoints.c.seq < this)
        with self._database.read() as connection:
            return [CheckpointFile(*row) for row in connection.execute(earlier.order_by(checkpoints.c.seq.desc()))]


def _drop_repeated(newest_first: Iterable[ResumableCheckpoint]) -> list[ResumableCheckpoint]:
    kept: list[ResumableCheckpoint] = []
    for one in newest_first:
        if not kept or one.step <= kept[-1].step:
            kept.append(one)
    return kept


def _to_public(row: RowMapping, *, is_whole: bool) -> CheckpointPublic:
    return CheckpointPublic(
        id=row["id"],
        run_id=row["run_id"],
        epoch=row["epoch"],
        step=row["step"],
        size=row["size"],
        sha256=row["sha256"],
        logs=orjson.loads(row["logs"]),
        cause=row["cause"],
        position=row["position"],
        is_whole=is_whole,
        can_resume=is_whole and row["position"] is not None,
        url=f"/api/runs/{row['run_id']}/checkpoints/{row['id']}/file",
        created_at=row["created_at"],
    )
