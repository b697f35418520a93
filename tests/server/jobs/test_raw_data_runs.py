"""A run on raw columns: what its layers learned is there wherever the trained model is used."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import keras
import numpy as np
import pytest

from tests.engine.training.adapting.reviews import COLUMNS, NAME, draw_reviews, list_rows
from tests.server.live_server import LiveServer, make_config, serve
from tests.server.own_data import upload, wait_until_over

ROWS = [{"stars": 4.0, "city": "Köln", "text": "a great film"}, {"stars": 1.0, "city": "nowhere", "text": "poor"}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("raw")) as live:
        yield live


@pytest.fixture(scope="module")
def page(server: LiveServer) -> Iterator[httpx.Client]:
    with server.connect() as client:
        yield client


@pytest.fixture(scope="module")
def run(server: LiveServer, page: httpx.Client) -> dict[str, Any]:
    """A finished run on the reviews; the model's draft has learned nothing."""
    text = io.StringIO()
    csv.writer(text).writerows([["stars", "city", "text", "liked"], *list_rows()])
    sent = upload(page, "reviews.csv", text.getvalue().encode())
    definition = {"kind": "table", "options": {"raw": True, "columns": COLUMNS}}
    body = {"name": NAME, "title": "Reviews", "files": [{"upload": sent["id"]}], "definition": definition}
    begun = page.post("/api/datasets", json=body)
    assert begun.status_code == 202, begun.text
    assert wait_until_over(page, begun.json()["id"])["state"] == "finished"
    config = make_config(2, "binary_crossentropy") | {
        "data": {"dataset": NAME}, "fit": {"epochs": 2, "batch_size": 16, "validation_split": 0.2},
    }  # fmt: skip
    graph = draw_reviews(words="tf_idf").model_dump(mode="json")
    model = page.post("/api/models", json={"name": "raw", "graph": graph, "training": config}).json()
    launched = page.post("/api/runs", json={"model_id": model["id"], "config": config})
    assert launched.status_code == 202, launched.text
    ended: dict[str, Any] = server.wait_until_over(launched.json()["id"])
    assert ended["status"] == "finished", server.read_events(str(ended["id"]))
    return ended


@pytest.fixture(scope="module")
def answers(page: httpx.Client, run: dict[str, Any]) -> list[float]:
    response = page.post(f"/api/runs/{run['id']}/predict", json={"rows": ROWS})
    assert response.status_code == 200, response.text
    values: list[list[float]] = response.json()["raw"][0]["values"]
    return [one for (one,) in values]


@pytest.fixture(scope="module")
def checkpoint(page: httpx.Client, run: dict[str, Any]) -> str:
    identifier: str = page.get(f"/api/runs/{run['id']}/checkpoints").json()["items"][0]["id"]
    return identifier


def test_an_unseen_city_and_unseen_words_are_answered_too(answers: list[float]) -> None:
    assert len(answers) == 2
    assert all(0 < one < 1 for one in answers)


def test_the_run_is_evaluated_on_its_texts(page: httpx.Client, run: dict[str, Any]) -> None:
    response = page.post(f"/api/runs/{run['id']}/evaluate", json={"checkpoint_id": "last"})

    assert response.status_code == 200, response.text
    assert response.json()["metrics"]["loss"] > 0


def test_the_exported_model_answers_the_same(
    page: httpx.Client, run: dict[str, Any], checkpoint: str, answers: list[float], tmp_path: Path
) -> None:
    address = f"/api/runs/{run['id']}/checkpoints/{checkpoint}/export"
    for format_name in ("keras", "json", "python"):
        response = page.get(address, params={"format": format_name})
        assert response.status_code == 200, response.text
        if format_name != "keras":
            assert "東京" in response.content.decode() or "\\u6771" in response.content.decode()
            continue
        path = tmp_path / "model.keras"
        path.write_bytes(response.content)
        model = keras.models.load_model(path)
        given = [
            keras.ops.convert_to_tensor([[row["stars"]] for row in ROWS], dtype="float32"),
            keras.ops.convert_to_tensor([[row["city"]] for row in ROWS], dtype="string"),
            keras.ops.convert_to_tensor([row["text"] for row in ROWS], dtype="string"),
        ]
        np.testing.assert_allclose(model.predict(given, verbose=0)[:, 0], answers, rtol=1e-5)


def test_a_drawing_that_has_learned_nothing_is_not_exported_as_if_it_had(
    page: httpx.Client, run: dict[str, Any]
) -> None:
    response = page.get(f"/api/models/{run['model_id']}/export", params={"format": "keras"})

    assert response.status_code == 422
    assert "has learned nothing yet" in response.json()["detail"]


def test_a_fork_starts_with_the_words_and_the_weights(
    server: LiveServer, page: httpx.Client, run: dict[str, Any], checkpoint: str
) -> None:
    start = {"run_id": run["id"], "checkpoint_id": checkpoint}
    body = {"model_id": run["model_id"], "config": run["config"], "start": start}

    response = page.post("/api/runs", json=body)

    assert response.status_code == 202, response.text
    ended = server.wait_until_over(response.json()["id"])
    assert ended["status"] == "finished"
    assert response.json()["start_report"]["kept"] == ["liked"]
    assert not any("Fitted" in str(one.get("message")) for one in server.read_events(str(ended["id"])))


def test_the_model_goes_back_to_what_was_trained(
    page: httpx.Client, run: dict[str, Any], checkpoint: str, answers: list[float]
) -> None:
    response = page.post(f"/api/runs/{run['id']}/checkpoints/{checkpoint}/restore")

    assert response.status_code == 200, response.text
    model = response.json()["model"]["id"]
    graph = page.get(f"/api/models/{model}/graph").json()["graph"]
    config = next(layer["config"] for layer in graph["layers"] if layer["id"] == "cities")
    assert set(config["vocabulary"]) == {"Köln", "Lyon", "東京"}
    predicted = page.post(f"/api/models/{model}/predict", json={"rows": ROWS}).json()
    np.testing.assert_allclose([one for (one,) in predicted["raw"][0]["values"]], answers, rtol=1e-5)
