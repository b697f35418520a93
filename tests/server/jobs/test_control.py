"""What people ask of runs, carried out by a real server and real workers."""

from collections.abc import Iterator

import pytest

from tests.server.live_server import LiveServer, serve

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


@pytest.fixture
def run_id(server: LiveServer, model_id: str) -> Iterator[str]:
    """A run that trains, until it is told otherwise."""
    run_id = server.launch(model_id, FOREVER, plan=STEPWISE)
    server.wait_for(run_id, is_training)
    yield run_id
    if server.read_run(run_id)["status"] not in {"finished", "failed", "stopped"}:
        server.ask(run_id, "stop")
        server.wait_until_over(run_id)


def is_training(run: dict[str, object]) -> bool:
    return run["status"] == "running" and bool(run["step"])


def has_status(status: str):
    return lambda run: run["status"] == status


def refuse(server: LiveServer, method: str, path: str, body: dict[str, object] | None = None) -> str:
    """Why the server refuses with a conflict."""
    answer = server.api.request(method, path, json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict"), answer.text
    return str(answer.json()["detail"])


def list_marks(server: LiveServer, run_id: str) -> list[tuple[object, object, object]]:
    return [
        (event["kind"], event["source"], event["command"])
        for event in server.read_events(run_id)
        if event["type"] == "mark" and event["command"] is not None
    ]


def test_a_paused_run_goes_on_where_it_was(server: LiveServer, run_id: str):
    server.ask(run_id, "pause")
    paused = server.wait_for(run_id, has_status("paused"))
    assert paused["can_resume"] is True
    assert "paused already" in refuse(server, "POST", f"/runs/{run_id}/pause")
    server.ask(run_id, "resume")
    server.wait_for(run_id, lambda run: run["status"] == "running" and run["step"] != paused["step"])
    assert "trains; expected one that is paused" in refuse(server, "POST", f"/runs/{run_id}/resume")
    assert list_marks(server, run_id) == [("paused", "person", 1), ("resumed", "person", 2)]
    assert server.read_run(run_id)["attempts"] == 1
    steps = server.api.get(f"/runs/{run_id}/metrics", params={"points": 100_000}).json()["steps"][0]["x"]
    assert steps[0] == 0
    assert steps == sorted(set(steps))


def test_a_learning_rate_is_changed_while_it_trains(server: LiveServer, run_id: str):
    assert (
        server.api.patch(f"/runs/{run_id}", json={"learning_rate": 0.25, "notes": "faster"}).json()["notes"] == "faster"
    )
    mark = server.wait_for_event(run_id, "mark", kind="learning_rate")
    assert (mark["values"], mark["source"], mark["command"]) == ({"learning_rate": 0.25}, "person", 1)


def test_a_checkpoint_is_saved_when_asked_for(server: LiveServer, run_id: str):
    server.ask(run_id, "checkpoints")
    saved = server.wait_for_event(run_id, "checkpoint", cause="asked")
    listed = server.api.get(f"/runs/{run_id}/checkpoints").json()["items"]
    assert (saved["step"], saved["position"], "asked") in [
        (one["step"], one["position"], one["cause"]) for one in listed
    ]


def test_a_run_stops_after_its_epoch(server: LiveServer, run_id: str):
    server.ask(run_id, "stop", when="epoch")
    run = server.wait_until_over(run_id)
    assert (run["status"], run["reason"]) == ("stopped", "Stopped on request.")
    assert isinstance(run["step"], int)
    assert run["step"] % 23 == 0
    assert "stopped already" in refuse(server, "POST", f"/runs/{run_id}/stop")
    assert "stopped already" in refuse(server, "POST", f"/runs/{run_id}/pause")
    assert "stopped already" in refuse(server, "POST", f"/runs/{run_id}/checkpoints")
    assert "stopped already" in refuse(server, "PATCH", f"/runs/{run_id}", {"learning_rate": 0.1})


def test_a_stopped_run_goes_on_from_its_checkpoint(server: LiveServer, run_id: str):
    server.ask(run_id, "stop")
    stopped = server.wait_until_over(run_id)
    assert stopped["can_resume"] is True
    assert server.ask(run_id, "resume")["finished_at"] is None
    resumed = server.wait_for_event(run_id, "mark", kind="resumed")
    assert resumed["step"] == stopped["step"]
    assert resumed["message"] == f"Resumed on request. It goes on from the checkpoint after step {stopped['step']}."
    again = server.wait_for(run_id, lambda run: is_training(run) and run["step"] != stopped["step"])
    assert again["attempts"] == 2


def test_a_finished_run_trains_more_epochs_as_if_it_had_never_ended(server: LiveServer, model_id: str):
    whole, parts = server.launch(model_id, 6), server.launch(model_id, 2)
    server.wait_until_over(whole)
    assert server.wait_until_over(parts)["status"] == "finished"
    assert "finished: all of its 2 epochs are done" in refuse(server, "POST", f"/runs/{parts}/resume")
    assert "has done 2 epochs" in refuse(server, "PATCH", f"/runs/{parts}", {"epochs": 2})
    assert server.api.patch(f"/runs/{parts}", json={"epochs": 6}).json()["status"] == "queued"
    server.wait_for(parts, has_status("finished"))
    assert server.read_run(parts)["epochs"] == 6
    assert server.read_history(parts) == server.read_history(whole)


def test_a_run_that_trains_is_given_fewer_or_more_epochs_but_none_that_are_past(server: LiveServer, run_id: str):
    server.wait_for(run_id, lambda run: isinstance(run["epoch"], int) and run["epoch"] > 3)
    assert "expected at least as many, got 2" in refuse(server, "PATCH", f"/runs/{run_id}", {"epochs": 2})
    server.ask(run_id, "pause")
    paused = server.wait_for(run_id, has_status("paused"))
    assert isinstance(paused["epoch"], int)
    server.api.patch(f"/runs/{run_id}", json={"epochs": paused["epoch"] + 2}).raise_for_status()
    server.ask(run_id, "resume")
    run = server.wait_until_over(run_id)
    assert (run["status"], run["epochs"]) == ("finished", paused["epoch"] + 2)
    assert server.read_history(run_id)["epoch"] == list(range(paused["epoch"] + 2))


def test_runs_that_wait_are_paused_resumed_and_stopped_without_a_worker(server: LiveServer, model_id: str):
    training = [server.launch(model_id, FOREVER, plan=STEPWISE) for _ in range(2)]
    for run_id in training:
        server.wait_for(run_id, is_training)
    waiting = server.launch(model_id, 1)
    assert "has not begun" in refuse(server, "POST", f"/runs/{waiting}/checkpoints")
    assert "waits for its turn" in refuse(server, "POST", f"/runs/{waiting}/resume")
    paused = server.ask(waiting, "pause")
    assert (paused["status"], paused["reason"], paused["attempts"]) == ("paused", "Paused before it began.", 0)
    assert server.ask(waiting, "resume")["status"] == "queued"
    server.ask(waiting, "pause")
    assert server.ask(waiting, "stop")["status"] == "stopped"
    assert "no checkpoint to go on from" in refuse(server, "POST", f"/runs/{waiting}/resume")
    for run_id in training:
        server.ask(run_id, "stop")
    for run_id in training:
        server.wait_until_over(run_id)


def test_a_paused_run_makes_room_for_one_that_waits(server: LiveServer, model_id: str):
    paused, other = server.launch(model_id, FOREVER, plan=STEPWISE), server.launch(model_id, FOREVER, plan=STEPWISE)
    server.ask(paused, "pause")
    server.wait_for(paused, has_status("paused"))
    worker = server.find_worker(paused)
    waiting = server.launch(model_id, 2)
    assert server.wait_until_over(waiting)["status"] == "finished"
    assert not worker.is_running()
    assert server.read_run(paused)["status"] == "paused"
    server.ask(other, "stop")
    server.ask(paused, "resume")
    again = server.wait_for(paused, is_training)
    assert again["attempts"] == 2
    server.ask(paused, "stop")
    server.wait_until_over(paused)


@pytest.mark.parametrize("body", [
    {"learning_rate": 0}, {"learning_rate": -0.1}, {"learning_rate": "0.1"}, {"learning_rate": "NaN"},
    {"learning_rate": True}, {"epochs": 0}, {"epochs": 2.5}, {"epochs": "3"}, {"epochs": 10**9},
])  # fmt: skip
def test_what_is_no_learning_rate_and_no_number_of_epochs_is_refused(
    server: LiveServer, run_id: str, body: dict[str, object]
):
    assert server.api.patch(f"/runs/{run_id}", json=body).status_code == 422
    assert list_marks(server, run_id) == []


def test_a_schedules_learning_rate_is_not_changed(server: LiveServer, model_id: str):
    schedule = {"class_name": "ExponentialDecay",
                "config": {"initial_learning_rate": 0.01, "decay_steps": 10, "decay_rate": 0.9}}  # fmt: skip
    settings = {
        "optimizer": {"class_name": "SGD", "config": {"learning_rate": schedule}},
        "loss": "sparse_categorical_crossentropy",
    }
    run_id = server.launch(model_id, FOREVER, compile=settings)
    told = refuse(server, "PATCH", f"/runs/{run_id}", {"learning_rate": 0.1, "name": "Other"})
    assert "takes its learning rate from ExponentialDecay" in told
    assert server.read_run(run_id)["name"] != "Other"
    server.ask(run_id, "stop")
    server.wait_until_over(run_id)
