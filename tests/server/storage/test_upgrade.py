"""Migrations: they make exactly the tables that the code uses, whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from server.storage.database import Database
from server.storage.events import insert_events
from server.storage.migrations import HEAD
from server.storage.tables import metadata, runs
from server.storage.upgrade import MIGRATIONS, NewerDatabaseError, fetch_revision, run_migrations, upgrade_database
from tests.server.open_runs import NOON, make_status, open_run


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    yield database
    database.close()


def make_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def describe_schema(database: Database) -> dict[str, list[object]]:
    """Columns, keys, indexes and links of every table, as SQLite sees them, whatever their order."""
    with database.read() as connection:
        tables = connection.execute(text("SELECT name, wr FROM pragma_table_list WHERE schema = 'main'")).all()
        return {
            f"{table.name} {table.wr}": [
                sorted(str(tuple(row)[1:]) for row in connection.execute(text(f"PRAGMA {what}('{table.name}')")))
                for what in ("table_xinfo", "index_list", "foreign_key_list")
            ]
            for table in sorted(tables)
        }


def test_all_migrations_together_make_the_tables_that_the_code_uses(database: Database):
    with database.write() as connection:
        run_migrations(connection)
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_an_empty_database_gets_what_all_migrations_together_make(database: Database, tmp_path: Path):
    upgrade_database(database)
    migrated = Database(f"sqlite:///{tmp_path / 'migrated.db'}")
    with migrated.write() as connection:
        run_migrations(connection)
    made = describe_schema(database)
    assert made == describe_schema(migrated)
    assert {name.split()[0] for name in made if name.endswith(" 1")} == {"events", "metrics", "logs"}
    with database.read() as first, migrated.read() as second:
        assert fetch_revision(first) == fetch_revision(second) == HEAD
    migrated.close()


def test_the_head_that_the_server_looks_for_is_the_newest_migration():
    assert ScriptDirectory.from_config(make_config()).get_heads() == [HEAD]


def test_upgrading_again_changes_nothing(database: Database):
    upgrade_database(database)
    upgrade_database(database)
    with database.read() as connection:
        assert fetch_revision(connection) == HEAD


def test_every_migration_can_be_undone(database: Database):
    upgrade_database(database)
    config = make_config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars().all()
    assert left == ["alembic_version"]


def test_how_long_earlier_runs_have_trained_is_counted_from_their_events(database: Database):
    upgrade_database(database)
    run = open_run(database)
    at = {2: ("running", 0), 3: ("paused", 10), 4: ("running", 500)}
    story = [
        make_status(seq, status).model_copy(update={"time": NOON + timedelta(seconds=after)})
        for seq, (status, after) in at.items()
    ]
    config = make_config()
    with database.write() as connection:
        insert_events(connection, run.run_id, story)
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        run_migrations(connection)
        counted = select(runs.c.trained_seconds, runs.c.training_since).where(runs.c.id == run.run_id)
        assert tuple(connection.execute(counted).one()) == (10, NOON + timedelta(seconds=500))


def test_a_start_that_fails_half_way_leaves_nothing(database: Database):
    with database.write() as connection:
        connection.execute(text("CREATE TABLE logs (in_the_way INTEGER)"))
    with pytest.raises(OperationalError, match="logs"):
        upgrade_database(database)
    with database.read() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars().all()
    assert tables == ["logs"]


def test_a_database_of_a_newer_layerloom_is_left_alone(database: Database):
    upgrade_database(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="9999"):
        upgrade_database(database)
