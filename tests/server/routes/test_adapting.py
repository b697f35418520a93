"""The routes that fit a drawing's layers to data, with the real compiler process."""

import numpy as np
import pytest
from fastapi.testclient import TestClient

from engine.data.datasets import load_dataset
from engine.training.adapt_results import Adaptation
from server.routes.adapt_examples import WINE_GRAPH
from server.schemas.problem import Problem
from tests.server.small_graph import TRAINING

WINE = {"dataset": "wine"}
TRAINED = 142
"""Of 178 rows, with a validation split of 0.2."""


def test_what_is_learned_comes_as_a_patch_that_the_draft_takes(keras_client: TestClient) -> None:
    training = TRAINING | {"data": WINE, "fit": {"validation_split": 0.2}}
    made = keras_client.post("/api/models", json={"name": "Wine", "graph": WINE_GRAPH, "training": training}).json()
    response = keras_client.post(f"/api/models/{made['id']}/adapt", json={})
    assert response.status_code == 200, response.text
    found = Adaptation.model_validate(response.json())
    assert (found.samples, found.learned) == (TRAINED, ["scaled (Normalization): mean of 13, variance of 13"])

    address = f"/api/models/{made['id']}/graph"
    etag = keras_client.get(address).headers["etag"]
    changes = [change.model_dump() for change in found.changes]
    patched = keras_client.patch(address, json=changes, headers={"If-Match": etag})

    assert patched.status_code == 200, patched.text
    config = next(layer["config"] for layer in patched.json()["graph"]["layers"] if layer["id"] == "scaled")
    rows = load_dataset("wine").inputs["features"][:TRAINED]
    np.testing.assert_allclose(config["mean"], rows.mean(axis=0), rtol=1e-4)
    checked = keras_client.post(f"/api/models/{made['id']}/check").json()
    assert checked["issues"] == []
    again = Adaptation.model_validate(keras_client.post(f"/api/models/{made['id']}/adapt", json={}).json())
    assert again.changes == []


def test_a_graph_is_fitted_without_being_stored(keras_client: TestClient) -> None:
    body = {"graph": WINE_GRAPH, "data": WINE | {"split": {"kind": "holdout", "validation": 0.5, "seed": 1}}}

    found = Adaptation.model_validate(keras_client.post("/api/adapt", json=body).json())

    assert found.samples == 89


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"data": {"dataset": "nothing"}}, 404, "no data set 'nothing'"),
        ({"data": {"dataset": "iris"}}, 422, "13"),
        ({"validation_split": 1.5}, 422, "less than 1"),
        ({"validation_split": 0.9999}, 422, "divides 178 samples into 0"),
        ({"graph": {"layers": "none"}}, 422, "list"),
        ({"unknown": 1}, 422, "unknown"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    keras_client: TestClient, change: dict[str, object], status: int, words: str
) -> None:
    response = keras_client.post("/api/adapt", json={"graph": WINE_GRAPH, "data": WINE} | change)

    assert response.status_code == status, response.text
    assert words in str(Problem.model_validate(response.json()).model_dump())


def test_a_model_without_data_says_so(keras_client: TestClient) -> None:
    made = keras_client.post("/api/models", json={"name": "Alone", "graph": WINE_GRAPH}).json()

    response = keras_client.post(f"/api/models/{made['id']}/adapt", json={})

    assert response.status_code == 422
    assert "no data set is named" in response.json()["detail"]
