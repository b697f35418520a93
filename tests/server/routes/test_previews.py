"""The routes for previews and augmentation, with the real compiler process."""

import pytest
from fastapi.testclient import TestClient

from engine.evaluation.preprocessing.schema import Preview
from engine.training.augmentation.schema import Augmentation, AugmentationForm
from server.routes.preview_examples import DIGITS_GRAPH
from server.schemas.problem import Problem
from tests.server.small_graph import SMALL_GRAPH, TRAINING

DIGITS = {"dataset": "digits"}


def refuse(client: TestClient, address: str, status: int = 422, body: dict[str, object] | None = None) -> Problem:
    response = client.post(address, json=body or {})
    assert response.status_code == status, response.text
    return Problem.model_validate(response.json())


def test_one_example_is_shown_going_through_a_graph(keras_client: TestClient):
    body = {"graph": DIGITS_GRAPH, "data": DIGITS, "example": 7, "seed": 1, "count": 3}
    response = keras_client.post("/api/preview", json=body)
    assert response.status_code == 200, response.text
    preview = Preview.model_validate(response.json())
    assert [step.node for step in preview.steps] == ["image", "turned", "scaled"]
    assert len({draw.picture for draw in preview.draws}) == 3
    assert keras_client.post("/api/preview", json=body).json() == response.json()


def test_a_models_draft_is_shown_on_the_data_that_trains_it(keras_client: TestClient):
    made = keras_client.post("/api/models", json={"name": "Turned", "graph": DIGITS_GRAPH, "training": TRAINING}).json()
    response = keras_client.post(f"/api/models/{made['id']}/preview", json={"node": "turned"})
    assert Preview.model_validate(response.json()).dataset == "digits"
    untrained = keras_client.post("/api/models", json={"name": "Alone", "graph": DIGITS_GRAPH}).json()
    assert "no data set is named" in refuse(keras_client, f"/api/models/{untrained['id']}/preview").detail
    assert "nobody" in refuse(keras_client, "/api/models/nobody/preview", 404).detail


def test_augmentation_is_described_read_and_changed(keras_client: TestClient):
    form = AugmentationForm.model_validate(keras_client.get("/api/augmentation").json())
    assert "rotation_range" in {one.name for one in form.arguments}
    read = Augmentation.model_validate(keras_client.post("/api/augmentation", json={"graph": DIGITS_GRAPH}).json())
    assert read.arguments == {"rotation_range": 36, "fill_mode": "reflect", "rescale": 0.0625}
    body = {"graph": DIGITS_GRAPH, "arguments": {"horizontal_flip": True}, "data": DIGITS}
    changed = Augmentation.model_validate(keras_client.post("/api/augmentation", json=body).json())
    assert changed.nodes == ["random_flip"]
    assert [layer.class_name for layer in changed.graph.layers] == ["InputLayer", "RandomFlip"]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"count": 26}, 422, "25"),
        ({"count": 0}, 422, "1"),
        ({"example": -1}, 422, "0"),
        ({"example": 10**9}, 422, "expected a number from 0 to"),
        ({"example": "first"}, 422, "integer"),
        ({"seed": 2**40}, 422, "less than"),
        ({"data": {"dataset": "nothing"}}, 404, "no data set 'nothing'"),
        ({"data": {"dataset": "iris"}}, 422, "takes samples of shape"),
        ({"node": "nobody"}, 422, "no node 'nobody'"),
        ({"graph": {"layers": "none"}}, 422, "list"),
        ({"graph": {}}, 422, "no input"),
        ({"what": 1}, 422, "what"),
    ],
)
def test_a_bad_question_is_refused_with_what_was_wrong(
    keras_client: TestClient, change: dict[str, object], status: int, words: str
):
    problem = refuse(keras_client, "/api/preview", status, {"graph": DIGITS_GRAPH, "data": DIGITS} | change)
    assert words in problem.detail + "".join(issue.message for issue in problem.issues)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"arguments": {"rotation_range": 1000}}, "from 0 to 360"),
        ({"arguments": {"rotations": 10}}, "no argument 'rotations'"),
        ({"arguments": {"zca_whitening": True}}, "No layer"),
        ({"arguments": {"zoom_range": {"a": 1}}}, "two numbers"),
        ({"node": "turned"}, "no input of images"),
        ({"graph": SMALL_GRAPH}, "no input of images"),
        ({"arguments": [1]}, "dict"),
    ],
)
def test_augmentation_that_cannot_be_is_refused_with_what_was_wrong(
    keras_client: TestClient, change: dict[str, object], words: str
):
    problem = refuse(keras_client, "/api/augmentation", 422, {"graph": DIGITS_GRAPH} | change)
    assert words in problem.detail + "".join(issue.message for issue in problem.issues)


def test_a_hostile_size_is_refused_and_the_server_answers_on(keras_client: TestClient):
    steps = [("image", "InputLayer", {"shape": [8, 8, 1]}), ("big", "Resizing", {"height": 10**6, "width": 10**6})]
    graph = {
        "layers": [{"id": one, "class_name": kind, "config": config} for one, kind, config in steps],
        "nodes": [{"id": one, "layer": one} for one, _, _ in steps],
        "edges": [{"id": "e", "source": "image", "target": "big"}],
    }
    assert "expected at most" in refuse(keras_client, "/api/preview", 422, {"graph": graph, "data": DIGITS}).detail
    assert keras_client.post("/api/check", json=DIGITS_GRAPH).status_code == 200
