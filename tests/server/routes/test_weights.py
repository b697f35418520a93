"""Weights over REST: described, uploaded, downloaded, changed layer by layer, taken from a checkpoint, cleaned up."""

import hashlib
import io
from pathlib import Path

import keras
import numpy as np
import pytest
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.weights import get_weights, write_weights
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.runs import RunStore
from tests.server.open_runs import TOKEN, make_checkpoint, to_json
from tests.server.small_graph import SMALL_GRAPH, TRAINING

GRAPH = Graph.model_validate(SMALL_GRAPH)
OTHER = GRAPH.model_copy(
    update={"layers": [*GRAPH.layers[:2], GRAPH.layers[2].model_copy(update={"config": {"units": 7}})]}
)


@pytest.fixture(scope="module")
def model() -> "keras.Model":
    keras.utils.set_random_seed(3)
    return build_model(GRAPH)


@pytest.fixture(scope="module")
def npz(model: "keras.Model", tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("weights") / "weights.npz"
    write_weights(path, get_weights(model))
    return path.read_bytes()


@pytest.fixture
def address(keras_client: TestClient) -> str:
    created = keras_client.post("/api/models", json={"name": "Digits", "graph": SMALL_GRAPH})
    return f"/api/models/{created.json()['id']}"


def settings_of(client: TestClient) -> Settings:
    settings: Settings = client.app.state.settings  # type: ignore[attr-defined]
    return settings


def list_files(client: TestClient) -> set[str]:
    folder = settings_of(client).weights_folder
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def read_npz(content: bytes) -> dict[str, "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"]:
    with np.load(io.BytesIO(content)) as arrays:
        return dict(arrays)


def pack(*arrays: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> bytes:
    file = io.BytesIO()
    np.savez(file, *arrays)
    return file.getvalue()


def put_file(client: TestClient, address: str, content: bytes, **query: str):
    headers = {"content-type": "application/octet-stream"}
    return client.put(address, content=content, params=query, headers=headers)


def test_a_model_without_weights_is_described_by_its_shapes(keras_client: TestClient, address: str):
    assert keras_client.get(address).json()["weights"] is None
    described = keras_client.get(f"{address}/weights").json()
    assert (described["stored"], described["fits"]) == (False, False)
    assert [(layer["layer"], layer["layer_id"], layer["fit"]) for layer in described["layers"]] == [
        ("hidden", "hidden", None),
        ("digit", "digit", None),
    ]
    kernel = described["layers"][0]["variables"][0]
    assert (kernel["path"], kernel["shape"], kernel["statistics"]) == ("hidden/kernel", [64, 64], None)
    assert keras_client.get(f"{address}/weights/file").status_code == 404


def test_uploaded_weights_come_back_bit_by_bit_with_their_statistics(
    keras_client: TestClient, address: str, npz: bytes
):
    receipt = put_file(keras_client, f"{address}/weights/file", npz, filename="mine.npz").json()
    assert receipt["weights"]["sha256"] == hashlib.sha256(npz).hexdigest()
    assert receipt["weights"]["source"]["name"] == "mine.npz"
    assert keras_client.get(address).json()["weights"] == receipt["weights"]
    assert keras_client.get(f"{address}/weights/file").content == npz
    kernel = read_npz(npz)["hidden/0"]
    statistics = keras_client.get(f"{address}/weights/hidden").json()["variables"][0]["statistics"]
    assert statistics["mean"] == pytest.approx(float(kernel.mean(dtype=np.float64)))
    assert statistics["std"] == pytest.approx(float(kernel.std(dtype=np.float64)))
    assert statistics["histogram"]["counts"] == np.histogram(kernel, 40)[0].tolist()
    shorter = keras_client.get(f"{address}/weights").json()
    assert shorter["fits"]
    assert shorter["layers"][0]["variables"][0]["statistics"]["histogram"] is None


@pytest.mark.parametrize("extension", [".weights.h5", ".h5", ".keras"])
def test_files_of_keras_are_taken_too(
    keras_client: TestClient, address: str, model: "keras.Model", npz: bytes, extension: str, tmp_path: Path
):
    path = tmp_path / f"model{extension}"
    if extension == ".weights.h5":
        model.save_weights(path)
    else:
        model.save(path)
    answer = put_file(keras_client, f"{address}/weights/file", path.read_bytes())
    assert answer.status_code == 200, answer.text
    assert keras_client.get(f"{address}/weights/file").content == npz


def test_what_does_not_fit_is_refused_with_issues_on_nodes_or_taken_in_part(keras_client: TestClient, npz: bytes):
    created = keras_client.post("/api/models", json={"name": "Other", "graph": OTHER.model_dump(mode="json")})
    address = f"/api/models/{created.json()['id']}"
    refused = put_file(keras_client, f"{address}/weights/file", npz)
    assert refused.status_code == 422
    (issue,) = refused.json()["issues"]
    assert (issue["code"], issue["node"]) == ("weights_do_not_fit", "digit")
    assert "[64, 10]" in issue["message"]
    assert "[64, 7]" in issue["message"]
    taken = put_file(keras_client, f"{address}/weights/file", npz, strict="false").json()
    assert [(layer["layer"], layer["fit"]) for layer in taken["fit"]["layers"]] == [
        ("hidden", "fits"),
        ("digit", "different_shapes"),
    ]
    stored = read_npz(keras_client.get(f"{address}/weights/file").content)
    assert np.array_equal(stored["hidden/0"], read_npz(npz)["hidden/0"])
    assert stored["digit/0"].shape == (64, 7)


def test_one_layer_is_replaced_and_the_others_keep_their_weights(keras_client: TestClient, address: str, npz: bytes):
    put_file(keras_client, f"{address}/weights/file", npz)
    kernel, bias = np.full((64, 10), 2.0, "float32"), np.arange(10, dtype="float32")
    answer = put_file(keras_client, f"{address}/weights/digit/file", pack(kernel, bias))
    assert answer.status_code == 200, answer.text
    stored = read_npz(keras_client.get(f"{address}/weights/file").content)
    assert np.array_equal(stored["digit/1"], bias)
    assert np.array_equal(stored["hidden/0"], read_npz(npz)["hidden/0"])
    layer = read_npz(keras_client.get(f"{address}/weights/digit/file").content)
    assert set(layer) == {"0", "1"}
    assert np.array_equal(layer["0"], kernel)
    assert put_file(keras_client, f"{address}/weights/digit/file", pack(bias)).status_code == 422
    assert put_file(keras_client, f"{address}/weights/none/file", pack(bias)).status_code == 404
    assert keras_client.get(f"{address}/weights/none/file").status_code == 404


def test_a_layer_can_be_set_where_the_model_had_no_weights(keras_client: TestClient, address: str):
    bias = np.arange(10, dtype="float32")
    put_file(keras_client, f"{address}/weights/digit/file", pack(np.zeros((64, 10), "float32"), bias))
    stored = read_npz(keras_client.get(f"{address}/weights/file").content)
    assert np.array_equal(stored["digit/1"], bias)
    assert np.ptp(stored["hidden/0"]) > 0


@pytest.mark.parametrize("content", [b"", b"no file", b"PK\x05\x06" + bytes(18), b"\x89HDF\r\n\x1a\n" + bytes(100)])
def test_what_is_no_weights_file_is_refused(keras_client: TestClient, address: str, content: bytes):
    answer = put_file(keras_client, f"{address}/weights/file", content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert keras_client.get(address).json()["weights"] is None


def test_files_stay_for_as_long_as_a_model_names_them(keras_client: TestClient, address: str, npz: bytes):
    name = f"{hashlib.sha256(npz).hexdigest()}.npz"
    other = f"/api/models/{keras_client.post('/api/models', json={'name': 'B', 'graph': SMALL_GRAPH}).json()['id']}"
    for place in (address, other):
        put_file(keras_client, f"{place}/weights/file", npz)
    assert keras_client.delete(f"{address}/weights").status_code == 204
    assert name in list_files(keras_client)
    for model in keras_client.get("/api/models", params={"limit": 500}).json()["items"]:
        keras_client.delete(f"/api/models/{model['id']}")
    assert list_files(keras_client) == set()


def test_a_checkpoints_weights_are_described_and_taken(
    keras_client: TestClient, address: str, model: "keras.Model", npz: bytes, tmp_path: Path
):
    model.save(tmp_path / "model.keras")
    content = (tmp_path / "model.keras").read_bytes()
    run_id, checkpoint_id = report_checkpoint(keras_client, address, content)
    checkpoint = f"/api/runs/{run_id}/checkpoints/{checkpoint_id}/weights"
    described = keras_client.get(checkpoint).json()
    assert (described["stored"], described["fits"]) == (True, True)
    assert keras_client.get(f"{checkpoint}/hidden").json()["variables"][0]["statistics"]["histogram"]
    assert keras_client.get(f"{checkpoint}/none").status_code == 404
    receipt = keras_client.post(f"{address}/weights", json={"run": run_id, "checkpoint": checkpoint_id}).json()
    assert receipt["weights"]["source"] == {
        "kind": "run",
        "name": "Digits #1",
        "run_id": run_id,
        "checkpoint_id": checkpoint_id,
        "step": 2,
    }
    assert keras_client.get(f"{address}/weights/file").content == npz
    assert keras_client.post(f"{address}/weights", json={"run": run_id, "checkpoint": "no"}).status_code == 404


def report_checkpoint(client: TestClient, address: str, content: bytes) -> tuple[str, str]:
    """A run of the model whose worker has reported this file; its id and the checkpoint's."""
    from server.schemas.run import RunCreate

    database = client.app.state.database  # type: ignore[attr-defined]
    model_id = address.rsplit("/", 1)[1]
    graph = RunStore(database).read_graph(RunCreate.model_validate({"model_id": model_id, "config": TRAINING}))
    run = RunStore(database).create(RunCreate.model_validate({"model_id": model_id, "config": TRAINING}), graph)
    attempt = AttemptStore(database).begin(run.id, TOKEN)
    path = settings_of(client).runs_folder / run.id / attempt.attempt_id / "checkpoints" / "a.keras"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    event = make_checkpoint(2, "checkpoints/a.keras", content, hashlib.sha256(content).hexdigest())
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.post(f"/api/runs/{run.id}/events", json=to_json([event]), headers=headers).json() == {"stored": 2}
    return run.id, client.get(f"/api/runs/{run.id}/checkpoints").json()["items"][0]["id"]


def test_a_training_that_would_start_with_weights_that_do_not_fit_is_refused(
    keras_client: TestClient, address: str, npz: bytes
):
    sha256 = put_file(keras_client, f"{address}/weights/file", npz).json()["weights"]["sha256"]
    config = {**TRAINING, "data": {"dataset": "digits", "inputs": None}, "weights": sha256}
    graph = {**SMALL_GRAPH, "layers": [layer.model_dump(mode="json") for layer in OTHER.layers]}
    keras_client.put(f"{address}/graph", json={"graph": graph})
    refused = keras_client.post(f"{address}/compile", json=config).json()["issues"]
    assert ("weights_do_not_fit", "digit", "weights") in {(i["code"], i["node"], i["argument"]) for i in refused}
    refused = keras_client.post(f"{address}/compile", json={**config, "weights": "0" * 64}).json()["issues"]
    assert ("unknown_weights", "weights") in {(issue["code"], issue["argument"]) for issue in refused}
    assert keras_client.post(f"{address}/compile", json={**config, "weights": "../x"}).status_code == 422


def test_routes_of_a_model_that_is_not_there_answer_404(keras_client: TestClient):
    for method, path in (
        ("GET", "weights"), ("GET", "weights/file"), ("GET", "weights/a"), ("GET", "weights/a/file"),
        ("PUT", "weights/file"), ("PUT", "weights/a/file"), ("DELETE", "weights"),
    ):  # fmt: skip
        assert keras_client.request(method, f"/api/models/none/{path}", content=b"x").status_code == 404, path
