"""The WebSocket through the real application."""

import orjson
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from server.storage.database import Database
from tests.server.open_runs import make_story, open_run, to_json

STREAM = "ws://127.0.0.1/api/stream"


def receive_events(socket: WebSocketTestSession, last: int) -> list[dict[str, object]]:
    """All events up to number `last`. A bare NaN, which a browser cannot read, is an error."""
    events: list[dict[str, object]] = []
    while not events or events[-1]["seq"] != last:
        notification = orjson.loads(socket.receive_text())
        assert notification["type"] == "events"
        events += notification["events"]
    return events


def test_stored_events_come_first_and_then_those_that_arrive(client: TestClient, database: Database):
    run = open_run(database)
    story = to_json(make_story())
    client.post(f"/api/runs/{run.run_id}/events", json=story[:4], headers=run.headers)
    with client.websocket_connect(STREAM) as socket:
        socket.send_json({"type": "subscribe", "run_id": run.run_id, "after": 1})
        stored = receive_events(socket, 5)
        client.post(f"/api/runs/{run.run_id}/events", json=story[4:], headers=run.headers)
        arrived = receive_events(socket, 9)
    assert stored + arrived == story


def test_a_second_connection_goes_on_where_the_first_one_broke(client: TestClient, database: Database):
    run = open_run(database)
    story = to_json(make_story())
    with client.websocket_connect(STREAM) as socket:
        socket.send_json({"type": "subscribe", "run_id": run.run_id, "after": 1})
        client.post(f"/api/runs/{run.run_id}/events", json=story[:3], headers=run.headers)
        seen = receive_events(socket, 4)
    client.post(f"/api/runs/{run.run_id}/events", json=story[3:], headers=run.headers)
    with client.websocket_connect(STREAM) as socket:
        socket.send_json({"type": "subscribe", "run_id": run.run_id, "after": seen[-1]["seq"]})
        assert seen + receive_events(socket, 9) == story


@pytest.mark.parametrize(
    "command",
    [
        "no json",
        "[]",
        '{"type": "dance"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "run_id": "x", "after": -1}',
        '{"type": "subscribe", "run_id": "x", "more": 1}',
        "\ud83d",
    ],
)
def test_a_command_that_is_none_is_answered_and_the_connection_stays(client: TestClient, command: str):
    with client.websocket_connect(STREAM) as socket:
        socket.send_bytes(command.encode("utf-8", "surrogatepass"))
        refused = socket.receive_json()
        socket.send_json({"type": "subscribe", "run_id": "no-such-run"})
        unknown = socket.receive_json()
    assert (refused["type"], refused["run_id"], bool(refused["detail"])) == ("error", None, True)
    assert unknown == {"type": "error", "detail": "There is no run with id 'no-such-run'.", "run_id": "no-such-run"}


def test_a_number_that_the_run_does_not_have_yet_is_refused(client: TestClient, database: Database):
    run = open_run(database)
    with client.websocket_connect(STREAM) as socket:
        socket.send_json({"type": "subscribe", "run_id": run.run_id, "after": 7})
        assert socket.receive_json()["detail"] == (
            f"Run '{run.run_id}' has events up to number 1; expected `after` to be one of them or 0, got 7."
        )


def test_changes_of_all_runs_are_told_to_whoever_listens(client: TestClient, database: Database):
    run = open_run(database)
    with client.websocket_connect(STREAM) as socket:
        socket.send_json({"type": "subscribe_runs"})
        socket.send_json({"type": "nonsense"})
        assert socket.receive_json()["type"] == "error"
        renamed = client.patch(f"/api/runs/{run.run_id}", json={"name": "Baseline"}).json()
        told = socket.receive_json()
        client.post(f"/api/runs/{run.run_id}/events", json=to_json(make_story()), headers=run.headers)
        finished = socket.receive_json()
        client.delete(f"/api/runs/{run.run_id}")
        deleted = socket.receive_json()
    assert told == {"type": "run", "run": renamed}
    assert (finished["run"]["status"], finished["run"]["latest"]["val_loss"]) == ("finished", 1.5)
    assert deleted == {"type": "run_deleted", "run_id": run.run_id}
