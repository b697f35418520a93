"""The lines that a run's worker printed or logged."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from engine.training.events import Event, LogEvent
from server.storage.tables import logs


def insert_logs(connection: Connection, run_id: str, events: Sequence[Event]) -> None:
    """Stores the lines of all log events."""
    rows = [
        {"run_id": run_id, "seq": event.seq, "time": event.time, "level": event.level, "message": event.message}
        for event in events
        if isinstance(event, LogEvent)
    ]
    if rows:
        connection.execute(insert(logs), rows)


def read_messages(connection: Connection, run_id: str, first: int, last: int) -> dict[int, tuple[str, str]]:
    """Level and message of the log events numbered `first` to `last`."""
    wanted = select(logs.c.seq, logs.c.level, logs.c.message).where(
        logs.c.run_id == run_id, logs.c.seq.between(first, last)
    )
    return {seq: (level, message) for seq, level, message in connection.execute(wanted)}


def read_logs(connection: Connection, run_id: str, after: int, limit: int) -> list[LogEvent]:
    """The log events after number `after`, in order, at most `limit`."""
    wanted = (
        select(logs.c.seq, logs.c.time, logs.c.level, logs.c.message)
        .where(logs.c.run_id == run_id, logs.c.seq > after)
        .order_by(logs.c.seq)
        .limit(limit)
    )
    return [LogEvent(**row) for row in connection.execute(wanted).mappings()]


def read_log_tail(connection: Connection, run_id: str, lines: int) -> list[str]:
    """The last `lines` lines."""
    newest = select(logs.c.message).where(logs.c.run_id == run_id).order_by(logs.c.seq.desc()).limit(max(lines, 1))
    messages = [message for (message,) in connection.execute(newest)]
    tail = [line for message in reversed(messages) for line in message.splitlines()]
    return tail[len(tail) - lines :] if len(tail) > lines else tail
