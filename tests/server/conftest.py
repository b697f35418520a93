"""The application as the tests of the server meet it: real routes, a real SQLite file, no process until one is needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", prepare_compiler=False)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A browser-less client of a served application; errors come as answers, as they do over a network."""
    settings.home.mkdir()
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def keras_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One application for all tests that need Keras, with its real compiler process."""
    settings = Settings(home=tmp_path_factory.mktemp("keras-home"))
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
