"""Migrations: they make exactly the tables that the code uses, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server.storage.database import Database
from server.storage.migrations import HEAD
from server.storage.tables import metadata
from server.storage.upgrade import MIGRATIONS, NewerDatabaseError, fetch_revision, upgrade_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    yield database
    database.close()


def make_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def test_migrating_makes_the_tables_that_the_code_uses(database: Database):
    upgrade_database(database)
    with database.write() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        migrated = set(connection.execute(text("SELECT name FROM sqlite_schema")).scalars())
        without_rowid = {
            row.name for row in connection.execute(text("PRAGMA table_list")) if row.wr and row.schema == "main"
        }
    assert differences == []
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= migrated
    assert without_rowid == {"events", "metrics", "logs"}


def test_the_head_that_the_server_looks_for_is_the_newest_migration():
    assert ScriptDirectory.from_config(make_config()).get_heads() == [HEAD]


def test_migrating_again_changes_nothing(database: Database):
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


def test_a_migration_that_fails_half_way_leaves_nothing(database: Database):
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
