"""The routes that ask the process that has Keras: catalogue, check, compile, export, data sets, templates."""

import pytest
from fastapi.testclient import TestClient
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.schema import Catalogue
from engine.models.results import CheckResult, CompileResult
from server.catalogue_cache import compute_fingerprint
from server.schemas.model import ModelPublic
from server.schemas.problem import Problem
from tests.server.small_graph import SMALL_GRAPH, TRAINING


def make_graph(**config: JsonValue) -> dict[str, object]:
    """The small graph with another config of its hidden layer."""
    graph = Graph.model_validate(SMALL_GRAPH)
    graph.layers[1].config = {"units": 64, **config}
    return graph.model_dump(mode="json")


def create_model(client: TestClient, graph: dict[str, object], name: str = "Digits") -> str:
    response = client.post("/api/models", json={"name": name, "graph": graph})
    assert response.status_code == 201, response.text
    return f"/api/models/{response.json()['id']}"


def check(client: TestClient, graph: dict[str, object]) -> CheckResult:
    response = client.post("/api/check", json=graph)
    assert response.status_code == 200, response.text
    return CheckResult.model_validate(response.json())


def compile_model(client: TestClient, address: str, **changes: object) -> list[Issue]:
    """The issues of a compile that is refused."""
    response = client.post(f"{address}/compile", json=TRAINING | changes)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return Problem.model_validate(response.json()).issues


def test_a_right_graph_is_checked_with_shapes_and_parameters(keras_client: TestClient):
    result = check(keras_client, SMALL_GRAPH)
    assert (result.ok, result.issues) == (True, [])
    assert result.nodes["hidden"].outputs[0].shape == [None, 64]
    assert result.parameters == 64 * 64 + 64 + 64 * 10 + 10


@pytest.mark.parametrize(
    ("config", "argument"),
    [
        ({"units": 0}, "units"),
        ({"units": "many"}, "units"),
        ({"unit": 5}, "unit"),
        ({"activation": "no_such_activation"}, "activation"),
    ],
)
def test_a_fault_is_reported_on_its_node_and_argument_and_can_be_saved(
    keras_client: TestClient, config: dict[str, JsonValue], argument: str
):
    graph = make_graph(**config)
    address = create_model(keras_client, graph)
    for result in (
        check(keras_client, graph),
        CheckResult.model_validate(keras_client.post(f"{address}/check").json()),
    ):
        assert not result.ok
        assert ("hidden", argument) in {(issue.node, issue.argument) for issue in result.issues}


def test_an_enormous_layer_is_checked_without_being_made(keras_client: TestClient):
    result = check(keras_client, make_graph(units=10**12))
    assert result.issues or result.parameters > 10**13


def test_compiling_says_what_would_be_trained(keras_client: TestClient):
    iris = Graph.model_validate(SMALL_GRAPH)
    iris.layers[0].config["shape"] = [4]
    iris.layers[2].config["units"] = 3
    address = create_model(keras_client, iris.model_dump(mode="json"))
    response = keras_client.post(f"{address}/compile", json=TRAINING | {"data": {"dataset": "iris"}})
    assert response.status_code == 200, response.text
    result = CompileResult.model_validate(response.json())
    assert (result.ok, result.epochs, result.samples, result.validation_samples) == (True, 20, 120, 30)
    assert result.steps_per_epoch == 4
    assert result.summary is not None
    assert "Total params" in result.summary


def test_data_of_another_shape_than_the_models_is_refused_with_an_issue(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    assert compile_model(keras_client, address, data={"dataset": "iris"})


def test_a_dataset_or_a_loss_that_does_not_exist_is_named(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    assert "data.dataset" in {
        issue.argument for issue in compile_model(keras_client, address, data={"dataset": "no_such_data"})
    }
    assert "compile.loss" in {
        issue.argument for issue in compile_model(keras_client, address, compile={"loss": "no_such_loss"})
    }


@pytest.mark.parametrize(
    ("data", "argument"),
    [
        ({"sample_weights": "image"}, "data.sample_weights"),
        ({"sample_weights": "no_such_array"}, "data.sample_weights"),
        ({"validation": {"dataset": "iris"}}, "data.validation"),
        ({"validation": {"dataset": "digits", "part": "test"}}, "data.validation.part"),
        ({"validation": {"dataset": "digits", "part": "half"}}, "data.validation.part"),
        ({"validation": {"dataset": "no_such_data"}}, "data.validation.dataset"),
        ({"validation": {"dataset": "digits"}}, "data.validation"),
    ],
)
def test_weights_and_validation_data_that_cannot_be_are_refused_where_they_are_set(
    data: dict[str, JsonValue], argument: str, keras_client: TestClient
):
    address = create_model(keras_client, SMALL_GRAPH)
    issues = compile_model(keras_client, address, data={"dataset": "digits", **data})
    assert any((issue.argument or "").startswith(argument) for issue in issues)


def test_the_catalogue_is_made_once_and_kept(keras_client: TestClient):
    first = keras_client.get("/api/catalogue")
    assert first.status_code == 200, first.text
    catalogue = Catalogue.model_validate(first.json())
    assert {"Dense", "Highway"} <= {entry.class_name for entry in catalogue.layers}
    assert {"add", "image.resize"} <= {entry.class_name for entry in catalogue.operations}
    again = keras_client.get("/api/catalogue", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert compute_fingerprint() == compute_fingerprint()


def test_data_sets_are_listed_and_previewed(keras_client: TestClient):
    names = {dataset["name"]: dataset["available"] for dataset in keras_client.get("/api/datasets").json()}
    assert all(names[name] for name in ("digits", "iris", "wine", "breast_cancer", "diabetes"))
    preview = keras_client.get("/api/datasets/iris", params={"rows": 3}).json()
    assert (preview["samples"], len(preview["rows"]), preview["class_names"]) == (
        150,
        3,
        ["setosa", "versicolor", "virginica"],
    )


@pytest.mark.parametrize("name", ["nope", "%2e%2e%2fetc", "<script>"])
def test_an_unknown_data_set_is_not_found(keras_client: TestClient, name: str):
    assert keras_client.get(f"/api/datasets/{name}").status_code == 404


def test_a_model_can_be_made_from_every_template_and_would_train_where_its_data_is_there(keras_client: TestClient):
    templates = keras_client.get("/api/templates").json()
    available = {dataset["name"] for dataset in keras_client.get("/api/datasets").json() if dataset["available"]}
    for template in templates:
        response = keras_client.post("/api/models/import", json={"template": template["id"]})
        model = ModelPublic.model_validate(response.json())
        assert model.name == template["title"]
        compiled = keras_client.post(f"/api/models/{model.id}/compile", json=template["training"])
        if template["training"]["data"]["dataset"] in available:
            assert compiled.status_code == 200, compiled.text
        else:
            assert [issue["code"] for issue in compiled.json()["issues"]] == ["dataset_unavailable"]


def test_an_unknown_template_is_a_problem_that_lists_the_others(keras_client: TestClient):
    response = keras_client.post("/api/models/import", json={"template": "nope"})
    assert response.status_code == 404
    assert "digits_mlp" in response.json()["detail"]
