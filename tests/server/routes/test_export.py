"""Export over REST: every format, what stands in a format's way, and whose weights the file holds."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.formats import FORMATS, ExportChoices
from engine.models.weight_results import StoredWeights, compare_shapes
from engine.models.weights import get_weights, write_weights
from server.schemas.problem import Problem
from server.schemas.run import RunCreate
from server.schemas.weights import WeightsSource
from server.storage.attempts import AttemptStore
from server.storage.runs import RunStore
from server.storage.weights import WeightStore
from tests.engine.models.samples import states_by_keyword
from tests.engine.models.serving_samples import looked_up
from tests.server.open_runs import CONFIG, TOKEN, OpenRun, make_checkpoint, to_json
from tests.server.small_graph import SMALL_GRAPH


def make_graph(**config: JsonValue) -> dict[str, object]:
    """The small graph with another config of its hidden layer."""
    graph = Graph.model_validate(SMALL_GRAPH)
    graph.layers[1].config = {"units": 64, **config}
    return graph.model_dump(mode="json")


def create_model(client: TestClient, graph: dict[str, object], name: str = "Digits") -> str:
    response = client.post("/api/models", json={"name": name, "graph": graph})
    assert response.status_code == 201, response.text
    return f"/api/models/{response.json()['id']}"


def read_choices(client: TestClient, address: str) -> ExportChoices:
    response = client.get(f"{address}/exports")
    assert response.status_code == 200, response.text
    return ExportChoices.model_validate(response.json())


LOOKS_RIGHT = {
    "keras": lambda content: "config.json" in zipfile.ZipFile(io.BytesIO(content)).namelist(),
    "h5": lambda content: content.startswith(b"\x89HDF"),
    "weights": lambda content: content.startswith(b"\x89HDF"),
    "json": lambda content: json.loads(content)["class_name"] == "Functional",
    "python": lambda content: b"import keras" in content,
    "savedmodel": lambda content: b"saved_model.pb" in content,
    "onnx": lambda content: b"tf2onnx" in content,
    "litert": lambda content: content[4:8] == b"TFL3",
    "dot": lambda content: content.startswith(b"digraph"),
    "svg": lambda content: b"<svg" in content,
    "png": lambda content: content.startswith(b"\x89PNG"),
}


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_model_can_be_saved_in_every_format(keras_client: TestClient, wanted: str):
    address = create_model(keras_client, SMALL_GRAPH, name="数字 (v2)")
    response = keras_client.get(f"{address}/export", params={"format": wanted})
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["content-type"].split(";")[0] == FORMATS[wanted].media_type
    assert LOOKS_RIGHT[wanted](response.content)


def test_the_api_documents_every_format_there_is(keras_client: TestClient):
    path = keras_client.get("/api/openapi.json").json()["paths"]["/api/models/{model_id}/export"]["get"]
    parameters = {parameter["name"]: parameter["schema"] for parameter in path["parameters"]}
    assert parameters["format"]["enum"] == list(FORMATS)
    assert parameters["options"]["additionalProperties"] == {"type": "string"}


def test_a_version_can_be_saved_as_it_was(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    version = keras_client.post(f"{address}/versions").json()["id"]
    keras_client.put(f"{address}/graph", json={"graph": make_graph(units=7)})
    old, new = (
        keras_client.get(f"{address}/export", params={"format": "json"} | more).text
        for more in ({"version_id": version}, {})
    )
    assert '"units": 64' in old
    assert '"units": 7' in new
    assert keras_client.get(f"{address}/export", params={"format": "json", "version_id": "x"}).status_code == 404
    assert keras_client.get(f"{address}/exports", params={"version_id": "x"}).status_code == 404


def test_a_graph_that_does_not_build_cannot_be_saved_as_a_file(keras_client: TestClient):
    address = create_model(keras_client, make_graph(units=0))
    response = keras_client.get(f"{address}/export", params={"format": "keras"})
    assert response.status_code == 422
    assert Problem.model_validate(response.json()).issues[0].node == "hidden"
    assert read_choices(keras_client, address).issues[0].node == "hidden"


def test_a_format_that_does_not_exist_is_a_problem_that_lists_the_others(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    response = keras_client.get(f"{address}/export", params={"format": "pickle"})
    assert response.status_code == 422
    assert "'keras', 'h5'" in response.json()["detail"]


def test_what_a_format_cannot_hold_is_known_before_and_said_when_it_is_asked_for(keras_client: TestClient):
    address = create_model(keras_client, states_by_keyword().model_dump(mode="json"))
    choices = {choice.name: choice for choice in read_choices(keras_client, address).formats}
    assert list(choices) == list(FORMATS)
    assert [issue.node for issue in choices["h5"].obstacles] == ["encoder"]

    response = keras_client.get(f"{address}/export", params={"format": "h5"})
    assert response.status_code == 422
    problem = Problem.model_validate(response.json())
    assert (problem.type, problem.issues) == ("/problems/format-cannot-hold", choices["h5"].obstacles)


def test_what_a_converter_lacks_is_said_on_the_node(keras_client: TestClient):
    address = create_model(keras_client, looked_up().model_dump(mode="json"))
    response = keras_client.get(f"{address}/export", params={"format": "onnx"})
    assert response.status_code == 422
    assert [issue.node for issue in Problem.model_validate(response.json()).issues] == ["layer_0"]


def test_a_drawing_takes_keras_own_options_by_name(keras_client: TestClient):
    address = create_model(keras_client, SMALL_GRAPH)
    names = {option.name for option in read_choices(keras_client, address).drawing_options}
    assert {"show_shapes", "rankdir", "expand_nested", "dpi"} <= names
    drawn = keras_client.get(f"{address}/export", params={"format": "dot", "rankdir": "LR", "show_dtype": "false"})
    assert "rankdir=LR" in drawn.text
    assert "float32" not in drawn.text


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("format=dot&colour=red", "unknown-option"),
        ("format=dot&rankdir=up", "invalid-option"),
        ("format=dot&dpi=72&dpi=73", "invalid-option"),
        ("format=json&dpi=72", "unknown-option"),
    ],
)
def test_an_option_that_there_is_not_is_refused_by_name(keras_client: TestClient, query: str, problem: str):
    address = create_model(keras_client, SMALL_GRAPH)
    response = keras_client.get(f"{address}/export?{query}")
    assert (response.status_code, response.json()["type"]) == (422, f"/problems/{problem}"), response.text


def test_a_checkpoint_is_exported_in_any_format_with_its_weights(keras_client: TestClient):
    state = keras_client.app.state  # type: ignore[attr-defined]
    address = create_model(keras_client, SMALL_GRAPH)
    draft = keras_client.get(f"{address}/graph").json()["graph"]
    graph = Graph.model_validate(draft)
    new = RunCreate(model_id=address.rsplit("/", 1)[1], config=CONFIG)
    store = RunStore(state.database)
    run_id = store.create(new, store.read_graph(new)).id
    run = OpenRun(run_id, AttemptStore(state.database).begin(run_id, TOKEN).attempt_id)
    model = build_model(graph)
    folder = Path(state.settings.runs_folder) / run_id / run.attempt_id
    folder.mkdir(parents=True)
    model.save(folder / "a.keras")
    content = (folder / "a.keras").read_bytes()
    event = make_checkpoint(2, "a.keras", content, hashlib.sha256(content).hexdigest())
    posted = keras_client.post(f"/api/runs/{run_id}/events", json=to_json([event]), headers=run.headers)
    assert posted.status_code == 200, posted.text
    (checkpoint,) = keras_client.get(f"/api/runs/{run_id}/checkpoints").json()["items"]

    export = keras_client.get(f"/api/runs/{run_id}/checkpoints/{checkpoint['id']}/export", params={"format": "weights"})

    assert export.status_code == 200, export.text
    (folder / "b.weights.h5").write_bytes(export.content)
    loaded = build_model(graph)
    loaded.load_weights(folder / "b.weights.h5")
    for found, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    missing = keras_client.get(f"/api/runs/{run_id}/checkpoints/none/export", params={"format": "weights"})
    assert missing.status_code == 404


def test_the_weights_that_are_kept_with_a_model_go_into_its_files(keras_client: TestClient, tmp_path: Path):
    state = keras_client.app.state  # type: ignore[attr-defined]
    address = create_model(keras_client, SMALL_GRAPH)
    model = build_model(Graph.model_validate(SMALL_GRAPH))
    written = tmp_path / "w.npz"
    write_weights(written, get_weights(model))
    store = WeightStore(state.database, state.settings.weights_folder)
    digest, size = hashlib.sha256(written.read_bytes()).hexdigest(), written.stat().st_size
    stored = StoredWeights(sha256=digest, size=size, layers={}, fit=compare_shapes({}, {}))
    store.keep(address.rsplit("/", 1)[1], written, stored, WeightsSource(kind="upload", name="w.npz"))

    def load(**params: str) -> list[np.ndarray]:
        response = keras_client.get(f"{address}/export", params={"format": "keras", **params})
        assert response.status_code == 200, response.text
        (tmp_path / "e.keras").write_bytes(response.content)
        weights: list[np.ndarray] = keras.models.load_model(tmp_path / "e.keras").get_weights()
        return weights

    assert all(np.array_equal(a, b) for a, b in zip(load(), model.get_weights(), strict=True))
    assert not np.array_equal(load(weights="new")[0], model.get_weights()[0])

    keras_client.put(f"{address}/graph", json={"graph": make_graph(units=7)})
    misfit = keras_client.get(f"{address}/export", params={"format": "keras"})
    assert (misfit.status_code, misfit.json()["type"]) == (422, "/problems/weights-do-not-fit")
    assert read_choices(keras_client, address).weights_issues
