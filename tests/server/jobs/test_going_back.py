"""Runs that go on from an older checkpoint of theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, serve

FOREVER = 1_000_000
STEPWISE = {"mode": "step"}
MANY = {"every_minutes": 0.0001, "keep_last": 1_000}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture(scope="module")
def model_id(server: LiveServer) -> str:
    return server.create_model()


@pytest.fixture
def run_id(server: LiveServer, model_id: str) -> Iterator[str]:
    """A run that trains, with two checkpoints at least."""
    run_id = server.launch(model_id, FOREVER, plan=STEPWISE, checkpoints={"keep_last": 1_000})
    for _ in range(2):
        step = server.wait_for(run_id, lambda run: bool(run["step"]))["step"]
        server.ask(run_id, "checkpoints")
        server.wait_for_event(run_id, "checkpoint", cause="asked")
        server.wait_for(run_id, lambda run, before=step: run["step"] > before)  # type: ignore[misc]
    yield run_id
    if server.read_run(run_id)["status"] not in {"finished", "failed", "stopped"}:
        server.ask(run_id, "stop")
        server.wait_until_over(run_id)


def list_checkpoints(server: LiveServer, run_id: str) -> list[dict[str, object]]:
    """Those that are listed, the earliest step first."""
    listed = server.api.get(f"/runs/{run_id}/checkpoints", params={"limit": 200}).raise_for_status().json()["items"]
    return sorted(listed, key=lambda one: one["step"])


def find_file(server: LiveServer, run_id: str, step: object) -> Path:
    (file,) = (server.home / "runs" / run_id).glob(f"*/checkpoints/*-step-{step:08}.keras")
    return file


def stop(server: LiveServer, run_id: str) -> dict[str, object]:
    server.ask(run_id, "stop")
    return server.wait_until_over(run_id)


def refuse(server: LiveServer, run_id: str, checkpoint: object) -> str:
    answer = server.api.post(f"/runs/{run_id}/resume", json={"checkpoint": checkpoint})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict"), answer.text
    return str(answer.json()["detail"])


def test_a_finished_run_goes_on_from_its_middle_to_the_same_end(server: LiveServer, model_id: str):
    run_id = server.launch(model_id, 6, plan=STEPWISE, checkpoints=MANY)
    assert server.wait_until_over(run_id)["status"] == "finished"
    history, curves = (server.api.get(f"/runs/{run_id}/{what}").json() for what in ("history", "metrics"))
    saved = list_checkpoints(server, run_id)
    assert "all of its 6 epochs are done" in refuse(server, run_id, saved[-1]["id"])
    middle = saved[len(saved) // 2]
    assert 0 < middle["step"] < saved[-1]["step"]  # type: ignore[operator]
    server.ask(run_id, "resume", checkpoint=middle["id"])
    server.wait_for_event(run_id, "mark", kind="resumed", step=middle["step"])
    again = server.wait_until_over(run_id)
    assert (again["status"], again["attempts"]) == ("finished", 2)
    assert server.api.get(f"/runs/{run_id}/history").json() == history
    metrics = server.api.get(f"/runs/{run_id}/metrics").json()
    assert (metrics["steps"], metrics["epochs"]) == (curves["steps"], curves["epochs"])


def test_a_run_that_went_back_shows_its_new_way_and_stays_on_it(server: LiveServer, run_id: str):
    old = stop(server, run_id)
    first = list_checkpoints(server, run_id)[0]
    server.ask(run_id, "resume", checkpoint=first["id"])
    # Before the new worker has written anything it dies: the next one still goes on from what was chosen.
    server.wait_for(run_id, lambda run: run["attempts"] == 2)
    server.find_worker(run_id).kill()
    server.wait_for(run_id, lambda run: run["attempts"] == 3)
    marks = [event for event in server.read_events(run_id) if event.get("kind") == "resumed"]
    assert {mark["step"] for mark in marks} == {first["step"]}
    assert marks[0]["message"] == f"Went back to the checkpoint after step {first['step']}: asked for"
    server.wait_for_event(run_id, "steps", first_step=first["step"])
    stop(server, run_id)
    steps = server.api.get(f"/runs/{run_id}/metrics", params={"points": 100_000}).json()["steps"][0]["x"]
    assert steps == list(range(len(steps)))
    overtaken = [one for one in list_checkpoints(server, run_id) if one["step"] == old["step"]]
    assert [one["can_resume"] for one in overtaken] == [False]
    assert "the run went on from an earlier one since" in refuse(server, run_id, overtaken[0]["id"])


def test_a_paused_run_goes_back_and_forgets_what_its_worker_knew(server: LiveServer, run_id: str):
    first = list_checkpoints(server, run_id)[0]
    assert "trains; expected one that is over or paused" in refuse(server, run_id, first["id"])
    server.ask(run_id, "pause")
    server.wait_for(run_id, lambda run: run["status"] == "paused")
    server.ask(run_id, "resume", checkpoint=first["id"])
    again = server.wait_for(run_id, lambda run: run["attempts"] == 2 and run["status"] == "running")
    assert again["finished_at"] is None
    assert server.wait_for_event(run_id, "mark", kind="resumed")["step"] == first["step"]


def test_a_checkpoint_that_is_damaged_gone_or_another_runs_is_refused(server: LiveServer, model_id: str, run_id: str):
    stopped = stop(server, run_id)
    other = server.launch(model_id, 1)
    server.wait_until_over(other)
    assert "has no checkpoint with id" in refuse(server, run_id, list_checkpoints(server, other)[0]["id"])
    first, second = list_checkpoints(server, run_id)[:2]
    file = find_file(server, run_id, second["step"])
    file.write_bytes(file.read_bytes()[:-1])
    refused = refuse(server, run_id, second["id"])
    assert "is damaged" in refused
    assert f"The newest whole checkpoint before it is '{first['id']}'" in refused
    file.unlink()
    assert "is gone" in refuse(server, run_id, second["id"])
    assert (server.read_run(run_id)["status"], server.read_run(run_id)["attempts"]) == ("stopped", stopped["attempts"])
    bodies: list[object] = [{"checkpoint": ""}, {"checkpoint": 3}, {"step": 3}, []]
    for body in bodies:
        assert server.api.post(f"/runs/{run_id}/resume", json=body).status_code == 422
