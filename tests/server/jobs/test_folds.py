"""A run of several folds through a real server: killed in its second fold, it goes on to the same curves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, serve

FOLDS = 2
EPOCHS = 8
SPLIT = {"kind": "k_fold", "folds": FOLDS, "seed": 2}
SIZES = [899, 898]
"""The samples that each fold keeps apart."""

STEPWISE = {"mode": "step"}
"""The slowest plan, so that the run is still in its fold when it is asked to pause."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    home: Path = tmp_path_factory.mktemp("home")
    with serve(home) as server:
        yield server


def launch(server: LiveServer) -> str:
    config = {"data": {"dataset": "digits", "split": SPLIT}, "fit": {"epochs": EPOCHS, "batch_size": 64}}
    return server.launch(server.create_model(), EPOCHS, plan=STEPWISE, **config)


def read_curves(server: LiveServer, run_id: str) -> dict[str, dict[str, object]]:
    metrics = server.api.get(f"/runs/{run_id}/metrics", params={"points": 100_000}).raise_for_status().json()
    # How long steps wait for data is another time another.
    return {
        axis: {one["name"]: (one["x"], one["y"]) for one in metrics[axis] if "wait" not in one["name"]}
        for axis in ("steps", "epochs")
    }


def test_a_worker_killed_in_the_second_fold_is_replaced_and_no_number_is_another(server: LiveServer):
    undisturbed, killed = launch(server), launch(server)
    server.wait_for(killed, lambda run: run["fold"] == 2)
    server.ask(killed, "pause")
    paused = server.wait_for(killed, lambda run: run["status"] == "paused")
    assert (paused["fold"], paused["can_resume"]) == (2, True)
    server.find_worker(killed).kill()
    server.ask(killed, "resume")
    for run_id in (undisturbed, killed):
        assert server.wait_until_over(run_id)["status"] == "finished"
    run = server.read_run(killed)
    assert (run["attempts"], run["fold"], run["folds"]) == (2, FOLDS, FOLDS)
    history = server.api.get(f"/runs/{killed}/history").json()["history"]
    assert [len(history[f"fold_{fold}/val_loss"]) for fold in (1, 2)] == [EPOCHS] * FOLDS
    assert read_curves(server, killed) == read_curves(server, undisturbed)
    assert_each_fold_is_worth_what_its_last_epoch_said(server, killed)


def assert_each_fold_is_worth_what_its_last_epoch_said(server: LiveServer, run_id: str) -> None:
    """On the samples that it kept apart."""
    checkpoints = server.api.get(f"/runs/{run_id}/checkpoints").raise_for_status().json()["items"]
    ends = {one["fold"]: one for one in checkpoints if one["cause"] == "end"}
    assert sorted(ends) == [1, 2]
    for fold, end in ends.items():
        asked = {"checkpoint_id": end["id"], "report": False}
        evaluation = server.api.post(f"/runs/{run_id}/evaluate", json=asked).raise_for_status().json()
        assert (evaluation["fold"], evaluation["split"], evaluation["samples"]) == (
            fold,
            "validation",
            1797 // FOLDS + (fold == 1),
        )
        assert evaluation["metrics"]["loss"] == pytest.approx(end["logs"]["val_loss"], rel=1e-4)


@pytest.mark.parametrize("folds", [1, 101])
def test_folds_that_cannot_be_are_refused_at_their_place(server: LiveServer, folds: int):
    data = {"dataset": "digits", "split": {**SPLIT, "folds": folds}}
    body = {"model_id": server.create_model(), "config": {"compile": {"loss": "mse"}, "data": data}}
    answer = server.api.post("/runs", json=body)
    assert answer.status_code == 422
    assert "data.split" in answer.text
    assert "folds" in answer.text
