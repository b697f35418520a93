"""What a run goes on from: its newest checkpoint that is there and whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, serve, wait_until_gone

FOREVER = 1_000_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server whose paused workers do not stay."""
    with serve(tmp_path, PAUSED_WORKER_MINUTES="0") as server:
        yield server


def find_checkpoints(server: LiveServer, run_id: str) -> list[Path]:
    """The run's checkpoint files, the newest first."""
    files = (server.home / "runs" / run_id).glob("*/checkpoints/*.keras")
    return sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_paused_worker_leaves_and_damaged_checkpoints_are_passed_over(server: LiveServer):
    run_id = server.launch(server.create_model(), FOREVER, plan={"mode": "step"})
    server.wait_for(run_id, lambda run: bool(run["step"]))
    server.ask(run_id, "checkpoints")
    saved = server.wait_for_event(run_id, "checkpoint", cause="asked")
    worker = server.find_worker(run_id)
    server.ask(run_id, "pause")
    server.wait_for(run_id, lambda run: run["status"] == "paused")
    assert wait_until_gone([worker]) == []
    damage(find_checkpoints(server, run_id)[0])
    server.ask(run_id, "resume")
    mark = server.wait_for_event(run_id, "mark", kind="resumed")
    assert (mark["step"], mark["source"]) == (saved["step"], "person")
    warnings = [str(event["message"]) for event in server.read_events(run_id) if event.get("level") == "warning"]
    assert len([message for message in warnings if "is damaged: expected SHA-256" in message]) == 1, warnings
    server.wait_for(run_id, lambda run: run["status"] == "running")
    server.ask(run_id, "stop")
    assert server.wait_until_over(run_id)["status"] == "stopped"
    for file in find_checkpoints(server, run_id):
        damage(file)
    refused = server.api.post(f"/runs/{run_id}/resume")
    assert refused.status_code == 409
    assert "has no checkpoint to go on from: The checkpoint after step" in refused.json()["detail"]
    assert server.read_run(run_id)["status"] == "stopped"
