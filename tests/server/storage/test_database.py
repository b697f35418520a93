"""The database: one writer, readers that only read, and times with their zone."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as DatabaseTimeout

from server.settings import Settings
from server.storage.database import Database
from server.storage.tables import metadata, models


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}", readers=2, timeout_s=0.2)
    with database.write() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


def make_model(model_id: str, **values: object) -> dict[str, object]:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    row = {"id": model_id, "name": "a", "revision": 1, "hash": "0", "nodes": 0, "graph": "{}", "layout": "{}"}
    return row | {"created_at": moment, "updated_at": moment} | values


def count_models(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(models)).scalar_one()


def test_the_database_is_durable_as_decided(database: Database):
    with database.write() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "query_only", "wal_autocheckpoint")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "query_only": 0,
        "wal_autocheckpoint": 1000,
    }


def test_a_reader_can_neither_write_nor_checkpoint(database: Database):
    with database.read() as connection:
        assert connection.execute(text("PRAGMA wal_autocheckpoint")).scalar() == 0
        with pytest.raises(OperationalError, match="readonly"):
            connection.execute(models.insert().values(make_model("m")))


def test_an_error_within_a_transaction_undoes_all_of_it(database: Database):
    def insert_twice() -> None:
        with database.write() as connection:
            connection.execute(models.insert().values(make_model("m")))
            connection.execute(models.insert().values(make_model("m")))

    with pytest.raises(IntegrityError):
        insert_twice()
    assert count_models(database) == 0


def test_readers_see_the_moment_at_which_they_began(database: Database):
    with database.read() as reading:
        reading.execute(text("SELECT count(*) FROM models")).scalar_one()
        with database.write() as writing:
            writing.execute(models.insert().values(make_model("m")))
        assert reading.execute(text("SELECT count(*) FROM models")).scalar_one() == 0
    assert count_models(database) == 1


def test_only_one_writes_at_a_time_and_the_next_one_waits_so_long_and_no_longer(database: Database):
    with database.write(), pytest.raises(DatabaseTimeout), database.write():
        pass


def test_many_threads_that_write_lose_nothing(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'busy.db'}", timeout_s=10)
    with database.write() as connection:
        metadata.create_all(connection)

    def write(thread: int) -> None:
        for number in range(25):
            with database.write() as connection:
                connection.execute(models.insert().values(make_model(f"{thread}-{number}")))

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_models(database) == 200
    database.close()


def test_a_link_to_nothing_is_refused(database: Database):
    statement = text(
        "INSERT INTO versions (id, model_id, number, hash, message, graph, layout, created_at)"
        " VALUES ('v', 'nope', 1, '', '', '', '', '2026-05-01 00:00:00.000000')"
    )
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(statement)


def test_times_are_kept_in_utc_and_come_back_with_their_zone(database: Database):
    moment = datetime(2026, 5, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    with database.write() as connection:
        connection.execute(models.insert().values(make_model("m", created_at=moment)))
        stored = connection.execute(models.select()).mappings().one()["created_at"]
        raw = connection.execute(text("SELECT created_at FROM models")).scalar()
    assert (stored, stored.tzinfo, raw) == (moment, UTC, "2026-05-01 07:30:00.123456")


def test_a_time_without_zone_is_refused(database: Database):
    naive = datetime(2026, 5, 1)  # noqa: DTZ001  # that is the point
    with pytest.raises(StatementError, match="time zone"), database.write() as connection:
        connection.execute(models.insert().values(make_model("m", created_at=naive)))


def test_a_closed_database_is_one_file(database: Database, tmp_path: Path):
    with database.write() as connection:
        connection.execute(models.insert().values(make_model("m")))
    assert count_models(database) == 1
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["test.db"]
    with contextlib.closing(sqlite3.connect(tmp_path / "test.db")) as plain:
        assert plain.execute("SELECT count(*) FROM models").fetchone() == (1,)


def test_another_database_can_be_named(tmp_path: Path):
    assert Settings(home=tmp_path).url == f"sqlite:///{tmp_path}/layerloom.db"
    assert Settings(home=tmp_path, database_url="postgresql://h/d").url == "postgresql://h/d"
