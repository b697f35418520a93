"""The application as the server's tests meet it: real routes, a real SQLite file, no process until one is needed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from server.storage.database import Database
from server.storage.upgrade import upgrade_database


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an up-to-date, empty database: migrating once is enough."""
    home = tmp_path_factory.mktemp("migrated") / "home"
    home.mkdir()
    database = Database.from_settings(Settings(home=home))
    upgrade_database(database)
    database.close()
    return home


@pytest.fixture
def settings(tmp_path: Path, migrated_home: Path) -> Settings:
    """Settings with a data folder of their own."""
    home = shutil.copytree(migrated_home, tmp_path / "home")
    return Settings(home=home, prepare_compiler=False)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """The application that `client` talks to."""
    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client without a browser; errors come as answers, as they do over a network."""
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def database(app: FastAPI, client: TestClient) -> Database:
    """The open database of the application that `client` talks to."""
    database: Database = app.state.database
    return database


@pytest.fixture(scope="session")
def keras_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One application for all tests that need Keras, with its real compiler process."""
    settings = Settings(home=tmp_path_factory.mktemp("keras-home"))
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
