"""Loads the application: what takes most of a start."""

import gc
import sqlite3

from fastapi import FastAPI
from sqlalchemy.exc import DatabaseError

from server.app import create_app
from server.cannot_serve import CannotServeError
from server.settings import Settings
from server.storage.database import Database
from server.storage.upgrade import NewerDatabaseError, upgrade_database


def load_application(settings: Settings) -> FastAPI:
    """The application, with its database at the newest migration.

    Raises:
        CannotServeError: the database is damaged, no database at all, or newer than this Layerloom.
    """
    prepare_database(settings)
    app = create_app(settings)
    # All this lives as long as the server does: the collector need never look at it again.
    gc.freeze()
    return app


def prepare_database(settings: Settings) -> None:
    """Brings the database to the newest migration. Raises `CannotServeError`."""
    database = Database.from_settings(settings)
    try:
        upgrade_database(database)
    except NewerDatabaseError as error:
        raise CannotServeError(str(error)) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise CannotServeError(
            f"The database of {settings.home} cannot be opened ({cause}); restore it from a copy,"
            " or choose another data folder with --home."
        ) from error
    finally:
        database.close()
