"""Refusals of a training bring fixes, which work when they are applied as they are."""

import jsonpatch
import pytest
from fastapi.testclient import TestClient

from server.schemas.problem import Problem
from tests.server.routes.test_keras_routes import compile_model, create_model
from tests.server.small_graph import SMALL_GRAPH, TRAINING


def test_a_refusal_brings_fixes_that_work_when_they_are_applied(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    training = TRAINING | {"data": {"dataset": "breast_cancer"}, "compile": {"loss": "mse", "metrics": ["accuracy"]}}
    issues = compile_model(keras_client, address, **training)
    by_code = {issue.code: issue for issue in issues}
    assert set(by_code) >= {"input_does_not_fit", "loss_does_not_fit"}
    document: dict[str, object] = {"graph": SMALL_GRAPH, "training": training}
    for issue in (by_code["input_does_not_fit"], by_code["loss_does_not_fit"]):
        changes = [change.model_dump(mode="json") for change in issue.fixes[0].changes]
        document = jsonpatch.apply_patch(document, changes)
    keras_client.put(f"{address}/graph", json={"graph": document["graph"]})
    mended = keras_client.post(f"{address}/compile", json=document["training"])
    assert (mended.status_code, mended.json()["issues"]) == (200, [])


def test_a_fix_applies_only_while_the_pieces_that_it_changes_are_in_their_places(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    training = TRAINING | {"data": {"dataset": "breast_cancer"}}
    issues = compile_model(keras_client, address, **training)
    (issue,) = [one for one in issues if one.code == "input_does_not_fit"]
    changes = [change.model_dump(mode="json") for change in issue.fixes[0].changes]
    layers = SMALL_GRAPH["layers"]
    assert isinstance(layers, list)
    with pytest.raises(jsonpatch.JsonPatchTestFailed):
        jsonpatch.apply_patch({"graph": SMALL_GRAPH | {"layers": layers[::-1]}, "training": training}, changes)


def test_a_run_that_would_not_train_is_refused_with_the_same_fixes(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    wrong = TRAINING | {"data": {"dataset": "breast_cancer"}}
    body = {"model_id": address.rsplit("/", 1)[1], "config": wrong}
    response = keras_client.post("/api/runs", json=body)
    assert response.status_code == 422, response.text
    issues = Problem.model_validate(response.json()).issues
    assert issues == compile_model(keras_client, address, **wrong)
    assert any(issue.fixes for issue in issues)
