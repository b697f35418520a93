"""A loss that is not a number: named by its first step and the first layer at fault, and trained as `fit` would."""

import keras
import numpy as np
import pytest

from engine.training.config import RunConfig
from engine.training.events import Event, MarkEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter


def make_model() -> keras.Model:
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(8, activation="relu", name="hidden")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, name="answer")(hidden))


def make_config(learning_rate: float, callbacks: list[str] | None = None) -> RunConfig:
    return RunConfig.model_validate(
        {
            "compile": {
                "optimizer": {"class_name": "SGD", "config": {"learning_rate": learning_rate}},
                "loss": "mean_squared_error",
            },
            "fit": {"epochs": 2, "batch_size": 8, "shuffle": False},
            "callbacks": [{"class_name": name} for name in callbacks or []],
            "data": {"dataset": "digits"},
            "plan": {"mode": "graph"},
        }
    )


@pytest.fixture
def data() -> FedData:
    random = np.random.default_rng(0)
    return FedData([random.normal(size=(200, 4)).astype("float32")], [random.normal(size=(200,))], ["y"])


def train(config: RunConfig, data: FedData, folder):
    events: list[Event] = []
    history = fit_model(make_model(), data, config, folder, Reporter(events.append))
    return history.history, events


def marks_of(events: list[Event]) -> list[MarkEvent]:
    return [one for one in events if isinstance(one, MarkEvent) and one.kind == "not_finite"]


def test_the_first_step_and_layer_that_are_not_finite_are_named_once(data, tmp_path):
    _, events = train(make_config(1e9), data, tmp_path)
    (mark,) = marks_of(events)
    losses = [loss for one in events if isinstance(one, StepsEvent) for loss in one.values["loss"]]
    assert mark.step == next(step for step, loss in enumerate(losses) if not np.isfinite(loss))
    assert f"at step {mark.step}, in epoch 1" in mark.message
    assert "'hidden'" in mark.message or "'answer'" in mark.message or "hidden/" in mark.message


def test_the_training_goes_on_as_that_of_fit_does(data, tmp_path):
    config = make_config(1e9)
    ours, _ = train(config, data, tmp_path / "ours")
    theirs, _ = train(config.model_copy(update={"plan": "fit"}), data, tmp_path / "fit")
    np.testing.assert_array_equal(ours["loss"], theirs["loss"])


def test_terminate_on_nan_ends_it_at_the_very_step(data, tmp_path):
    ours, events = train(make_config(1e9, ["TerminateOnNaN"]), data, tmp_path)
    (mark,) = marks_of(events)
    steps = [one for one in events if isinstance(one, StepsEvent)]
    assert steps[-1].first_step + len(steps[-1].values["loss"]) == mark.step + 1
    assert len(ours["loss"]) == 1


def test_bad_numbers_in_the_data_are_told_as_such(data, tmp_path):
    data.targets[0][37] = np.nan
    _, events = train(make_config(0.01), data, tmp_path)
    (mark,) = marks_of(events)
    assert mark.step == 37 // 8
    assert "finite" in mark.message


def test_a_training_whose_numbers_are_finite_has_no_such_mark(data, tmp_path):
    _, events = train(make_config(0.01), data, tmp_path)
    assert marks_of(events) == []
