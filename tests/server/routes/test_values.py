"""Functions and gradients over REST, and layers frozen over REST."""

import pytest
from fastapi.testclient import TestClient

from tests.server.small_graph import SMALL_GRAPH

PIXELS = [[0.5] * 64, [0.25] * 64]


@pytest.fixture(scope="module")
def address(keras_client: TestClient) -> str:
    created = keras_client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH})
    return f"/api/models/{created.json()['id']}"


def test_any_tensors_are_computed_from_any_others(keras_client: TestClient, address: str):
    body = {"inputs": {"pixels": PIXELS}, "outputs": [{"node": "digit"}, {"node": "hidden"}]}
    answer = keras_client.post(f"{address}/function", json=body).json()
    digit, hidden = answer["outputs"]
    assert answer["weights"] == {"kind": "new", "new_layers": ["hidden", "digit"], "seed": 0}
    assert (digit["shape"], hidden["shape"], digit["dtype"]) == ([2, 10], [2, 64], "float32")
    assert [sum(row) for row in digit["values"]] == pytest.approx([1, 1], abs=1e-5)
    again = {"inputs": {"hidden": hidden["values"]}, "outputs": [{"node": "digit"}]}
    (from_inside,) = keras_client.post(f"{address}/function", json=again).json()["outputs"]
    assert from_inside["values"][0] == pytest.approx(digit["values"][0], abs=1e-6)


def test_gradients_are_taken_with_respect_to_weights_and_to_inputs(keras_client: TestClient, address: str):
    body = {"inputs": {"pixels": PIXELS}, "outputs": [{"node": "hidden"}], "with_respect_to": {"variables": ["hidden"]}}
    answer = keras_client.post(f"{address}/gradients", json=body).json()
    assert [(one["path"], one["gradient"]["shape"]) for one in answer["gradients"]] == [
        ("hidden/kernel", [64, 64]),
        ("hidden/bias", [64]),
    ]
    body["with_respect_to"] = {"inputs": ["pixels"]}
    (gradient,) = keras_client.post(f"{address}/gradients", json=body).json()["gradients"]
    assert (gradient["node"], gradient["gradient"]["shape"]) == ("pixels", [2, 64])


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"pixels": [[1, 2], [3]]}, "ragged_values"),
        ({"pixels": [["a"] * 64]}, "invalid_values"),
        ({"pixels": [[1, 2]]}, "values_do_not_fit"),
        ({"nobody": [[1]]}, "unknown_node"),
        ({"digit": [[0.5] * 10]}, "not_fed"),
        ({"pixels": [[0] * 64] * 16_000}, "too_many_values"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_an_issue(
    keras_client: TestClient, address: str, inputs: object, code: str
):
    body = {"inputs": inputs, "outputs": [{"node": "hidden"}]}
    answer = keras_client.post(f"{address}/function", json=body)
    assert answer.status_code == 422
    assert code in {issue["code"] for issue in answer.json()["issues"]}


def test_a_run_without_its_checkpoint_or_an_unknown_one_is_refused(keras_client: TestClient, address: str):
    body = {"inputs": {"pixels": PIXELS}, "outputs": [{"node": "hidden"}]}
    assert keras_client.post(f"{address}/function", json={**body, "run_id": "x"}).status_code == 422
    both = {**body, "run_id": "x", "checkpoint_id": "y"}
    assert keras_client.post(f"{address}/function", json=both).status_code == 404
    assert keras_client.post(f"{address}/function", json={**body, "version_id": "x"}).status_code == 404


def test_layers_are_frozen_back_to_the_inputs_over_rest(keras_client: TestClient, address: str):
    body = {"nodes": ["digit"], "with_ancestors": True, "trainable": False}
    layers = keras_client.post(f"{address}/graph/trainable", json=body).json()["graph"]["layers"]
    assert [layer["trainable"] for layer in layers] == [False, False, False]
    body = {"nodes": ["digit"], "trainable": True}
    layers = keras_client.post(f"{address}/graph/trainable", json=body).json()["graph"]["layers"]
    assert [layer["trainable"] for layer in layers] == [False, False, True]
    body["nodes"] = ["nobody"]
    assert keras_client.post(f"{address}/graph/trainable", json=body).status_code == 404
