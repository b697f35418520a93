"""What the API answers about a run of several folds: k curves, their mean and their spread."""

import pytest
from fastapi.testclient import TestClient

from engine.training.events import CheckpointEvent, EpochEvent, Event, SetupEvent, StepsEvent
from server.storage.database import Database
from tests.server.open_runs import NOON, OpenRun, make_status, open_run, to_json

FOLDS = 2


@pytest.fixture
def run(database: Database) -> OpenRun:
    return open_run(database)


@pytest.fixture
def address(run: OpenRun) -> str:
    return f"/api/runs/{run.run_id}"


def make_setup(seq: int, fold: int) -> Event:
    return SetupEvent(
        seq=seq, time=NOON, epochs=2, steps_per_epoch=2, samples=4, validation_samples=2, batch_size=2, parameters=3,
        trainable_parameters=3, fold=fold, folds=FOLDS,
    )  # fmt: skip


def make_epoch(seq: int, fold: int, epoch: int, loss: float, step: int) -> list[Event]:
    """The two steps of an epoch, and its end."""
    name = f"fold_{fold}/loss"
    return [
        StepsEvent(seq=seq, time=NOON, epoch=epoch, first_step=step, values={name: [loss + 1, loss]}, fold=fold),
        EpochEvent(seq=seq + 1, time=NOON, epoch=epoch, step=step + 2, logs={name: loss}, seconds=0.1, fold=fold),
    ]


def make_checkpoint(seq: int, fold: int, step: int) -> Event:
    return CheckpointEvent(
        seq=seq, time=NOON, epoch=1, step=step, path=f"checkpoints/fold-{fold}.keras", size=1, sha256="0" * 64,
        logs={"loss": 0.5}, position=2, cause="end", fold=fold,
    )  # fmt: skip


def make_first_fold() -> list[Event]:
    return [
        make_status(2, "running"),
        make_setup(3, 1),
        *make_epoch(4, 1, 0, 4.0, 0),
        *make_epoch(6, 1, 1, 2.0, 2),
        make_checkpoint(8, 1, 4),
    ]


def make_second_fold() -> list[Event]:
    return [make_setup(9, 2), *make_epoch(10, 2, 0, 8.0, 4), *make_epoch(12, 2, 1, 6.0, 6), make_checkpoint(14, 2, 8)]


def post(client: TestClient, run: OpenRun, events: list[Event]) -> None:
    posted = client.post(f"/api/runs/{run.run_id}/events", json=to_json(events), headers=run.headers)
    assert posted.json() == {"stored": events[-1].seq}


def test_each_fold_has_its_curves_and_they_have_a_mean_and_a_spread(client: TestClient, run: OpenRun, address: str):
    post(client, run, [*make_first_fold(), *make_second_fold()])
    metrics = client.get(f"{address}/metrics").json()
    assert {one["name"]: (one["x"], one["y"]) for one in metrics["steps"]} == {
        "fold_1/loss": ([0, 1, 2, 3], [5.0, 4.0, 3.0, 2.0]),
        "fold_2/loss": ([4, 5, 6, 7], [9.0, 8.0, 7.0, 6.0]),
    }
    assert {one["name"]: (one["x"], one["y"]) for one in metrics["epochs"]} == {
        "fold_1/loss": ([0, 1], [4.0, 2.0]),
        "fold_2/loss": ([0, 1], [8.0, 6.0]),
        "mean/loss": ([0, 1], [6.0, 4.0]),
        "std/loss": ([0, 1], [2.0, 2.0]),
    }


def test_the_history_has_the_folds_with_mean_and_spread(client: TestClient, run: OpenRun, address: str):
    post(client, run, [*make_first_fold(), *make_second_fold()[:3]])
    history = client.get(f"{address}/history").json()
    assert history["epoch"] == [0, 1]
    assert history["history"] == {
        "fold_1/loss": [4.0, 2.0],
        "fold_2/loss": [8.0],
        "mean/loss": [6.0, 2.0],
        "std/loss": [2.0, 0.0],
    }


def test_a_run_says_which_fold_it_trains_and_what_those_that_ended_came_to(
    client: TestClient, run: OpenRun, address: str
):
    post(client, run, make_first_fold())
    begun = client.get(address).json()
    assert (begun["fold"], begun["folds"], begun["epoch"], begun["step"]) == (1, 2, 1, 4)
    assert begun["latest"] == {"fold_1/loss": 2.0}
    post(client, run, make_second_fold()[:3])
    trains = client.get(address).json()
    assert (trains["fold"], trains["epoch"], trains["step"]) == (2, 0, 6)
    assert trains["latest"] == {"fold_1/loss": 2.0, "fold_2/loss": 8.0, "mean/loss": 2.0, "std/loss": 0.0}
    post(client, run, [*make_second_fold()[3:], make_status(15, "finished")])
    finished = client.get(address).json()
    assert (finished["latest"]["mean/loss"], finished["latest"]["std/loss"]) == (4.0, 2.0)
    assert not finished["can_resume"]


def test_a_run_that_went_back_to_an_earlier_fold_has_nothing_of_the_later_one(
    client: TestClient, run: OpenRun, address: str
):
    post(client, run, [*make_first_fold(), *make_second_fold()])
    post(client, run, [make_setup(15, 1), *make_epoch(16, 1, 1, 3.0, 2)])
    metrics = client.get(f"{address}/metrics").json()
    assert {one["name"]: one["y"] for one in metrics["steps"]} == {"fold_1/loss": [5.0, 4.0, 4.0, 3.0]}
    assert {one["name"]: one["y"] for one in metrics["epochs"]} == {
        "fold_1/loss": [4.0, 3.0],
        "mean/loss": [4.0, 3.0],
        "std/loss": [0.0, 0.0],
    }
    assert client.get(f"{address}/history").json()["history"]["fold_1/loss"] == [4.0, 3.0]
    assert client.get(address).json()["latest"] == {"fold_1/loss": 3.0}


def test_mean_and_spread_are_whole_also_from_an_event_on(client: TestClient, run: OpenRun, address: str):
    post(client, run, [*make_first_fold(), *make_second_fold()])
    metrics = client.get(f"{address}/metrics", params={"after": 11}).json()
    assert {one["name"]: one["y"] for one in metrics["epochs"]} == {
        "fold_2/loss": [6.0],
        "mean/loss": [6.0, 4.0],
        "std/loss": [2.0, 2.0],
    }


def test_events_checkpoints_and_steps_name_their_fold(client: TestClient, run: OpenRun, address: str):
    post(client, run, [*make_first_fold(), *make_second_fold()])
    events = client.get(f"{address}/events").json()["items"]
    assert {one["fold"] for one in events if one["type"] in ("steps", "epoch")} == {1, 2}
    steps = [one for one in events if one["type"] == "steps"]
    assert [(one["fold"], list(one["values"])) for one in steps][-1] == (2, ["fold_2/loss"])


def test_a_finished_run_of_folds_takes_no_more_epochs(client: TestClient, run: OpenRun, address: str):
    post(client, run, [*make_first_fold(), *make_second_fold(), make_status(15, "finished")])
    refused = client.patch(address, json={"epochs": 20})
    assert refused.status_code == 409
    assert "2 folds" in refused.json()["detail"]
    assert client.post(f"{address}/resume").status_code == 409
