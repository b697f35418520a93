"""All folds of a run evaluated together over REST, with a real server and real processes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.live_server import LiveServer, serve

FOLDS = 3
SPLIT = {"kind": "k_fold", "folds": FOLDS, "seed": 2}
PLAN = {"mode": "graph"}
"""Nothing is measured, so that the run is over soon."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("folds")) as live:
        yield live


@pytest.fixture(scope="module")
def run_id(server: LiveServer) -> str:
    config = {"data": {"dataset": "digits", "split": SPLIT}, "fit": {"epochs": 2, "batch_size": 64}}
    run_id = server.launch(server.create_model(), 2, plan=PLAN, **config)
    assert server.wait_until_over(run_id)["status"] == "finished"
    return run_id


def list_checkpoints(server: LiveServer, run_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.api.get(f"/runs/{run_id}/checkpoints").raise_for_status().json()["items"]
    return items


def test_all_folds_together_are_worth_what_each_was_on_its_own_samples(server: LiveServer, run_id: str):
    asked = {"split": "out_of_fold", "checkpoint_id": "last", "worst": 3}
    evaluation = server.api.post(f"/runs/{run_id}/evaluate", json=asked).raise_for_status().json()
    assert (evaluation["split"], evaluation["samples"]) == ("out_of_fold", 1797)
    assert (evaluation["checkpoint_id"], evaluation["step"], evaluation["fold"]) == (None, None, None)
    (report,) = evaluation["reports"]
    assert sum(map(sum, report["classes"]["confusion"])) == 1797
    ends = {one["fold"]: one for one in list_checkpoints(server, run_id) if one["cause"] == "end"}
    assert [(one["fold"], one["checkpoint_id"]) for one in evaluation["folds"]] == [
        (fold, ends[fold]["id"]) for fold in (1, 2, 3)
    ]
    # Each fold has 599 samples, so a plain mean is that of all.
    mean = sum(one["logs"]["val_loss"] for one in ends.values()) / FOLDS
    assert evaluation["metrics"]["loss"] == pytest.approx(mean, rel=1e-4)
    best = server.api.post(f"/runs/{run_id}/evaluate", json={"split": "out_of_fold", "report": False}).json()
    assert best["metrics"]["loss"] <= evaluation["metrics"]["loss"] * 1.0001


def test_one_checkpoint_cannot_stand_for_all_folds(server: LiveServer, run_id: str):
    one = list_checkpoints(server, run_id)[0]["id"]
    answer = server.api.post(f"/runs/{run_id}/evaluate", json={"split": "out_of_fold", "checkpoint_id": one})
    assert answer.status_code == 422
    assert "expected 'best' or 'last', which is of every fold" in answer.json()["detail"]


def test_a_run_of_one_model_has_no_folds(server: LiveServer):
    run_id = server.launch(server.create_model(), 1, plan=PLAN)
    assert server.wait_until_over(run_id)["status"] == "finished"
    answer = server.api.post(f"/runs/{run_id}/evaluate", json={"split": "out_of_fold"})
    assert answer.status_code == 422
    assert "There is no out_of_fold data; expected one of training, validation." in answer.json()["detail"]
    predicted = server.api.post(f"/runs/{run_id}/predict", json={"split": "out_of_fold", "indices": [0]})
    assert predicted.status_code == 422


def test_a_fold_without_a_checkpoint_is_named(server: LiveServer, run_id: str):
    folder = server.home / "runs" / run_id
    for path in folder.rglob("fold-2-*.keras"):
        path.unlink()
    answer = server.api.post(f"/runs/{run_id}/evaluate", json={"split": "out_of_fold"})
    assert answer.status_code == 409
    assert "Of 3 folds there is no checkpoint of fold 2" in answer.json()["detail"]
