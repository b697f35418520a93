"""The database: one connection that writes, a few that read.

SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint at once. So only one
connection ever writes and checkpoints; the readers are `query_only`, never checkpoint, and are closed before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from server.settings import Settings


class Database:
    """Hands out transactions. Safe to use from many threads."""

    def __init__(self, url: str, readers: int = 4, timeout_s: float = 10.0):
        """Opens nothing yet. `timeout_s` is how long a caller waits for a connection or for a lock."""
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.writer = _create_engine(url, 1, timeout_s)
        self.reader = _create_engine(url, readers, timeout_s)
        if self.is_sqlite:
            _set_up_sqlite(self.writer, timeout_s, writes=True)
            _set_up_sqlite(self.reader, timeout_s, writes=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Database":
        """The database that the settings name."""
        return cls(settings.url, settings.database_readers, settings.database_timeout_s)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The writing connection in a transaction: committed at the end, rolled back where an error leaves the block.

        Raises:
            sqlalchemy.exc.TimeoutError: other writers held it for too long.
        """
        with self.writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading connection in a transaction, so that all it reads is of one moment."""
        with self.reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes the readers, then the writer, which thereby checkpoints."""
        self.reader.dispose()
        self.writer.dispose()


def _create_engine(url: str, connections: int, timeout_s: float) -> Engine:
    return create_engine(
        url, poolclass=QueuePool, pool_size=connections, max_overflow=0, pool_timeout=timeout_s, hide_parameters=True
    )


def _set_up_sqlite(engine: Engine, timeout_s: float, *, writes: bool) -> None:
    pragmas = [
        f"PRAGMA busy_timeout={int(timeout_s * 1000)}",
        "PRAGMA foreign_keys=ON",
        *(
            ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA journal_size_limit=67108864"]
            if writes
            else []
        ),
        *([] if writes else ["PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0"]),
    ]

    def connect(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
        # The module would begin a transaction only at the first write; `begin` below says when.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
