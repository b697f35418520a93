"""Training through a real server, a real compiler process and real workers."""

import hashlib
import signal
from collections.abc import Iterator

import pytest

from tests.server.live_server import LiveServer, make_config, serve

FOREVER = 1_000_000
STEPWISE = {"mode": "step"}
"""The slowest plan, so that a run which is left to itself for a while does not report a thousand epochs."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture(scope="module")
def model_id(server: LiveServer) -> str:
    return server.create_model()


def is_training(run: dict[str, object]) -> bool:
    return bool(run["step"])


def test_a_run_trains_to_its_end_and_has_keras_history_curves_and_checkpoint(server: LiveServer, model_id: str):
    run_id = server.launch(model_id, epochs=3)
    run = server.wait_until_over(run_id)
    assert (run["status"], run["reason"], run["epoch"], run["step"]) == ("finished", None, 2, 3 * 23), server.read_log()
    history = server.api.get(f"/runs/{run_id}/history").json()
    lengths = {name: len(numbers) for name, numbers in history["history"].items()}
    assert lengths == dict.fromkeys(["loss", "accuracy", "val_loss", "val_accuracy"], 3)
    assert (history["epoch"], history["params"]) == ([0, 1, 2], {"verbose": 0, "epochs": 3, "steps": 23})
    metrics = server.api.get(f"/runs/{run_id}/metrics").json()
    assert [(one["name"], one["x"]) for one in metrics["steps"]] == [(n, [*range(69)]) for n in ("accuracy", "loss")]
    events = server.read_events(run_id)
    assert [event["seq"] for event in events] == list(range(1, metrics["last_seq"] + 1))
    checkpoint = server.api.get(f"/runs/{run_id}/checkpoints").json()["items"][0]
    content = server.api.get(checkpoint["url"].removeprefix("/api")).content
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (checkpoint["sha256"], checkpoint["size"])


def test_a_run_weighs_its_samples_and_is_validated_and_evaluated_on_data_of_its_own(server: LiveServer, model_id: str):
    data = {"dataset": "digits", "sample_weights": "digit", "validation": {"dataset": "digits"}}
    run_id = server.launch(model_id, epochs=2, data=data, fit={"epochs": 2, "batch_size": 64})
    assert server.wait_until_over(run_id)["status"] == "finished", server.read_log()
    setup = next(event for event in server.read_events(run_id) if event["type"] == "setup")
    assert (setup["samples"], setup["validation_samples"]) == (1797, 1797)
    history = server.api.get(f"/runs/{run_id}/history").json()["history"]
    found = server.api.post(f"/runs/{run_id}/evaluate", json={"report": False}).json()
    assert (found["split"], found["samples"]) == ("validation", 1797)
    assert found["metrics"]["loss"] == pytest.approx(history["val_loss"][-1], rel=1e-4)


def test_what_would_not_train_is_refused_with_issues_and_nothing_is_written(server: LiveServer, model_id: str):
    runs, versions = server.api.get("/runs").json(), server.api.get(f"/models/{model_id}/versions").json()
    for config in (make_config(3, loss="no_such_loss"), {**make_config(3), "data": {"dataset": "no_such_data"}}):
        answer = server.api.post("/runs", json={"model_id": model_id, "config": config})
        assert answer.status_code == 422
        assert answer.json()["issues"]
    assert server.api.post("/runs", json={"model_id": "none", "config": make_config(3)}).status_code == 404
    assert server.api.get("/runs").json() == runs
    assert server.api.get(f"/models/{model_id}/versions").json() == versions


def test_a_worker_that_dies_once_too_often_leaves_its_run_failed_with_a_reason_and_no_other_run_disturbed(
    server: LiveServer, model_id: str
):
    victim, other = (
        server.launch(model_id, FOREVER, plan=STEPWISE, restarts=1),
        server.launch(model_id, FOREVER, plan=STEPWISE),
    )
    for run_id in (victim, other):
        server.wait_for(run_id, is_training)
    server.find_worker(victim).kill()
    server.wait_for(victim, lambda run: run["attempts"] == 2 and run["status"] == "running")
    mark = server.wait_for_event(victim, "mark", kind="resumed")
    assert (mark["source"], mark["step"]) == ("run", 0)
    assert mark["message"] == (
        "The worker died: killed by signal 9 (SIGKILL; often: out of memory)."
        " It starts again from the beginning, as there is no checkpoint to go on from."
    )
    server.wait_for_event(victim, "steps", first_step=0)
    server.find_worker(victim).send_signal(signal.SIGSEGV)
    failed = server.wait_until_over(victim)
    assert failed["status"] == "failed"
    assert str(failed["reason"]).startswith(
        "The worker died: crashed in native code (SIGSEGV). It had been replaced 1 time before.\nIts last lines:\n"
    )
    logs = server.api.get(f"/runs/{victim}/logs").json()["items"]
    assert any("Fatal Python error: Segmentation fault" in log["message"] for log in logs)
    events = server.read_events(victim)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert "no checkpoint to go on from" in server.api.post(f"/runs/{victim}/resume").json()["detail"]
    before = server.read_run(other)["step"]
    assert server.wait_for(other, lambda run: run["step"] != before)["attempts"] == 1
    assert server.api.post(f"/runs/{other}/stop").status_code == 202
    stopped = server.wait_until_over(other)
    assert (stopped["status"], stopped["reason"]) == ("stopped", "Stopped on request.")


def test_a_stopped_run_keeps_a_checkpoint_and_one_that_waits_stops_at_once(server: LiveServer, model_id: str):
    training = [server.launch(model_id, FOREVER, plan=STEPWISE) for _ in range(2)]
    server.wait_for(training[0], is_training)
    waiting = server.launch(model_id, FOREVER, plan=STEPWISE)
    assert server.api.delete(f"/runs/{training[0]}").status_code == 409
    stopped = server.api.post(f"/runs/{waiting}/stop")
    assert (stopped.status_code, stopped.json()["status"]) == (202, "stopped")
    for run_id in training:
        server.api.post(f"/runs/{run_id}/stop")
    assert [server.wait_until_over(run_id)["status"] for run_id in training] == ["stopped", "stopped"]
    assert server.api.get(f"/runs/{training[0]}/checkpoints").json()["items"]
    assert server.api.delete(f"/runs/{training[0]}").status_code == 204
    assert not (server.home / "runs" / training[0]).exists()
