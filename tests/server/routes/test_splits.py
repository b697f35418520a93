"""Splits over the API: tried, stored, listed, named by a run's check, deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from engine.graph.document import Graph
from engine.training.config import RunConfig
from server.app import create_app
from server.routes.examples import FLOWERS_GRAPH, FLOWERS_TRAINING
from server.schemas.run import RunCreate
from server.settings import Settings
from server.storage.database import Database
from server.storage.runs import RunStore
from server.storage.tables import runs
from tests.server.own_data import make_dataset

STRATIFIED = {"kind": "stratified", "validation": 0.2, "test": 0.1}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("splits-home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    settings = Settings(home=home, prepare_compiler=False)
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def database(client: TestClient) -> Database:
    """The database of the server."""
    database: Database = client.app.state.database  # type: ignore[attr-defined]
    return database


@pytest.fixture(scope="module")
def model(client: TestClient) -> str:
    """A model for three flowers, by its id."""
    body = {"name": "Flowers", "graph": FLOWERS_GRAPH, "training": FLOWERS_TRAINING}
    identity: str = client.post("/api/models", json=body).json()["id"]
    return identity


def store_run(database: Database, model: str, training: dict[str, object]) -> str:
    """A run in the queue, which no process trains."""
    new = RunCreate(model_id=model, config=RunConfig.model_validate(training))
    identity: str = RunStore(database).create(new, Graph.model_validate(FLOWERS_GRAPH).model_dump_json()).id
    return identity


def finish(database: Database, run: str) -> None:
    with database.write() as connection:
        connection.execute(update(runs).where(runs.c.id == run).values(status="finished"))


def list_made(home: Path) -> list[Path]:
    return list((home / "data" / "making").glob("*"))


def test_a_split_is_tried_stored_listed_and_deleted(client: TestClient, home: Path):
    tried = client.post("/api/datasets/iris/splits/try", json={"definition": STRATIFIED})
    assert tried.status_code == 200, tried.text
    (side,) = tried.json()["sides"]
    assert (side["training"], side["validation"], side["test"]) == (105, 30, 15)
    assert side["classes"]["validation"] == [10, 10, 10]
    assert client.get("/api/datasets/iris/splits").json() == []

    stored = client.post("/api/datasets/iris/splits", json={"name": "by-kind", "definition": STRATIFIED})
    assert stored.status_code == 201, stored.text
    assert stored.headers["Location"] == "/api/datasets/iris/splits/by-kind"
    assert stored.json()["sides"] == tried.json()["sides"]
    assert client.get("/api/datasets/iris/splits").json() == [stored.json()]
    assert client.get("/api/datasets/iris/splits/by-kind").json() == stored.json()
    assert list_made(home) == []

    again = client.post("/api/datasets/iris/splits", json={"name": "by-kind", "definition": {"kind": "holdout"}})
    assert again.status_code == 409
    assert client.delete("/api/datasets/iris/splits/by-kind").status_code == 204
    assert client.delete("/api/datasets/iris/splits/by-kind").status_code == 404
    assert client.get("/api/datasets/iris/splits/by-kind").status_code == 404
    assert list_made(home) == []


def test_runs_are_checked_on_the_split_that_they_name_and_keep_it_from_being_deleted(
    client: TestClient, model: str, database: Database
):
    client.post("/api/datasets/iris/splits", json={"name": "mine", "definition": STRATIFIED}).raise_for_status()
    split = {"kind": "stored", "name": "mine"}
    training = {**FLOWERS_TRAINING, "fit": {"epochs": 1}, "data": {"dataset": "iris", "split": split}}
    checked = client.post(f"/api/models/{model}/compile", json=training).json()
    assert (checked["ok"], checked["samples"], checked["validation_samples"]) == (True, 105, 30), checked

    run = store_run(database, model, training)
    refused = client.delete("/api/datasets/iris/splits/mine")
    assert refused.status_code == 409
    assert "uses the split 'mine' of the data set 'iris'" in refused.json()["detail"]
    finish(database, run)
    assert client.delete("/api/datasets/iris/splits/mine").status_code == 204
    gone = client.post(f"/api/models/{model}/compile", json=training).json()
    assert [(issue["code"], issue["argument"]) for issue in gone["issues"]] == [("unknown_split", "data.split.name")]


def test_a_run_trains_on_a_stored_split_of_ones_own_data(client: TestClient, model: str):
    assert make_dataset(client, "points")["state"] == "finished"
    definition = {"kind": "grouped", "by": "y", "validation": 0.5}
    client.post("/api/datasets/points/splits", json={"name": "clouds", "definition": definition}).raise_for_status()
    assert client.get("/api/datasets/points/splits").json()[0]["sides"][0]["training"] == 20
    assert client.delete("/api/datasets/points").status_code == 204
    assert client.get("/api/datasets/points/splits").status_code == 404
    assert make_dataset(client, "points")["state"] == "finished"
    assert client.get("/api/datasets/points/splits").json() == []


@pytest.mark.parametrize(
    ("dataset", "body", "status", "words"),
    [
        ("nothing", {"name": "a", "definition": STRATIFIED}, 404, "no data set 'nothing'"),
        ("iris", {"name": "../a", "definition": STRATIFIED}, 422, "pattern"),
        ("iris", {"name": "a", "definition": {"kind": "stored", "name": "b"}}, 422, "expected tags"),
        ("iris", {"name": "a", "definition": {"kind": "grouped", "by": "x"}}, 422, "no array 'x'"),
        ("iris", {"name": "a", "definition": {"kind": "holdout", "validation": 1.5}}, 422, "less than 1"),
        ("iris", {"name": "a", "definition": STRATIFIED, "arguments": {"x": 1}}, 422, "'x'"),
        ("iris", {"name": "a"}, 422, "Field required"),
    ],
    ids=str,
)
def test_what_is_no_split_is_refused(client: TestClient, home: Path, dataset, body, status, words):
    response = client.post(f"/api/datasets/{dataset}/splits", json=body)
    assert response.status_code == status, response.text
    assert words in response.text
    assert list_made(home) == []


@pytest.mark.parametrize("path", ["nothing/splits", "iris/splits/nothing", "..%2Fx/splits/a", "iris/splits/..%2F.."])
def test_what_is_not_there_is_not_found(client: TestClient, path):
    assert client.get(f"/api/datasets/{path}").status_code == 404
    if path.count("/") > 1:
        assert client.delete(f"/api/datasets/{path}").status_code == 404


def test_an_error_in_the_settings_is_said_at_its_field(client: TestClient, model: str):
    split = {"kind": "k_fold", "folds": 1}
    training = {**FLOWERS_TRAINING, "data": {"dataset": "iris", "split": split}}
    response = client.post(f"/api/models/{model}/compile", json=training)
    assert response.status_code == 422
    assert [issue["argument"] for issue in response.json()["issues"]] == ["data.split.folds"]
