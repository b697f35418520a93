"""Models from elsewhere over the API: files, architectures, configs."""

import json
from pathlib import Path

import keras
import pytest
from fastapi.testclient import TestClient

FILES = Path(__file__).parents[2] / "engine" / "models" / "importing" / "keras2"
ADDRESS = "/api/models/import"


def send_file(client: TestClient, path: Path, **query: str):
    headers = {"Content-Type": "application/octet-stream"}
    return client.post(ADDRESS, params={"filename": path.name, **query}, content=path.read_bytes(), headers=headers)


def test_a_file_becomes_a_model_with_training_weights_and_a_report(keras_client: TestClient):
    answer = send_file(keras_client, FILES / "sequential.h5")
    model = answer.json()
    assert answer.status_code == 201, model
    assert answer.headers["Location"] == f"/api/models/{model['id']}"
    assert model["name"] == "sequential"
    assert model["training"]["compile"]["optimizer"]["config"] == {"learning_rate": 0.002, "beta_1": 0.8}
    assert model["weights"]["source"]["name"] == "sequential.h5"
    assert [issue["code"] for issue in model["report"]] == [
        "argument_left_out", "argument_left_out", "training_taken_over",
    ]  # fmt: skip
    check = keras_client.post(f"/api/models/{model['id']}/check").json()
    assert (check["ok"], check["parameters"]) == (True, 210)
    weights = keras_client.get(f"/api/models/{model['id']}/weights").json()
    assert (weights["stored"], weights["fits"]) == (True, True)


def test_a_model_of_keras_3_comes_and_goes_unchanged(keras_client: TestClient, tmp_path: Path):
    model = keras.Sequential([keras.Input((3,), name="x"), keras.layers.Dense(2, name="y")], name="small")
    model.save(tmp_path / "any.keras")
    imported = send_file(keras_client, tmp_path / "any.keras", name="My model").json()
    assert (imported["name"], imported["report"]) == ("My model", [])
    exported = keras_client.get(f"/api/models/{imported['id']}/export", params={"format": "json"}).json()
    layers = json.loads(model.to_json())["config"]["layers"]
    assert [one["config"] for one in exported["config"]["layers"]] == [one["config"] for one in layers]


def test_an_application_is_made_without_weights(keras_client: TestClient):
    arguments = {"input_shape": [32, 32, 3], "classes": 5}
    answer = keras_client.post(ADDRESS, json={"application": "MobileNet", "arguments": arguments})
    model = answer.json()
    assert (answer.status_code, model["name"], model["report"]) == (201, "MobileNet", [])
    assert keras_client.post(f"/api/models/{model['id']}/check").json()["ok"]


def test_a_config_is_a_model_also_as_the_text_that_keras_gives(keras_client: TestClient):
    config = json.loads((FILES / "masked.json").read_text())
    for body in (config, json.dumps(config)):
        answer = keras_client.post(ADDRESS, json={"config": body, "name": "Words"})
        assert (answer.status_code, answer.json()["name"]) == (201, "Words")


def test_nothing_stays_of_an_upload(keras_client: TestClient):
    send_file(keras_client, FILES / "masked.h5")
    home = keras_client.app.state.settings.home  # type: ignore[attr-defined]
    assert list((home / "uploads").iterdir()) == []
    assert [path for path in (home / "weights").iterdir() if path.name.startswith("unfinished")] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "exactly one of template, application and config"),
        ({"template": "digits_mlp", "application": "VGG16"}, "received template and application"),
        ({"template": "digits_mlp", "arguments": {"a": 1}}, "arguments are those of an application"),
        ({"file": "x"}, "file"),
        ({"config": {"class_name": "Mine", "config": {}}}, "subclass of keras.Model"),
        ({"application": "Nothing"}, "has no application 'Nothing'"),
    ],
)
def test_requests_that_name_no_model_are_refused_with_a_sentence(keras_client: TestClient, body, words: str):
    answer = keras_client.post(ADDRESS, json=body)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_damaged_bodies_are_refused_with_a_sentence(keras_client: TestClient, tmp_path: Path):
    (tmp_path / "cut.keras").write_bytes(b"PK\x03\x04")
    answer = send_file(keras_client, tmp_path / "cut.keras")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-model-file")
    answer = keras_client.post(ADDRESS, content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (422, "json_invalid")
    assert send_file(keras_client, FILES / "masked_weights.h5").json()["type"] == "/problems/weights-only"
