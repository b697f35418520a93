"""Commands through the API without training: stored before they are acknowledged, and brought to whoever waits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from fastapi.testclient import TestClient

from engine.training.commands import COMMANDS, Command, Pause, SetEpochs, SetLearningRate, Stop
from engine.training.events import Event, MarkEvent, PlanEvent
from server.storage.attempts import AttemptStore
from server.storage.commands import CommandStore
from server.storage.database import Database
from tests.server.open_runs import NOON, OpenRun, make_status, make_steps, open_run, to_json

LONG = 20


@pytest.fixture
def run(client: TestClient, database: Database) -> OpenRun:
    """A run that trains, as far as anybody can tell."""
    run = open_run(database)
    report(client, run, make_status(2, "running"), make_steps(3, 0, {"loss": [2.0, 1.0]}))
    return run


def report(client: TestClient, run: OpenRun, *events: Event) -> None:
    answer = client.post(f"/api/runs/{run.run_id}/events", json=to_json(events), headers=run.headers)
    assert answer.json() == {"stored": events[-1].seq}


def make_mark(seq: int, command: int, step: int = 2) -> Event:
    return MarkEvent(
        seq=seq, time=NOON, kind="paused", source="person", message="Paused", epoch=0, step=step, command=command
    )


def follow(client: TestClient, run: OpenRun, after: int = 0, wait: float = 0) -> list[Command]:
    query = {"after": after, "wait": wait}
    answer = client.get(f"/api/runs/{run.run_id}/commands", params=query, headers=run.headers)
    assert answer.status_code == 200, answer.text
    return COMMANDS.validate_json(answer.content)


def test_commands_are_numbered_and_handed_out_until_they_took_effect(client: TestClient, run: OpenRun):
    address = f"/api/runs/{run.run_id}"
    assert client.patch(address, json={"learning_rate": 1, "epochs": 30}).json()["epochs"] == 30
    assert client.post(f"{address}/pause").status_code == 202
    asked = [SetLearningRate(learning_rate=1.0), SetEpochs(epochs=30), Pause()]
    assert follow(client, run) == [Command(number=place, action=action) for place, action in enumerate(asked, 1)]
    report(client, run, make_mark(4, command=1), make_mark(5, command=3))
    assert [command.number for command in follow(client, run)] == [2]
    assert follow(client, run, after=2) == []


def test_a_waiting_worker_hears_of_a_command_when_it_comes(client: TestClient, run: OpenRun):
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(follow, client, run, 0, LONG) for _ in range(3)]
        assert client.post(f"/api/runs/{run.run_id}/pause").status_code == 202
        answers = [one.result() for one in waiting]
    assert answers == [[Command(number=1, action=Pause())]] * 3


def test_a_new_attempt_repeats_what_lasts_and_obeys_what_is_open(client: TestClient, database: Database, run: OpenRun):
    address = f"/api/runs/{run.run_id}"
    client.patch(address, json={"learning_rate": 0.5})
    client.post(f"{address}/pause")
    client.patch(address, json={"epochs": 30})
    report(client, run, make_mark(4, command=1, step=1), make_mark(5, command=2))
    begun = AttemptStore(database).begin(run.run_id, "another token")
    assert [(one.number, one.at_step) for one in begun.past_commands] == [(1, 1)]
    assert [(one.number, one.at_step) for one in begun.open_commands] == [(3, None)]
    assert '"epochs":30' in begun.config


def test_what_was_asked_later_of_a_run_that_went_back_takes_the_place_of_what_had_been_asked(
    client: TestClient, database: Database, run: OpenRun
):
    address = f"/api/runs/{run.run_id}"
    for change in ({"learning_rate": 0.5}, {"epochs": 30}, {"learning_rate": 0.25}):
        client.patch(address, json=change)
    report(client, run, *(make_mark(seq, command, step) for seq, command, step in [(4, 1, 80), (5, 2, 90), (6, 3, 60)]))
    begun = AttemptStore(database).begin(run.run_id, "another token")
    assert [(one.number, one.at_step) for one in begun.past_commands] == [(2, 90), (3, 60)]
    assert begun.open_commands == []


def test_a_new_attempt_hears_again_that_the_run_ends_with_its_epoch(
    client: TestClient, database: Database, run: OpenRun
):
    stop = Stop(when="epoch")
    CommandStore(database).add(run.run_id, [stop])
    report(client, run, make_mark(4, command=1))
    assert follow(client, run, after=1) == []
    begun = AttemptStore(database).begin(run.run_id, "another token")
    assert [(one.number, one.action) for one in begun.open_commands] == [(1, stop)]
    assert begun.past_commands == []


@pytest.mark.parametrize(
    ("token", "status"), [(None, 401), ("the token of another attempt", 403), ("é".encode().decode("latin-1"), 403)]
)
def test_only_the_attempt_itself_hears_of_commands(client: TestClient, run: OpenRun, token: str | None, status: int):
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode("latin-1")}
    assert client.get(f"/api/runs/{run.run_id}/commands", headers=headers).status_code == status


@pytest.mark.parametrize("query", [{"wait": 31}, {"wait": -1}, {"wait": "NaN"}, {"after": -1}, {"after": "x"}])
def test_a_wait_that_makes_no_sense_is_refused(client: TestClient, run: OpenRun, query: dict[str, str]):
    answer = client.get(f"/api/runs/{run.run_id}/commands", params=query, headers=run.headers)
    assert answer.status_code == 422


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "commands"), ("POST", "pause"), ("POST", "resume"), ("POST", "stop"), ("POST", "checkpoints"),
])  # fmt: skip
def test_a_run_that_does_not_exist_is_said_to(client: TestClient, method: str, path: str):
    headers = {"Authorization": "Bearer x"}
    assert client.request(method, f"/api/runs/none/{path}", headers=headers).status_code == 404
    assert client.patch("/api/runs/none", json={"epochs": 3}).status_code == 404


@pytest.mark.parametrize("body", [{"when": "now"}, {"when": 1}, [], {"what": "step"}])
def test_a_stop_at_no_time_is_refused(client: TestClient, run: OpenRun, body: object):
    assert client.post(f"/api/runs/{run.run_id}/stop", json=body).status_code == 422


def test_commands_that_would_cancel_each_other_are_refused(client: TestClient, run: OpenRun):
    address = f"/api/runs/{run.run_id}"
    assert client.post(f"{address}/resume").status_code == 409
    client.post(f"{address}/pause")
    assert "about to pause" in client.post(f"{address}/pause").json()["detail"]


def test_the_run_shows_its_plan_its_attempts_and_whether_it_can_go_on(
    client: TestClient, database: Database, run: OpenRun
):
    plan = PlanEvent(seq=4, time=NOON, mode="xla", steps_per_chunk=64, data="device", reason="the fastest")
    report(client, run, plan)
    shown = client.get(f"/api/runs/{run.run_id}").json()
    assert (shown["attempts"], shown["can_resume"]) == (1, False)
    assert (shown["plan"]["mode"], shown["plan"]["steps_per_chunk"], shown["plan"]["seq"]) == ("xla", 64, 4)
    assert datetime.fromisoformat(shown["plan"]["time"]) == NOON
