"""Brings the database to the newest migration."""

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from server.storage.database import Database
from server.storage.migrations import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"
log = logging.getLogger("layerloom.database")


class NewerDatabaseError(Exception):
    """The database was written by a newer Layerloom."""


def upgrade_database(database: Database) -> None:
    """Applies the migrations that are missing, all or none. Alembic is imported only where some are.

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
        log.info("bringing the database from migration %s to %s", revision, HEAD)
        _run_migrations(connection)


def fetch_revision(connection: Connection) -> str | None:
    """The database's migration; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _run_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
