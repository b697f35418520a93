"""A K-fold run: each fold is what `fit` makes of its rows, and the run can be stopped, paused and gone on with."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import keras
import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.training.commands import Command, Pause, Resume, SaveCheckpoint, SetEpochs, SetLearningRate, Stop
from engine.training.config import RunConfig
from engine.training.events import (
    CheckpointEvent,
    EpochEvent,
    Event,
    MarkEvent,
    SetupEvent,
    StatusEvent,
    StepsEvent,
)
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.run_data import load_run_data
from tests.engine.training.command_sources import Script

Kind = TypeVar("Kind")

FOLDS = 3
EPOCHS = 3
STEPS = 15
"""The updates of one fold: five batches of 20 in each epoch, as 100 samples train and 50 validate."""


def make_graph() -> Graph:
    """Small, with what keeps a state: moving averages and random numbers."""
    chain = [
        ("InputLayer", {"shape": [4]}),
        ("BatchNormalization", {}),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dropout", {"rate": 0.2}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    ]
    names = [f"layer_{place}" for place in range(len(chain))]
    return Graph.model_validate(
        {
            "layers": [
                {"id": name, "class_name": class_name, "config": config}
                for name, (class_name, config) in zip(names, chain, strict=True)
            ],
            "nodes": [{"id": f"node_{name}", "layer": name} for name in names],
            "edges": [
                {"id": f"edge_{after}", "source": f"node_{before}", "target": f"node_{after}"}
                for before, after in pairwise(names)
            ],
        }
    )


def divide(folds: int) -> dict[str, object]:
    """The data, by that many folds."""
    return {"dataset": "iris", "split": {"kind": "k_fold", "folds": folds, "seed": 4}}


def make_config(**sections) -> RunConfig:
    return RunConfig.model_validate(
        {
            "compile": {
                "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
                "loss": "sparse_categorical_crossentropy",
                "metrics": ["accuracy"],
            },
            "fit": {"epochs": EPOCHS, "batch_size": 20, **sections.pop("fit", {})},
            "data": divide(FOLDS),
            "callbacks": [{"class_name": "CSVLogger", "config": {"filename": "log.csv"}}],
            "plan": {"mode": "graph"},
            "seed": 11,
            **sections,
        }
    )


class Training:
    """What a training gave: History, the events, and what was written."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.events: list[Event] = []
        self.history = keras.callbacks.History()

    def run(self, config: RunConfig, **arguments) -> "Training":
        self.history = train(make_graph(), config, self.folder, Reporter(self.events.append), **arguments)
        return self

    def find(self, kind: type[Kind]) -> list[Kind]:
        return [one for one in self.events if isinstance(one, kind)]

    @property
    def statuses(self) -> list[str]:
        return [one.status for one in self.find(StatusEvent)]

    @property
    def checkpoint(self) -> Path:
        return self.folder / self.find(CheckpointEvent)[-1].path

    def read_csv(self, fold: int) -> str:
        return (self.folder / f"callbacks/fold_{fold}/log.csv").read_text()

    def weights_after(self, fold: int) -> list[np.ndarray]:
        (end,) = [one for one in self.find(CheckpointEvent) if one.fold == fold and one.cause == "end"]
        weights: list[np.ndarray] = keras.saving.load_model(self.folder / end.path).get_weights()
        return weights


def has_done(training: Training, steps: int) -> Callable[[], bool]:
    """Whether it has reported more than so many updates, over all folds."""

    def count() -> int:
        return max(
            (one.first_step + max(map(len, one.values.values())) for one in training.find(StepsEvent)), default=0
        )

    return lambda: count() > steps


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Training:
    return Training(tmp_path_factory.mktemp("whole")).run(make_config())


def test_every_fold_is_what_fit_makes_of_its_rows(whole):
    config = make_config()
    for fold in range(1, FOLDS + 1):
        keras.utils.set_random_seed(config.seed)
        model = build_model(make_graph(), "model")
        data = load_run_data(config.data, model)
        rows = data.splits[fold - 1]
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
        fitted = model.fit(
            data.x[rows.training], data.y[rows.training], validation_data=(data.x[rows.validation],
            data.y[rows.validation]), epochs=EPOCHS, batch_size=20, verbose=0,
        )  # fmt: skip
        for name, values in fitted.history.items():
            assert whole.history.history[f"fold_{fold}/{name}"] == pytest.approx(values, rel=1e-4)
        for ours, theirs in zip(whole.weights_after(fold), model.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_history_has_mean_and_spread_over_the_folds(whole):
    history = whole.history.history
    folds = np.array([history[f"fold_{fold}/val_loss"] for fold in range(1, FOLDS + 1)])
    assert folds.shape == (FOLDS, EPOCHS)
    assert history["mean/val_loss"] == pytest.approx(folds.mean(axis=0))
    assert history["std/val_loss"] == pytest.approx(folds.std(axis=0))
    assert whole.history.epoch == [0, 1, 2]


def test_events_say_which_fold_and_steps_go_on(whole):
    assert [(one.fold, one.folds, one.samples) for one in whole.find(SetupEvent)] == [(n, 3, 100) for n in (1, 2, 3)]
    steps = whole.find(StepsEvent)
    assert all(name.startswith(f"fold_{one.fold}/") for one in steps for name in one.values)
    firsts = {fold: min(one.first_step for one in steps if one.fold == fold) for fold in (1, 2, 3)}
    assert firsts == {1: 0, 2: STEPS, 3: 2 * STEPS}
    epochs = [(one.fold, one.epoch, one.step) for one in whole.find(EpochEvent)]
    assert epochs == [(fold, epoch, STEPS * (fold - 1) + 5 * (epoch + 1)) for fold in (1, 2, 3) for epoch in range(3)]
    assert whole.statuses == ["running", "finished"]


def test_a_checkpoint_at_the_end_of_each_fold_is_kept(tmp_path):
    config = make_config(data=divide(2), fit={"epochs": 2}, checkpoints={"every_minutes": 1e-6, "keep_best": 0})
    training = Training(tmp_path).run(config)
    kept = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert kept == ["fold-1-epoch-0001-step-00000008.keras", "fold-2-epoch-0001-step-00000016.keras"]
    assert all("val_loss" in one.logs for one in training.find(CheckpointEvent) if one.cause == "end")


@pytest.mark.parametrize("steps", [STEPS + 7, 2 * STEPS - 1])
def test_a_run_that_left_at_any_step_goes_on_to_the_same(whole, tmp_path, steps):
    first = Training(tmp_path / "first")
    first.run(make_config(), commands=Script(leaves=has_done(first, steps)))
    assert first.statuses == ["running"]
    last = Training(tmp_path / "last").run(make_config(), resume=first.checkpoint)
    assert 1 not in {one.fold for one in last.find(StepsEvent)}
    assert_same(last, whole)
    assert merge_steps(first, last) == merge_steps(whole)
    for ours, theirs in zip(last.weights_after(FOLDS), whole.weights_after(FOLDS), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_run_killed_before_the_first_checkpoint_of_a_fold_begins_that_fold_anew(whole, tmp_path):
    (end,) = [one for one in whole.find(CheckpointEvent) if one.fold == 2 and one.cause == "end"]
    last = Training(tmp_path / "last").run(make_config(), resume=whole.folder / end.path)
    assert {one.fold for one in last.find(StepsEvent)} == {3}
    assert_same(last, whole)


def test_a_learning_rate_is_of_its_fold_and_set_there_again_where_a_run_goes_back(whole, tmp_path):
    config = make_config(checkpoints={"keep_best": 10})
    first = Training(tmp_path / "first")
    script = Script(
        (has_done(first, 3), SaveCheckpoint()), (has_done(first, STEPS + 2), SetLearningRate(learning_rate=0.3))
    )
    first.run(config, commands=script)
    history, expected = first.history.history, whole.history.history
    assert history["fold_1/loss"] == expected["fold_1/loss"]
    assert history["fold_2/loss"] != expected["fold_2/loss"]
    assert history["fold_3/loss"] == expected["fold_3/loss"]
    (asked,) = [one for one in first.find(CheckpointEvent) if one.cause == "asked"]
    (mark,) = [one for one in first.find(MarkEvent) if one.command == 2]
    assert (asked.fold, mark.fold) == (1, 2)
    past = [Command(number=2, action=SetLearningRate(learning_rate=0.3), at_step=mark.step)]
    again = Training(tmp_path / "again").run(config, resume=first.folder / asked.path, past_commands=past)
    assert_same(again, first)


def test_a_stop_ends_the_run_and_not_only_the_fold(tmp_path):
    training = Training(tmp_path)
    training.run(make_config(), commands=Script((has_done(training, STEPS + 2), Stop())))
    assert training.statuses == ["running", "stopped"]
    assert {one.fold for one in training.find(StepsEvent)} == {1, 2}
    assert "fold_1/loss" in training.history.history


def test_a_stop_after_the_last_epoch_of_a_fold_ends_the_run_there(whole, tmp_path):
    training = Training(tmp_path / "first")
    training.run(make_config(), commands=Script((has_done(training, STEPS - 6), Stop(when="epoch"))))
    assert training.statuses == ["running", "stopped"]
    assert [one.fold for one in training.find(EpochEvent)] == [1, 1, 1]
    rest = Training(tmp_path / "rest").run(make_config(), resume=training.checkpoint)
    assert_same(rest, whole)


def test_epochs_that_are_added_are_for_this_fold_and_those_after_it(tmp_path):
    training = Training(tmp_path)
    script = Script(
        (has_done(training, STEPS + 1), Pause()), (lambda: True, SetEpochs(epochs=5)), (lambda: True, Resume())
    )
    history = training.run(make_config(), commands=script).history
    assert training.statuses == ["running", "paused", "running", "finished"]
    assert [len(history.history[f"fold_{fold}/loss"]) for fold in (1, 2, 3)] == [3, 5, 5]
    last = [history.history[f"fold_{fold}/loss"][4] for fold in (2, 3)]
    assert history.history["mean/loss"][4] == pytest.approx(sum(last) / 2)
    assert len(history.epoch) == 5


def test_a_callback_that_stops_one_fold_does_not_stop_the_others(tmp_path):
    stopping = {"class_name": "EarlyStopping", "config": {"monitor": "loss", "patience": 1, "min_delta": 100}}
    training = Training(tmp_path).run(make_config(callbacks=[stopping], data=divide(2)))
    assert [(one.fold, one.epoch) for one in training.find(EpochEvent)] == [(f, e) for f in (1, 2) for e in (0, 1)]
    assert training.statuses == ["running", "finished"]


def test_the_plan_fit_trains_the_folds_too(whole, tmp_path):
    training = Training(tmp_path).run(make_config(plan="fit"))
    assert training.statuses == ["running", "finished"]
    for name, values in whole.history.history.items():
        assert training.history.history[name] == pytest.approx(values, rel=1e-3, abs=1e-6)
    assert [one.fold for one in training.find(CheckpointEvent) if one.cause == "end"] == [1, 2, 3]


def test_a_checkpoint_of_other_folds_is_refused(whole, tmp_path):
    with pytest.raises(EngineError, match="is of 3 folds; expected one of 4 folds"):
        Training(tmp_path).run(make_config(data=divide(4)), resume=whole.checkpoint)


@pytest.mark.parametrize("folds", [1, 151, 1000])
def test_folds_that_cannot_be_are_refused_before_anything_is_trained(tmp_path, folds):
    training = Training(tmp_path)
    with pytest.raises((ValidationError, EngineError), match="fold"):
        training.run(make_config(data=divide(folds)))
    assert not training.find(StepsEvent)


def assert_same(training: Training, expected: Training) -> None:
    assert training.history.history == expected.history.history
    assert training.history.epoch == expected.history.epoch
    assert [training.read_csv(fold) for fold in (1, 2, 3)] == [expected.read_csv(fold) for fold in (1, 2, 3)]


def merge_steps(*trainings: Training) -> dict[tuple[str, int], float]:
    """Every step's value, as whoever reads them sees them: later ones win."""
    return {
        (name, event.first_step + place): value
        for training in trainings
        for event in training.find(StepsEvent)
        for name, values in event.values.items()
        for place, value in enumerate(values)
    }
