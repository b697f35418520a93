"""The status of a run, and how long it has trained: what its status events change in its row."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from engine.training.events import FINAL_STATUSES, StatusEvent
from server.storage.tables import events


def change_status(
    connection: Connection,
    run_id: str,
    changes: dict[str, Any],
    before: RowMapping,
    event: StatusEvent,
    *,
    reopens: bool,
) -> None:
    """Adds to `changes` what changes in the run's row. A final status is only left where `reopens` says so."""
    if changes.get("status", before["status"]) in FINAL_STATUSES:
        if not reopens:
            return
        changes["finished_at"] = None
    changes |= {"status": event.status, "reason": event.reason}
    if event.status == "running" and before["started_at"] is None:
        changes.setdefault("started_at", event.time)
    if event.status in FINAL_STATUSES:
        changes["finished_at"] = event.time
    _count_time(changes, before, event, _find_end(connection, run_id, event))


def _count_time(changes: dict[str, Any], before: RowMapping, event: StatusEvent, ended: datetime) -> None:
    """Adds the time in which the run trained, until `ended`, where it does not any more."""
    since = changes.get("training_since", before["training_since"])
    if event.status == "running":
        changes["training_since"] = since or event.time
    elif since is not None:
        trained = changes.get("trained_seconds", before["trained_seconds"])
        changes["trained_seconds"] = trained + max(0.0, (ended - since).total_seconds())
        changes["training_since"] = None


def _find_end(connection: Connection, run_id: str, event: StatusEvent) -> datetime:
    """When training ended: a run waits again when the server finds its worker gone, which may be long after that."""
    if event.status != "queued":
        return event.time
    earlier = (
        select(events.c.time)
        .where(events.c.run_id == run_id, events.c.seq < event.seq)
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    return connection.execute(earlier).scalar_one_or_none() or event.time
