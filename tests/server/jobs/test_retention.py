"""Checkpoint files of a run that has had many workers: as few as its config says, and all of them listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.training.config import CheckpointSettings
from tests.server.live_server import LiveServer, serve

FOREVER = 1_000_000
KEPT = CheckpointSettings(every_minutes=0.002, keep_last=2, keep_best=1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with serve(tmp_path) as server:
        yield server


def find_files(server: LiveServer, run_id: str) -> list[str]:
    """All files in the folders of checkpoints, whole or not."""
    return sorted(path.name for path in (server.home / "runs" / run_id).glob("*/checkpoints/*"))


def list_steps(server: LiveServer, run_id: str) -> list[int]:
    listed = server.api.get(f"/runs/{run_id}/checkpoints").raise_for_status().json()["items"]
    return [one["step"] for one in listed]


def has_written_since(server: LiveServer, run_id: str, after: int) -> bool:
    """Whether the newest worker has written as many checkpoints as are kept, and one more."""
    events = [event for event in server.read_events(run_id) if event["type"] == "checkpoint"]
    return len([event for event in events if int(str(event["seq"])) > after]) > KEPT.keep_last + KEPT.keep_best


def test_after_many_attempts_no_more_files_are_left_than_the_config_says(server: LiveServer):
    run_id = server.launch(server.create_model(), FOREVER, plan={"mode": "step"}, checkpoints=KEPT.model_dump())
    for attempt in (1, 2, 3):
        begun = server.wait_for(run_id, lambda run, count=attempt: run["attempts"] == count)  # type: ignore[misc]
        after = int(str(begun["last_seq"]))
        server.wait_for(run_id, lambda _run, seq=after: has_written_since(server, run_id, seq))  # type: ignore[misc]
        if attempt < 3:
            server.find_worker(run_id).kill()
    server.ask(run_id, "stop")
    server.wait_until_over(run_id)
    files = find_files(server, run_id)
    assert KEPT.keep_last <= len(files) <= KEPT.keep_last + KEPT.keep_best, files
    assert sorted(int(name.split("-step-")[1].removesuffix(".keras")) for name in files) == sorted(
        list_steps(server, run_id)
    )


def test_what_a_dead_worker_had_no_time_to_report_is_cleared_away(server: LiveServer):
    run_id = server.launch(server.create_model(), FOREVER, plan={"mode": "step"})
    server.wait_for(run_id, lambda run: bool(run["step"]))
    server.ask(run_id, "checkpoints")
    saved = server.wait_for_event(run_id, "checkpoint", cause="asked")
    (folder,) = (server.home / "runs" / run_id).glob("*/checkpoints")
    for name in (".unfinished-epoch-0009-step-00000999.keras", "epoch-0009-step-00000999.keras"):
        (folder / name).write_bytes(b"torn")
    server.find_worker(run_id).kill()
    server.wait_for(run_id, lambda run: run["attempts"] == 2)
    assert [path.name for path in folder.iterdir()] == [str(saved["path"]).rsplit("/", 1)[-1]]
    server.ask(run_id, "stop")
    server.wait_until_over(run_id)
