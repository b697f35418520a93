"""A real database for what takes in and hands out events."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.settings import Settings
from server.storage.database import Database
from server.storage.upgrade import upgrade_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all tests of a file: each makes runs of its own."""
    home: Path = tmp_path_factory.mktemp("home")
    database = Database.from_settings(Settings(home=home))
    upgrade_database(database)
    yield database
    database.close()
