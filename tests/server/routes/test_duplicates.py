"""Copies and leaks over the API: looked for as a job, kept, shown with examples."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.jobs.data_job_records import DataJobRecords
from server.settings import Settings
from tests.server.own_data import make_dataset, pack_npz, wait_until_over


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("duplicates-home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    settings = Settings(home=home, prepare_compiler=False)
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def pack_leaky(leaks: int) -> bytes:
    """40 training samples, two of them copies, and 10 for the test, of which some are also in the training part."""
    x = np.random.default_rng(0).normal(size=(50, 3)).astype("float32")
    y = np.arange(50) % 2
    x[10:12] = x[:2]
    x[40 : 40 + leaks], y[40 : 40 + leaks] = x[20 : 20 + leaks], y[20 : 20 + leaks]
    y[40] = 1 - y[40]
    return pack_npz(x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])


def look(client: TestClient, name: str, **wanted: object) -> dict[str, Any]:
    response = client.post(f"/api/datasets/{name}/duplicates", json=wanted)
    assert response.status_code == 202, response.text
    job = response.json()
    assert response.headers["Location"] == f"/api/datasets/jobs/{job['id']}"
    assert (job["kind"], job["name"]) == ("duplicates", name)
    return wait_until_over(client, job["id"])


def read(client: TestClient, name: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/datasets/{name}/duplicates").json()
    return found


def test_copies_and_leaks_of_own_data_are_found_kept_and_forgotten_with_it(client: TestClient):
    assert make_dataset(client, "leaky", pack_leaky(leaks=4))["state"] == "finished"
    assert read(client, "leaky") == {"report": None, "job": None}
    job = look(client, "leaky")
    assert (job["state"], job["progress"]) == ("finished", 1), job
    report = read(client, "leaky")["report"]
    assert [(one["part"], one["samples"], one["copies"]) for one in report["parts"]] == [
        ("training", 40, 2),
        ("test", 10, 0),
    ]
    (leak,) = report["leaks"]
    assert (leak["part"], leak["source"], leak["leaked"], leak["contradictions"]) == ("test", "training", 4, 1)
    # The one with another target comes first.
    assert leak["examples"][0]["places"] == [{"part": "test", "row": 0}, {"part": "training", "row": 20}]
    assert len({one["y"] for one in leak["examples"][0]["targets"]}) == 2

    assert client.delete("/api/datasets/leaky").status_code == 204
    assert make_dataset(client, "leaky", pack_leaky(leaks=1))["state"] == "finished"
    assert read(client, "leaky")["report"] is None


def test_a_split_says_what_leaks_from_side_to_side(client: TestClient):
    split = {"kind": "holdout", "validation": 0.5, "seed": 1}
    assert look(client, "iris", split=split)["state"] == "finished"
    report = read(client, "iris")["report"]
    (leak,) = report["leaks"]
    assert (leak["part"], leak["samples"]) == ("validation", 75)
    assert {key: report["split"][key] for key in split} == split


def test_a_stored_split_is_looked_through_by_its_name(client: TestClient):
    new = {"name": "halves", "definition": {"kind": "holdout", "validation": 0.5, "seed": 1}}
    assert client.post("/api/datasets/iris/splits", json=new).status_code == 201
    assert look(client, "iris", split={"kind": "stored", "name": "halves"})["state"] == "finished"
    report = read(client, "iris")["report"]
    assert report["split"] == {"kind": "stored", "name": "halves"}
    assert [(one["part"], one["samples"]) for one in report["leaks"]] == [("validation", 75)]
    unknown = look(client, "iris", split={"kind": "stored", "name": "thirds"})
    assert (unknown["state"], unknown["issues"][0]["argument"]) == ("failed", "data.split.name")


def test_what_cannot_be_looked_through_is_refused_by_name(client: TestClient):
    assert client.post("/api/datasets/nothing/duplicates", json={}).status_code == 404
    assert read(client, "nothing") == {"report": None, "job": None}
    assert client.post("/api/datasets/iris/duplicates", json={"split": {"kind": "magic"}}).status_code == 422
    assert client.post("/api/datasets/iris/duplicates", json={"rows": 3}).status_code == 422
    wrong = look(client, "spirals", arguments={"arms": "many"})
    assert wrong["state"] == "failed"
    assert wrong["issues"][0]["argument"] == "data.arguments.arms"
    split = {"kind": "grouped", "by": "nobody"}
    refused = look(client, "iris", split=split)
    assert refused["issues"][0]["argument"] == "data.split.by"


def test_jobs_are_remembered_by_the_next_server(client: TestClient, home: Path):
    known = client.get("/api/datasets/jobs").json()
    assert known
    (home / "data" / "jobs" / "broken.json").write_text("{")
    records = DataJobRecords(home / "data" / "jobs")
    assert [job.model_dump(mode="json") for job in records.list()] == known
