"""What is left when the server is killed, and when it is asked to go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, wait_until_gone

FOREVER = 1_000_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.close()


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


def test_a_killed_server_finds_its_runs_again_and_loses_no_step(server: LiveServer):
    model_id = server.create_model()
    adopted, orphaned = server.launch(model_id, FOREVER), server.launch(model_id, FOREVER)
    for run_id in (adopted, orphaned):
        server.wait_for(run_id, lambda run: bool(run["step"]))
    waiting = server.launch(model_id, 1)
    seen = server.wait_for(adopted, lambda run: bool(run["epoch"]))
    victim = server.find_worker(orphaned)
    server.kill()
    victim.kill()
    server.start()
    assert server.wait_until_over(orphaned)["status"] == "failed"
    assert server.wait_until_over(waiting)["status"] == "finished"
    later = server.wait_for(adopted, lambda run: run["last_seq"] > seen["last_seq"] + 5)  # type: ignore[operator]
    assert later["status"] == "running"
    server.api.post(f"/runs/{adopted}/stop")
    assert server.wait_until_over(adopted)["status"] == "stopped"
    for run_id in (adopted, orphaned):
        events = server.read_events(run_id)
        steps = read_steps(events)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert steps == list(range(len(steps)))


def test_an_interrupted_server_ends_its_runs_and_leaves_no_process_behind(server: LiveServer):
    model_id = server.create_model()
    training = server.launch(model_id, FOREVER)
    server.wait_for(training, lambda run: bool(run["step"]))
    server.interrupt()
    assert wait_until_gone(server.find_family()) == []
    server.start()
    run = server.read_run(training)
    assert (run["status"], run["reason"]) == ("stopped", "The server was stopped.")
    steps = read_steps(server.read_events(training))
    assert steps == list(range(len(steps)))
    assert server.api.get(f"/runs/{training}/checkpoints").json()["items"]
