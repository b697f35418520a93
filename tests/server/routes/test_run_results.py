"""What the API answers about a run whose worker has reported: history, curves, logs, events."""

import pytest
from fastapi.testclient import TestClient

from server.storage.attempts import AttemptStore
from server.storage.database import Database
from tests.server.open_runs import (
    OpenRun,
    make_epoch,
    make_steps,
    make_story,
    open_run,
    to_json,
)


@pytest.fixture
def run(database: Database) -> OpenRun:
    return open_run(database)


@pytest.fixture
def address(client: TestClient, run: OpenRun) -> str:
    """The address of a run that has reported a short story."""
    address = f"/api/runs/{run.run_id}"
    posted = client.post(f"{address}/events", json=to_json(make_story()), headers=run.headers)
    assert posted.json() == {"stored": 9}
    return address


def test_the_history_has_keras_keys_and_lengths(client: TestClient, address: str):
    assert client.get(f"{address}/history").json() == {
        "history": {"loss": [1.25, 0.25], "accuracy": [0.5, 1.0], "val_loss": ["-Infinity", 1.5]},
        "epoch": [0, 1],
        "params": {"verbose": 0, "epochs": 10, "steps": 0},
    }


def test_the_curves_have_every_step_and_epoch_with_strings_for_nan_and_infinity(client: TestClient, address: str):
    run_id = address.rsplit("/", 1)[1]
    assert client.get(f"{address}/metrics").json() == {
        "run_id": run_id,
        "steps": [
            {"name": "accuracy", "x": [0, 1, 2, 3, 4, 5], "y": [0.25, "NaN", "Infinity", 0.5, 0.75, 1.0], "total": 6},
            {"name": "loss", "x": [0, 1, 2, 3, 4, 5], "y": [2.0, 1.5, 1.25, 1.0, 0.5, 0.25], "total": 6},
        ],
        "epochs": [
            {"name": "accuracy", "x": [0, 1], "y": [0.5, 1.0], "total": 2},
            {"name": "loss", "x": [0, 1], "y": [1.25, 0.25], "total": 2},
            {"name": "val_loss", "x": [0, 1], "y": ["-Infinity", 1.5], "total": 2},
        ],
        "last_seq": 9,
    }


def test_curves_can_be_read_from_an_event_on(client: TestClient, address: str):
    metrics = client.get(f"{address}/metrics", params={"after": 6}).json()
    assert [(one["name"], one["x"]) for one in metrics["steps"]] == [("accuracy", [3, 4, 5]), ("loss", [3, 4, 5])]


def test_what_a_run_did_again_takes_the_place_of_what_it_had_done(client: TestClient, database: Database):
    run = open_run(database)
    events = [
        make_steps(2, 0, {"loss": [9.0, 8.0, 7.0], "accuracy": [0.1, 0.2, 0.3]}),
        make_epoch(3, 0, 3, loss=7.0, val_loss=7.5),
        make_steps(4, 3, {"loss": [6.0, 5.0, 4.0]}, epoch=1),
        make_epoch(5, 1, 6, loss=4.0, val_loss=4.5),
        make_steps(6, 6, {"loss": [3.0]}, epoch=2),
        # From the checkpoint after step 4.
        make_steps(7, 4, {"loss": [5.5]}, epoch=1),
        make_steps(8, 5, {"loss": [4.5, 3.5]}, epoch=1),
        make_epoch(9, 1, 6, loss=4.25),
    ]
    address = f"/api/runs/{run.run_id}"
    assert client.post(f"{address}/events", json=to_json(events), headers=run.headers).json() == {"stored": 9}
    metrics = client.get(f"{address}/metrics").json()
    shown = {one["name"]: dict(zip(one["x"], one["y"], strict=True)) for one in metrics["steps"]}
    assert shown == {
        "loss": {0: 9.0, 1: 8.0, 2: 7.0, 3: 6.0, 4: 5.5, 5: 4.5, 6: 3.5},
        "accuracy": {0: 0.1, 1: 0.2, 2: 0.3},
    }
    epochs = {one["name"]: dict(zip(one["x"], one["y"], strict=True)) for one in metrics["epochs"]}
    assert epochs == {"loss": {0: 7.0, 1: 4.25}, "val_loss": {0: 7.5}}
    history = client.get(f"{address}/history").json()
    assert (history["history"], history["epoch"]) == ({"loss": [7.0, 4.25], "val_loss": [7.5]}, [0, 1])


def test_the_logs_are_read_page_by_page(client: TestClient, address: str):
    page = client.get(f"{address}/logs").json()
    assert page == {
        "items": [
            {
                "seq": 3,
                "time": "2026-01-31T12:00:00Z",
                "type": "log",
                "level": "info",
                "message": "Epoch 1 begins\nwith a second line",
            }
        ],
        "next_after": None,
    }


def test_events_are_read_back_as_they_were_reported(client: TestClient, address: str):
    read, after = [], 1
    while after is not None:
        page = client.get(f"{address}/events", params={"after": after, "limit": 3}).json()
        read += page["items"]
        after = page["next_after"]
    assert read == to_json(make_story())


def test_the_worker_is_told_where_to_go_on(client: TestClient, run: OpenRun):
    events = to_json(make_story())
    posts = [events[3:], events[:2], events[1:5], events]
    answers = [client.post(f"/api/runs/{run.run_id}/events", json=post, headers=run.headers) for post in posts]
    assert [answer.json() for answer in answers] == [{"stored": 1}, {"stored": 3}, {"stored": 6}, {"stored": 9}]


def test_the_events_of_some_types_alone_can_be_read(client: TestClient, run: OpenRun):
    address = f"/api/runs/{run.run_id}/events"
    client.post(address, json=to_json(make_story()), headers=run.headers)
    page = client.get(address, params={"type": ["epoch", "status"], "after": 2}).json()
    assert [(event["type"], event["seq"]) for event in page["items"]] == [("epoch", 6), ("epoch", 8), ("status", 9)]
    assert client.get(address, params={"type": "gossip"}).status_code == 422


def test_events_without_the_attempts_token_are_refused(client: TestClient, run: OpenRun, database: Database):
    address = f"/api/runs/{run.run_id}/events"
    events = to_json(make_story())
    missing = client.post(address, json=events)
    wrong = client.post(address, json=events, headers={"Authorization": "Bearer of-another-attempt"})
    AttemptStore(database).revoke(run.run_id)
    revoked = client.post(address, json=events, headers=run.headers)
    assert [answer.status_code for answer in (missing, wrong, revoked)] == [401, 403, 403]
    assert client.get(address, params={"after": 1}).json() == {"items": [], "next_after": None}


@pytest.mark.parametrize(
    "event",
    [
        {"seq": 0, "type": "status", "status": "running"},
        {"seq": 2, "type": "status", "status": "asleep"},
        {"seq": 2, "type": "steps", "epoch": 0, "first_step": 0, "values": {"loss": ["fast"]}},
        {"seq": 2, "type": "steps", "epoch": -1, "first_step": 0, "values": {}},
        {"seq": 2, "type": "epoch", "epoch": 0},
        {"seq": 2**53, "type": "status", "status": "running"},
        {"seq": 2, "type": "gossip"},
    ],
)
def test_an_event_that_is_none_is_refused_and_nothing_is_stored(
    client: TestClient, run: OpenRun, event: dict[str, object]
):
    address = f"/api/runs/{run.run_id}/events"
    answer = client.post(address, json=[{"time": "2026-01-31T12:00:00Z", **event}], headers=run.headers)
    assert answer.status_code == 422
    assert answer.json()["issues"]
    assert client.get(f"/api/runs/{run.run_id}").json()["last_seq"] == 1


def test_a_body_with_bare_nan_is_refused(client: TestClient, run: OpenRun):
    body = '[{"seq":2,"time":"2026-01-31T12:00:00Z","type":"steps","epoch":0,"first_step":0,"values":{"loss":[NaN]}}]'
    headers = {**run.headers, "Content-Type": "application/json"}
    assert client.post(f"/api/runs/{run.run_id}/events", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize("what", ["", "/history", "/metrics", "/logs", "/events", "/checkpoints"])
def test_a_run_that_is_not_there_is_said_to_be_missing(client: TestClient, what: str):
    answer = client.get(f"/api/runs/no-such-run{what}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("query", [{"points": 9}, {"points": 100_001}, {"after": -1}, {"after": 2**53}])
def test_senseless_numbers_in_a_query_are_refused(client: TestClient, address: str, query: dict[str, int]):
    assert client.get(f"{address}/metrics", params=query).status_code == 422
