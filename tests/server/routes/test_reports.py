"""The routes for costs, summary and differences, with the real compiler process."""

import pytest
from fastapi.testclient import TestClient

from engine.graph.differences import DiffResult
from engine.models.cost_results import CostResult, SummaryResult
from server.schemas.problem import Problem
from tests.server.small_graph import SMALL_GRAPH, TRAINING

FLOPS = 2 * 64 * 64 + 64 + 2 * 64 * 10 + 10 + 5 * 10
"""Of the small graph for one sample: two products, two biases, a softmax. `Relu` has no count."""


def create_model(client: TestClient, **fields: object) -> str:
    response = client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH, **fields})
    assert response.status_code == 201, response.text
    return f"/api/models/{response.json()['id']}"


def save_version(client: TestClient, address: str) -> str:
    identifier: str = client.post(f"{address}/versions", json={}).json()["id"]
    return identifier


def set_units(client: TestClient, address: str, units: int) -> None:
    patch = [{"op": "replace", "path": "/graph/layers/1/config/units", "value": units}]
    assert client.patch(f"{address}/graph", json=patch).status_code == 200


def count(client: TestClient, address: str, **body: object) -> CostResult:
    response = client.post(f"{address}/costs", json=body)
    assert response.status_code == 200, response.text
    return CostResult.model_validate(response.json())


def test_a_graph_is_answered_with_its_costs(keras_client: TestClient):
    response = keras_client.post("/api/costs", json={"graph": SMALL_GRAPH, "batch_size": 32, "optimizer": "adam"})

    result = CostResult.model_validate(response.json())
    assert (result.ok, result.flops, result.optimizer) == (True, 32 * FLOPS, "Adam")
    assert result.uncounted == {"Relu": 32 * 64}
    assert result.optimizer_bytes == 2 * result.parameter_bytes + 12


def test_a_model_is_counted_as_it_is_trained_unless_asked_otherwise(keras_client: TestClient):
    training = TRAINING | {"compile": {"optimizer": "sgd", "loss": "mse"}, "fit": {"batch_size": 7}}
    address = create_model(keras_client, training=training)

    as_trained = count(keras_client, address)
    otherwise = count(keras_client, address, batch_size=2, optimizer="adam", precision="float64")

    assert (as_trained.batch_size, as_trained.optimizer, as_trained.flops) == (7, "SGD", 7 * FLOPS)
    assert (otherwise.batch_size, otherwise.optimizer, otherwise.precision) == (2, "Adam", "float64")
    assert otherwise.nodes["hidden"].activation_bytes == 2 * 64 * 8


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"batch_size": 0}, "invalid-request"),
        ({"batch_size": 10**9}, "invalid-request"),
        ({"optimizer": "no_such"}, "invalid-config"),
        ({"optimizer": {"class_name": "Adam", "config": {"rate": 1}}}, "invalid-config"),
        ({"dims": {"nobody": [1]}}, "unknown-input"),
        ({"dims": {"pixels": [65]}}, "invalid-dims"),
        ({"dims": {"pixels": [2**40]}}, "invalid-request"),
        ({"batches": 1}, "invalid-request"),
    ],
)
def test_a_wrong_question_about_costs_is_refused_with_a_reason(
    keras_client: TestClient, body: dict[str, object], code: str
):
    response = keras_client.post(f"{create_model(keras_client)}/costs", json=body)

    assert response.status_code == 422
    assert Problem.model_validate(response.json()).type == f"/problems/{code}"


def test_the_summary_has_kerass_text_and_rows(keras_client: TestClient):
    response = keras_client.get(f"{create_model(keras_client)}/summary")

    summary = SummaryResult.model_validate(response.json())
    assert "Total params" in summary.text
    assert [row.class_name for row in summary.rows] == ["InputLayer", "Dense", "Dense"]
    assert summary.rows[1].outputs[0].shape == [None, 64]


def test_a_graph_that_does_not_build_has_no_summary_but_issues(keras_client: TestClient):
    address = create_model(keras_client)
    set_units(keras_client, address, 0)

    response = keras_client.get(f"{address}/summary")

    assert response.status_code == 422
    assert Problem.model_validate(response.json()).issues[0].node == "hidden"


def test_a_version_and_the_draft_are_compared(keras_client: TestClient):
    address = create_model(keras_client)
    version = save_version(keras_client, address)
    set_units(keras_client, address, 32)

    response = keras_client.get(f"{address}/diff", params={"from": version, "to": "draft"})
    same = keras_client.get(f"{address}/diff", params={"from": version, "to": version})

    result = DiffResult.model_validate(response.json())
    (layer,) = result.diff.layers
    assert (layer.changes[0].path, layer.changes[0].before, layer.changes[0].after) == (["units"], 64, 32)
    assert (result.before.parameters, result.after.parameters) == (4810, 2410)
    assert DiffResult.model_validate(same.json()).diff.same


def test_the_draft_of_another_model_is_compared(keras_client: TestClient):
    one, other = create_model(keras_client), create_model(keras_client)
    set_units(keras_client, other, 8)

    response = keras_client.get(f"{other}/diff", params={"from": "draft", "from_model": one.rsplit("/")[-1]})

    assert DiffResult.model_validate(response.json()).diff.layers[0].changes[0].before == 64


def test_the_picture_is_an_image_that_can_run_nothing(keras_client: TestClient):
    address = create_model(keras_client)
    version = save_version(keras_client, address)
    set_units(keras_client, address, 32)

    response = keras_client.get(f"{address}/diff/picture", params={"from": version})

    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert "units: 64 → 32" in response.text
    assert "default-src" in response.headers["content-security-policy"]


@pytest.mark.parametrize("picture", ["", "/picture"])
def test_a_version_that_is_not_there_is_not_found(keras_client: TestClient, picture: str):
    address = create_model(keras_client)

    missing = keras_client.get(f"{address}/diff{picture}", params={"from": "nothing"})
    incomplete = keras_client.get(f"{address}/diff{picture}")

    assert (missing.status_code, Problem.model_validate(missing.json()).type) == (404, "/problems/not-found")
    assert incomplete.status_code == 422
