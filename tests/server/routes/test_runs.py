"""Runs through the API without training: lists, names, notes, deleting."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from server.settings import Settings
from server.storage.database import Database
from tests.server.open_runs import NOON, make_log, make_status, make_story, open_run, to_json


def finish(client: TestClient, database: Database, model_name: str, status: str = "finished") -> str:
    """The id of a run that is over."""
    run = open_run(database, model_name)
    events = to_json([make_status(2, status)])
    assert client.post(f"/api/runs/{run.run_id}/events", json=events, headers=run.headers).json() == {"stored": 2}
    return run.run_id


def list_ids(client: TestClient, **query: object) -> list[str]:
    return [run["id"] for run in client.get("/api/runs", params=query).json()["items"]]


def test_runs_are_listed_newest_first_page_by_page(client: TestClient, database: Database):
    ids = [open_run(database).run_id for _ in range(5)]
    read: list[str] = []
    cursor = None
    while True:
        page = client.get("/api/runs", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        read += [run["id"] for run in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert read == ids[::-1]


def test_runs_are_found_by_status_model_and_text(client: TestClient, database: Database):
    waiting = open_run(database, "Digits").run_id
    finished = finish(client, database, "Iris")
    failed = finish(client, database, "Wine", "failed")
    client.patch(f"/api/runs/{failed}", json={"notes": "ran out of memory"})
    model_id = client.get(f"/api/runs/{finished}").json()["model_id"]
    assert list_ids(client, status="queued") == [waiting]
    assert list_ids(client, status=["failed", "finished"]) == [failed, finished]
    assert list_ids(client, model_id=model_id) == [finished]
    assert list_ids(client, q="iris") == [finished]
    assert list_ids(client, q="out of MEMORY") == [failed]
    assert list_ids(client, q="100%") == []


def test_runs_are_sorted_by_name(client: TestClient, database: Database):
    ids = [finish(client, database, name) for name in ("Wine", "Digits", "Iris")]
    assert list_ids(client, sort="name") == [ids[1], ids[2], ids[0]]


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"status": "asleep"}, {"cursor": "??"}, {"limit": 0}])
def test_a_list_that_makes_no_sense_is_refused(client: TestClient, query: dict[str, str]):
    assert client.get("/api/runs", params=query).status_code == 422


def test_a_run_is_named_after_its_model_and_counted(client: TestClient, database: Database):
    run = client.get(f"/api/runs/{open_run(database, 'Digits').run_id}").json()
    assert (run["name"], run["status"], run["last_seq"], run["version_number"]) == ("Digits #1", "queued", 1, 1)


def test_only_the_time_in_which_a_run_trains_counts(client: TestClient, database: Database):
    run = open_run(database)
    stretches = {2: ("running", 0), 3: ("paused", 10), 4: ("running", 500), 5: ("running", 505), 6: ("finished", 520)}
    for seq, (status, after) in stretches.items():
        event = make_status(seq, status).model_copy(update={"time": NOON + timedelta(seconds=after)})
        client.post(f"/api/runs/{run.run_id}/events", json=to_json([event]), headers=run.headers)
        shown = client.get(f"/api/runs/{run.run_id}").json()
        since = {2: 0, 4: 500, 5: 500}.get(seq)
        begun = None if since is None else (NOON + timedelta(seconds=since)).isoformat().replace("+00:00", "Z")
        assert (shown["trained_seconds"], shown["training_since"]) == ({2: 0, 6: 30}.get(seq, 10), begun)


def test_the_time_in_which_nobody_knew_that_the_worker_was_gone_does_not_count(client: TestClient, database: Database):
    run = open_run(database)
    events = [
        make_status(2, "running"),
        make_log(3, "working").model_copy(update={"time": NOON + timedelta(seconds=7)}),
        make_status(4, "queued").model_copy(update={"time": NOON + timedelta(days=7)}),
    ]
    client.post(f"/api/runs/{run.run_id}/events", json=to_json(events), headers=run.headers)
    assert client.get(f"/api/runs/{run.run_id}").json()["trained_seconds"] == 7


def test_name_and_notes_are_changed_alone_and_together(client: TestClient, database: Database):
    address = f"/api/runs/{open_run(database).run_id}"
    before = client.get(address).json()
    client.patch(address, json={"name": "Baseline"})
    client.patch(address, json={"notes": "überfits 🙂 <script>"})
    assert client.get(address).json() == before | {"name": "Baseline", "notes": "überfits 🙂 <script>"}


@pytest.mark.parametrize("body", [{"name": "a/b"}, {"name": ""}, {"notes": "x" * 10_001}, {"status": "finished"}])
def test_what_cannot_be_a_name_or_a_note_is_refused(client: TestClient, database: Database, body: dict[str, str]):
    address = f"/api/runs/{open_run(database).run_id}"
    before = client.get(address).json()
    assert client.patch(address, json=body).status_code == 422
    assert client.get(address).json() == before


def test_a_run_that_is_over_is_deleted_with_its_files(client: TestClient, database: Database, settings: Settings):
    run = open_run(database)
    client.post(f"/api/runs/{run.run_id}/events", json=to_json(make_story()), headers=run.headers)
    folder = settings.runs_folder / run.run_id / run.attempt_id
    folder.mkdir(parents=True)
    (folder / "worker.log").write_text("hello")
    assert client.delete(f"/api/runs/{run.run_id}").status_code == 204
    assert client.get(f"/api/runs/{run.run_id}").status_code == 404
    assert not folder.parent.exists()
    with database.read() as connection:
        left = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in
                ("runs", "events", "metrics", "logs", "checkpoints")]  # fmt: skip
    assert left == [0] * 5


def test_a_run_that_is_not_over_has_to_be_stopped_before_it_is_deleted(client: TestClient, database: Database):
    run = open_run(database)
    answer = client.delete(f"/api/runs/{run.run_id}")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert "stop" in answer.json()["detail"]
    assert client.get(f"/api/runs/{run.run_id}").status_code == 200


def test_a_run_that_is_over_cannot_be_stopped(client: TestClient, database: Database):
    answer = client.post(f"/api/runs/{finish(client, database, 'Digits')}/stop")
    assert (answer.status_code, "finished already" in answer.json()["detail"]) == (409, True)


def test_a_runs_model_can_be_deleted_and_the_run_stays(client: TestClient, database: Database):
    run = client.get(f"/api/runs/{finish(client, database, 'Digits')}").json()
    client.delete(f"/api/models/{run['model_id']}")
    assert client.get(f"/api/runs/{run['id']}").json() == run | {"model_id": None, "version_id": None}
