"""The checkpoint files that a run's workers reported."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson
from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from engine.errors import EngineError
from engine.training.events import CheckpointEvent, Event, MarkEvent
from server.schemas.run import CheckpointPage, CheckpointPublic
from server.storage.database import Database
from server.storage.event_json import encode_logs
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import checkpoints, runs
from server.storage.tables import events as stored_events

SORTABLE = {"step": checkpoints.c.step, "created_at": checkpoints.c.created_at}
FILE_COLUMNS = tuple(checkpoints.c[name] for name in ("id", "path", "size", "sha256", "epoch", "step", "fold"))


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """Where a checkpoint lies: `path` within the run's folder, `size` in bytes, and what the file should be."""

    id: str
    path: str
    size: int
    sha256: str
    epoch: int
    step: int
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class ResumableCheckpoint:
    """A checkpoint that training can go on from: `path` within the run's folder, `step` updates done."""

    id: str
    path: str
    sha256: str
    epoch: int
    step: int
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenCheckpoint:
    """A checkpoint that was reported: `path` within the run's folder, `logs` as JSON.

    `is_overtaken` says that the run went on from an earlier one since.
    """

    path: str
    logs: str
    is_overtaken: bool
    fold: int | None = None


def insert_checkpoints(connection: Connection, run_id: str, events: Sequence[Event]) -> None:
    """Stores all checkpoint events. A worker names its files from the folder of its attempt on.

    Of those under one name only the newest is left, with the id of the first: it has taken its place on disk.
    """
    newest = {event.path: event for event in events if isinstance(event, CheckpointEvent)}
    if not newest:
        return
    attempt = connection.execute(select(runs.c.attempt_id).where(runs.c.id == run_id)).scalar_one()
    written = {path if attempt is None else f"{attempt}/{path}": event for path, event in newest.items()}
    replaced = (checkpoints.c.run_id == run_id) & checkpoints.c.path.in_(written)
    ids = {path: id_ for id_, path in connection.execute(select(checkpoints.c.id, checkpoints.c.path).where(replaced))}
    connection.execute(delete(checkpoints).where(replaced))
    rows = [
        {
            "id": ids.get(path) or uuid4().hex,
            "run_id": run_id,
            "seq": event.seq,
            "fold": event.fold,
            "epoch": event.epoch,
            "step": event.step,
            "path": path,
            "size": event.size,
            "sha256": event.sha256,
            "logs": encode_logs(event.logs),
            "cause": event.cause,
            "position": event.position,
            "created_at": event.time,
        }
        for path, event in written.items()
    ]
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
            held = {one.id for one in _list_resumable(connection, run_id)}
        looked_at = [
            (row, is_whole(CheckpointFile(*(row[column.name] for column in FILE_COLUMNS)))) for row in found.rows
        ]
        items = [
            _to_public(row, is_whole=whole, is_held=row["id"] in held) for row, whole in looked_at if whole is not None
        ]
        return CheckpointPage(items=items, next_cursor=found.next_cursor)

    def list_resumable(self, run_id: str) -> Sequence[ResumableCheckpoint]:
        """The checkpoints that training can go on from, the newest first.

        Those that the run has overtaken, by going on from an earlier one since, are left out.
        """
        with self._database.read() as connection:
            return _list_resumable(connection, run_id)

    def list_written(self, run_id: str) -> Sequence[WrittenCheckpoint]:
        """All that were reported, the oldest first, whether their files are there or not."""
        wanted = (
            select(checkpoints.c.id, checkpoints.c.path, checkpoints.c.logs, checkpoints.c.position, checkpoints.c.fold)
            .where(checkpoints.c.run_id == run_id)
            .order_by(checkpoints.c.seq)
        )
        with self._database.read() as connection:
            held = {one.id for one in _list_resumable(connection, run_id)}
            rows = connection.execute(wanted).all()
        return [
            WrittenCheckpoint(
                row.path, row.logs, is_overtaken=row.position is not None and row.id not in held, fold=row.fold
            )
            for row in rows
        ]

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

    def has_position(self, checkpoint_id: str) -> bool:
        """Whether the file says where in the data training was."""
        wanted = select(checkpoints.c.position).where(checkpoints.c.id == checkpoint_id)
        with self._database.read() as connection:
            return connection.execute(wanted).scalar_one_or_none() is not None

    def list_earlier(self, run_id: str, checkpoint_id: str) -> Sequence[CheckpointFile]:
        """The checkpoints that were written before this one, the newest first."""
        this = select(checkpoints.c.seq).where(checkpoints.c.id == checkpoint_id).scalar_subquery()
        earlier = select(*FILE_COLUMNS).where(checkpoints.c.run_id == run_id, checkpoints.c.seq < this)
        with self._database.read() as connection:
            return [CheckpointFile(*row) for row in connection.execute(earlier.order_by(checkpoints.c.seq.desc()))]


def _list_resumable(connection: Connection, run_id: str) -> list[ResumableCheckpoint]:
    columns = [checkpoints.c[name] for name in ("id", "path", "sha256", "epoch", "step", "fold")]
    wanted = (
        select(checkpoints.c.seq, *columns)
        .where(checkpoints.c.run_id == run_id, checkpoints.c.position.is_not(None))
        .order_by(checkpoints.c.seq.desc())
    )
    rows = connection.execute(wanted).all()
    starts = list(_read_starts(connection, run_id, rows[-1].seq)) if rows else []
    return _drop_overtaken([(seq, ResumableCheckpoint(*rest)) for seq, *rest in rows], starts)


def _read_starts(connection: Connection, run_id: str, after: int) -> Iterator[tuple[int, int]]:
    """At which events after number `after` the run went on from which step."""
    of_run = (stored_events.c.run_id == run_id) & (stored_events.c.seq > after)
    kind = MarkEvent.model_fields["type"].default
    marks = select(stored_events.c.seq, stored_events.c.body).where(of_run, stored_events.c.type == kind)
    for seq, body in connection.execute(marks):
        mark = orjson.loads(body)
        if mark["kind"] == "resumed":
            yield seq, mark["step"]


def _drop_overtaken(
    newest_first: Iterable[tuple[int, ResumableCheckpoint]], starts: Iterable[tuple[int, int]]
) -> list[ResumableCheckpoint]:
    """Without those of a later step than that of a later checkpoint, or from which the run went on later."""
    waiting = sorted(starts)
    kept: list[ResumableCheckpoint] = []
    earliest: float = math.inf
    for seq, one in newest_first:
        while waiting and waiting[-1][0] > seq:
            earliest = min(earliest, waiting.pop()[1])
        if one.step <= earliest:
            kept.append(one)
            earliest = one.step
    return kept


def _to_public(row: RowMapping, *, is_whole: bool, is_held: bool) -> CheckpointPublic:
    return CheckpointPublic(
        id=row["id"],
        run_id=row["run_id"],
        fold=row["fold"],
        epoch=row["epoch"],
        step=row["step"],
        size=row["size"],
        sha256=row["sha256"],
        logs=orjson.loads(row["logs"]),
        cause=row["cause"],
        position=row["position"],
        is_whole=is_whole,
        can_resume=is_whole and is_held,
        url=f"/api/runs/{row['run_id']}/checkpoints/{row['id']}/file",
        created_at=row["created_at"],
    )
