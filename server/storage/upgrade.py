"""Brings the database to the newest migration."""

import logging
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from server.storage.database import Database
from server.storage.migrations import HEAD
from server.storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
log = logging.getLogger("layerloom.database")


class NewerDatabaseError(Exception):
    """The database was written by a newer Layerloom."""


def upgrade_database(database: Database) -> None:
    """Makes the tables of an empty database, or applies the migrations that are missing, all or none.

    Alembic is imported only to migrate: it costs a third of a second, and 12 MB for as long as the server runs.

    Raises:
        NewerDatabaseError: the database is at a migration that this Layerloom does not know.
    """
    with database.write() as connection:
        revision = fetch_revision(connection)
        if revision == HEAD:
            return
        if revision is not None and revision > HEAD:
            raise NewerDatabaseError(
                f"The database is at migration {revision}, and this Layerloom knows migrations up to {HEAD}."
                " Install the newer Layerloom that wrote it, or use another data folder (--home)."
            )
        if revision is None:
            _make_tables(connection)
            return
        log.info("bringing the database from migration %s to %s", revision, HEAD)
        run_migrations(connection)


def fetch_revision(connection: Connection) -> str | None:
    """The database's migration; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _make_tables(connection: Connection) -> None:
    """What all migrations together make; a test compares the two. Fails where a table is in the way."""
    metadata.create_all(connection, checkfirst=False)
    bookkeeping = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
    bookkeeping.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    bookkeeping.create(connection)
    connection.execute(bookkeeping.insert().values(version_num=HEAD))


def run_migrations(connection: Connection) -> None:
    """Applies the migrations that are missing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
