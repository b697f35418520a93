"""What becomes of runs when their worker or the server is killed, and when the server is asked to go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, serve, wait_until_gone

FOREVER = 1_000_000
OFTEN = {"every_minutes": 0.002}
STEPWISE = {"mode": "step"}
"""The slowest plan, so that a run which is left to itself for a while does not report a thousand epochs."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with serve(tmp_path) as server:
        yield server


def read_steps(events: list[dict[str, object]]) -> list[int]:
    """The numbers of all steps, in the order in which they were stored."""
    steps: list[int] = []
    for event in events:
        if event["type"] == "steps":
            first, values = event["first_step"], event["values"]
            assert isinstance(first, int)
            assert isinstance(values, dict)
            steps += range(first, first + len(values["loss"]))
    return steps


def read_shown_steps(server: LiveServer, run_id: str) -> list[int]:
    """The numbers of all steps that the run's curves show."""
    metrics = server.api.get(f"/runs/{run_id}/metrics", params={"points": 100_000}).raise_for_status().json()
    steps: list[int] = next(one["x"] for one in metrics["steps"] if one["name"] == "loss")
    return steps


def read_numbers(server: LiveServer, run_id: str) -> list[object]:
    return [event["seq"] for event in server.read_events(run_id)]


def is_training(run: dict[str, object]) -> bool:
    return run["status"] == "running" and bool(run["step"])


def has_gone_on(run: dict[str, object]) -> bool:
    return run["attempts"] == 2 and is_training(run)


def test_a_killed_server_finds_its_runs_again_and_loses_no_step(server: LiveServer):
    model_id = server.create_model()
    adopted = server.launch(model_id, FOREVER, plan=STEPWISE)
    orphaned = server.launch(model_id, FOREVER, plan=STEPWISE, checkpoints=OFTEN)
    for run_id in (adopted, orphaned):
        server.wait_for(run_id, is_training)
    server.wait_for_event(orphaned, "checkpoint")
    waiting = server.launch(model_id, 1)
    seen = server.wait_for(adopted, lambda run: bool(run["epoch"]))
    victim = server.find_worker(orphaned)
    server.kill()
    victim.kill()
    server.port = 0
    server.start()
    resumed = server.wait_for(orphaned, has_gone_on)
    mark = server.wait_for_event(orphaned, "mark", kind="resumed")
    assert "The worker died: the process is gone" in str(mark["message"])
    assert "from the checkpoint after step" in str(mark["message"])
    later = server.wait_for(adopted, lambda run: run["last_seq"] > seen["last_seq"] + 5)  # type: ignore[operator]
    assert (later["status"], later["attempts"], resumed["attempts"]) == ("running", 1, 2)
    for run_id in (adopted, orphaned):
        server.ask(run_id, "stop")
        assert server.wait_until_over(run_id)["status"] == "stopped"
        assert read_numbers(server, run_id) == list(range(1, len(read_numbers(server, run_id)) + 1))
        steps = read_shown_steps(server, run_id)
        assert steps[0] == 0
        assert steps == sorted(set(steps))
    stored = read_steps(server.read_events(adopted))
    assert stored == list(range(len(stored)))
    assert server.wait_until_over(waiting)["status"] == "finished"


def test_an_interrupted_server_leaves_no_process_behind_and_the_next_one_goes_on(server: LiveServer):
    model_id = server.create_model()
    training, paused = (server.launch(model_id, FOREVER, plan=STEPWISE) for _ in range(2))
    for run_id in (training, paused):
        server.wait_for(run_id, is_training)
    server.ask(paused, "pause")
    server.wait_for(paused, lambda run: run["status"] == "paused")
    server.interrupt()
    assert wait_until_gone(server.find_family()) == []
    server.start()
    server.wait_for(training, has_gone_on)
    reasons = [event["reason"] for event in server.read_events(training) if event["type"] == "status"]
    assert "The server was stopped; the run goes on when it is started again." in reasons
    assert (server.read_run(paused)["status"], server.read_run(paused)["attempts"]) == ("paused", 1)
    server.ask(paused, "resume")
    server.wait_for(paused, has_gone_on)
    for run_id in (training, paused):
        server.ask(run_id, "stop")
        server.wait_until_over(run_id)
        steps = read_shown_steps(server, run_id)
        assert steps == sorted(set(steps))
