"""Evaluating, predicting and driving models over REST, with a real server and real processes."""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from engine.data.datasets import load_dataset
from tests.server.live_server import LiveServer, serve

PIXELS = [[[[0.5]] * 8] * 8, [[[0.25]] * 8] * 8]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("evaluation")) as live:
        yield live


@pytest.fixture(scope="module")
def model_id(server: LiveServer) -> str:
    return server.create_model()


@pytest.fixture(scope="module")
def run_id(server: LiveServer, model_id: str) -> str:
    run_id = server.launch(model_id, 2)
    assert server.wait_until_over(run_id)["status"] == "finished"
    return run_id


def predict(server: LiveServer, run_id: str, body: bytes | str, kind: str, query: str = "") -> httpx.Response:
    return server.api.post(f"/runs/{run_id}/predict{query}", content=body, headers={"Content-Type": kind})


def test_the_evaluation_has_the_metrics_that_the_run_ended_with(server: LiveServer, run_id: str):
    answer = server.api.post(f"/runs/{run_id}/evaluate", json={"checkpoint_id": "last"})
    assert answer.status_code == 200
    evaluation = answer.json()
    history = server.api.get(f"/runs/{run_id}/history").json()["history"]
    assert evaluation["metrics"]["loss"] == pytest.approx(history["val_loss"][-1], rel=1e-4)
    assert evaluation["metrics"]["accuracy"] == pytest.approx(history["val_accuracy"][-1], rel=1e-4)
    assert (evaluation["split"], evaluation["samples"]) == ("validation", 360)
    (report,) = evaluation["reports"]
    assert sum(map(sum, report["classes"]["confusion"])) == 360
    assert len(report["worst"]) == 12
    checkpoints = server.api.get(f"/runs/{run_id}/checkpoints").json()["items"]
    assert (evaluation["checkpoint_id"], evaluation["step"]) == (checkpoints[0]["id"], checkpoints[0]["step"])


def test_only_the_metrics_can_be_asked_for_and_the_best_checkpoint_is_the_default(server: LiveServer, run_id: str):
    evaluation = server.api.post(f"/runs/{run_id}/evaluate", json={"split": "training", "report": False}).json()
    assert (evaluation["samples"], evaluation["reports"]) == (1437, [])
    checkpoints = server.api.get(f"/runs/{run_id}/checkpoints").json()["items"]
    assert evaluation["checkpoint_id"] == min(checkpoints, key=lambda one: one["logs"]["val_loss"])["id"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"split": "test"}, 422, "There is no test data; expected one of training, validation."),
        ({"split": "middle"}, 422, "split"),
        ({"checkpoint_id": "nobody"}, 404, "no checkpoint with id 'nobody'"),
        ({"batch_size": 0}, 422, "batch_size"),
        ({"worst": 1000}, 422, "worst"),
        ({"spilt": "training"}, 422, "spilt"),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused(
    server: LiveServer, run_id: str, body: dict[str, object], status: int, words: str
):
    answer = server.api.post(f"/runs/{run_id}/evaluate", json=body)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


def test_a_run_that_is_not_there_is_refused(server: LiveServer):
    assert server.api.post("/runs/nobody/evaluate", json={}).status_code == 404
    assert server.api.post("/runs/nobody/predict", json={"indices": [0]}).status_code == 404
    assert server.api.post("/sessions", json={"run_id": "nobody"}).status_code == 404


def test_samples_rows_and_lines_get_the_same_answer(server: LiveServer, run_id: str):
    by_place = server.api.post(f"/runs/{run_id}/predict", json={"split": "validation", "indices": [3]}).json()
    image = load_dataset("digits").inputs["image"][1440]
    bodies: list[tuple[str, str]] = [
        (json.dumps({"rows": [image.tolist()]}), "application/json"),
        (json.dumps([image.tolist()]), "application/json"),
        (json.dumps({"inputs": {"pixels": [image.tolist()]}}), "application/json"),
        (",".join(map(str, image.ravel())), "text/csv; charset=utf-8"),
    ]
    sample = by_place["samples"][0]
    assert sample["outputs"][0]["target_label"] == load_dataset("digits").targets["digit"][1440]
    for body, kind in bodies:
        answer = predict(server, run_id, body, kind)
        assert answer.status_code == 200
        assert answer.json()["raw"][0]["values"][0] == pytest.approx(by_place["raw"][0]["values"][0], abs=1e-6)
        assert answer.json()["samples"][0]["outputs"][0]["label"] == sample["outputs"][0]["label"]


def make_png(width: int, height: int) -> bytes:
    """A grey PNG; only its header is true to a size that would fill the memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff" * width for _ in range(min(height, 100)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_an_image_is_brought_to_the_size_of_the_input(server: LiveServer, run_id: str):
    answer = predict(server, run_id, make_png(32, 16), "image/png").json()
    assert "32 × 16 pixels was brought to 8 × 8" in answer["remarks"][0]
    assert answer["samples"][0]["inputs"]["pixels"]["values"][0][0] == [1.0]
    inverted = predict(server, run_id, make_png(32, 16), "image/png", "?invert=true").json()
    assert inverted["samples"][0]["inputs"]["pixels"]["values"][0][0] == [0.0]


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (b"{", "application/json", 422, "not valid JSON"),
        (b"{}", "application/json", 422, "expected one of `indices`, `inputs` and `rows`; received none"),
        (b'{"rows": [[1]], "indices": [0]}', "application/json", 422, "received indices and rows"),
        (b'{"rows": [[1, 2]]}', "application/json", 422, "Row 1, input 'pixels'"),
        (b'{"inputs": {"nobody": [1]}}', "application/json", 422, "no input 'nobody'; expected 'pixels'"),
        (b'{"indices": [0], "checkpoint_id": "x"}', "application/json", 404, "no checkpoint"),
        (b"7", "application/json", 422, "body"),
        (b"1,2,3", "text/csv", 422, "Line 1: expected 64 columns (64 of 'pixels'); received 3"),
        (b"\xff\xfe", "text/csv", 422, "no UTF-8 text"),
        (make_png(50_000, 50_000), "image/png", 413, "50,000 × 50,000 pixels; expected at most 40,000,000"),
        (b"x", "text/plain", 422, "expected the Content-Type to be one of"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    server: LiveServer, run_id: str, body: bytes, kind: str, status: int, words: str
):
    answer = predict(server, run_id, body, kind)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words.lower() in answer.json()["detail"].lower()


def test_closing_the_connection_breaks_an_evaluation_off(server: LiveServer, run_id: str):
    before = set(server.find_family())
    with pytest.raises(httpx.ReadTimeout):
        server.api.post(f"/runs/{run_id}/evaluate", json={"split": "training"}, timeout=0.3)
    # Another question of the kind gets its place, and the one that was broken off has left no process.
    assert server.api.post(f"/runs/{run_id}/evaluate", json={"report": False}).status_code == 200
    left = [one for one in set(server.find_family()) - before if one.is_running()]
    psutil.wait_procs(left, timeout=30)
    assert [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture
def session(server: LiveServer, model_id: str) -> Iterator[str]:
    settings = {"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    created = server.api.post("/sessions", json={"model_id": model_id, "compile": settings})
    assert created.status_code == 201
    yield created.headers["Location"].removeprefix("/api")
    server.api.delete(created.headers["Location"].removeprefix("/api"))


def test_a_session_trains_tests_and_predicts_batch_by_batch(server: LiveServer, session: str):
    facts = server.api.get(session).json()
    assert facts["inputs"] == [{"name": "pixels", "shape": [None, 8, 8, 1], "dtype": "float32"}]
    assert (facts["outputs"][0]["name"], facts["parameters"], facts["steps"]) == ("digit", 650, 0)
    batch = {"inputs": {"pixels": PIXELS}, "targets": [3, 7], "reset_metrics": True}
    losses = [server.api.post(f"{session}/train_on_batch", json=batch).json() for _ in range(3)]
    assert [one["steps"] for one in losses] == [1, 2, 3]
    assert losses[0]["logs"]["loss"] > losses[1]["logs"]["loss"] > losses[2]["logs"]["loss"]
    assert set(losses[0]["logs"]) == {"loss", "accuracy"}
    tested = server.api.post(f"{session}/test_on_batch", json=batch).json()
    assert (tested["steps"], tested["logs"]["loss"] < losses[2]["logs"]["loss"]) == (3, True)
    (output,) = server.api.post(f"{session}/predict_on_batch", json={"inputs": PIXELS}).json()["outputs"]
    assert (output["output"], output["shape"]) == ("digit", [2, 10])
    assert sum(output["values"][0]) == pytest.approx(1, abs=1e-5)
    assert server.api.get(session).json()["steps"] == 3


def test_a_saved_session_gives_its_weights_to_the_model(server: LiveServer, model_id: str, session: str):
    batch = {"inputs": PIXELS, "targets": {"digit": [3, 7]}, "class_weight": {"3": 2.0}, "sample_weight": [1, 0.5]}
    assert server.api.post(f"{session}/train_on_batch", json=batch | {"class_weight": None}).status_code == 200
    values = server.api.post(f"{session}/predict_on_batch", json={"inputs": PIXELS}).json()["outputs"][0]["values"]
    receipt = server.api.post(f"{session}/save").json()
    assert receipt["weights"]["source"]["kind"] == "session"
    asked = {"inputs": {"pixels": PIXELS}, "outputs": [{"node": "digit"}]}
    answer = server.api.post(f"/models/{model_id}/function", json=asked).json()
    assert answer["weights"]["kind"] == "stored"
    assert answer["outputs"][0]["values"][0] == pytest.approx(values[0], abs=1e-6)


def test_a_session_goes_on_where_a_run_has_ended(server: LiveServer, run_id: str):
    created = server.api.post("/sessions", json={"run_id": run_id, "checkpoint_id": "last"}).json()
    address = f"/sessions/{created['id']}"
    assert created["steps"] == server.read_run(run_id)["step"] == 46
    evaluated = server.api.post(f"/runs/{run_id}/predict", json={"indices": [0], "checkpoint_id": "last"}).json()
    image = load_dataset("digits").inputs["image"][1437].tolist()
    answer = server.api.post(f"{address}/predict_on_batch", json={"inputs": [image]}).json()
    assert answer["outputs"][0]["values"][0] == pytest.approx(evaluated["raw"][0]["values"][0], abs=1e-6)
    assert server.api.delete(address).status_code == 204
    assert server.api.get(address).status_code == 404


@pytest.mark.parametrize(
    ("route", "body", "words"),
    [
        ("train_on_batch", {"inputs": PIXELS, "targets": [1]}, "expected 2 samples, as many as the inputs have"),
        ("train_on_batch", {"inputs": PIXELS, "targets": [[1], [2, 3]]}, "not equally long"),
        ("train_on_batch", {"inputs": PIXELS, "targets": ["a", "b"]}, "nested lists of numbers"),
        ("train_on_batch", {"inputs": PIXELS, "targets": {"nobody": [1, 2]}}, "no output 'nobody'"),
        ("train_on_batch", {"inputs": PIXELS, "targets": {}}, "The targets of the output 'digit' are missing"),
        ("train_on_batch", {"inputs": [[1]], "targets": [1]}, "Input 'pixels'"),
        ("train_on_batch", {"inputs": 7, "targets": [1]}, "Input 'pixels'"),
        ("train_on_batch", {"inputs": {"other": PIXELS}, "targets": [1, 2]}, "no input 'other'"),
        ("train_on_batch", {"inputs": PIXELS, "targets": [1, 2], "sample_weight": [1]}, "1 sample weights for 2"),
        ("train_on_batch", {"inputs": PIXELS, "targets": [1, 12]}, "Keras refuses the batch"),
        ("test_on_batch", {"inputs": PIXELS}, "targets: Field required"),
        ("predict_on_batch", {"inputs": []}, "Input 'pixels'"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_and_the_session_goes_on(
    server: LiveServer, session: str, route: str, body: dict[str, object], words: str
):
    answer = server.api.post(f"{session}/{route}", json=body)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text
    assert server.api.post(f"{session}/predict_on_batch", json={"inputs": PIXELS}).status_code == 200


def test_there_are_only_so_many_sessions(server: LiveServer, session: str, run_id: str):
    second = server.api.post("/sessions", json={"run_id": run_id})
    assert second.status_code == 201
    third = server.api.post("/sessions", json={"run_id": run_id})
    assert (third.status_code, "There are 2 sessions already" in third.json()["detail"]) == (429, True)
    assert len(server.api.get("/sessions").json()["items"]) == 2
    server.api.delete(f"/sessions/{second.json()['id']}")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"model_id": "x", "run_id": "y"}, 422),
        ({"version_id": "x", "run_id": "y"}, 422),
        ({"model_id": "nobody", "compile": {"loss": "mse"}}, 404),
    ],
)
def test_a_session_of_nothing_is_refused(server: LiveServer, body: dict[str, object], status: int):
    assert server.api.post("/sessions", json=body).status_code == status


def test_a_session_needs_settings_that_suit_the_model(server: LiveServer, model_id: str):
    answer = server.api.post("/sessions", json={"model_id": model_id})
    assert (answer.status_code, "has no training settings" in answer.json()["detail"]) == (422, True)
    answer = server.api.post("/sessions", json={"model_id": model_id, "compile": {"loss": "nonsense"}})
    assert answer.status_code == 422
    assert server.api.get("/sessions").json()["items"] == []


def test_a_session_whose_process_was_killed_says_so_and_is_gone(server: LiveServer, model_id: str):
    known = set(server.find_family())
    settings = {"loss": "sparse_categorical_crossentropy"}
    created = server.api.post("/sessions", json={"model_id": model_id, "compile": settings}).json()
    for process in set(server.find_family()) - known:
        process.kill()
    address = f"/sessions/{created['id']}"
    answer = server.api.post(f"{address}/predict_on_batch", json={"inputs": PIXELS})
    assert (answer.status_code, "the session is over" in answer.json()["detail"]) == (502, True)
    assert server.api.get(address).status_code == 404
    assert server.api.get("/sessions").json()["items"] == []


def test_an_idle_session_ends_by_itself(tmp_path: Path):
    with serve(tmp_path, SESSION_IDLE_S="0.5") as live:
        settings = {"loss": "sparse_categorical_crossentropy"}
        created = live.api.post("/sessions", json={"model_id": live.create_model(), "compile": settings}).json()
        while live.api.get("/sessions").json()["items"]:
            pass
        gone = live.api.get(f"/sessions/{created['id']}")
        assert (gone.status_code, "ends after 0.5 s" in gone.json()["detail"]) == (404, True)
