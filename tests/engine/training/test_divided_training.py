"""Training on the sides of a split: as `fit` on the same rows, resumed exactly, evaluated on the same sides."""

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from engine.data.datasets import load_dataset
from engine.errors import ConfigError
from engine.evaluation.subject import open_subject
from engine.models.builder import build_model
from engine.training.commands import SaveCheckpoint
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, Event, LogEvent, SetupEvent
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.run_data import load_run_data
from tests.engine.training.command_sources import Script, steps_done
from tests.engine.training.divided_data import INPUTS, NAME, TARGETS, install

FIT = {"epochs": 2, "batch_size": 16}
STRATIFIED = {"kind": "stratified", "validation": 0.2, "test": 0.1}


@pytest.fixture(autouse=True)
def patients(monkeypatch):
    install(monkeypatch)


@pytest.fixture
def graph(make_graph):
    return make_graph((4,), 3)


@pytest.fixture
def configure(make_config):
    """A config for the patients; `split` is how they are divided."""

    def configure(split=STRATIFIED, fit=FIT, plan="auto", **data) -> RunConfig:
        config: RunConfig = make_config(
            fit=fit, plan=plan, data={"dataset": NAME, "inputs": INPUTS, "targets": TARGETS, "split": split, **data}
        )
        return config

    return configure


def fit_with_keras(graph, config: RunConfig, **arguments):
    """What plain Keras makes of the same rows."""
    keras.utils.set_random_seed(7)
    model = build_model(graph, "model")
    (rows,) = load_run_data(config.data, model).splits
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    dataset = load_dataset(NAME)
    x, y = dataset.inputs["point"], dataset.targets["kind"]
    return model.fit(
        x[rows.training], y[rows.training], validation_data=(x[rows.validation], y[rows.validation]), verbose=0, **FIT,
        **arguments,
    ).history  # fmt: skip


@pytest.mark.parametrize("plan", ["auto", "fit", {"mode": "graph", "data": "stream"}], ids=str)
@pytest.mark.parametrize("split", [STRATIFIED, {"kind": "time", "validation": 0.3}], ids=["stratified", "time"])
def test_the_sides_train_and_validate_as_in_fit(plan, split, graph, configure, tmp_path):
    config = configure(split, plan=plan)
    events: list[Event] = []
    history = train(graph, config, tmp_path, Reporter(events.append)).history
    theirs = fit_with_keras(graph, config)
    assert list(history) == list(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, err_msg=name)
    (setup,) = [event for event in events if isinstance(event, SetupEvent)]
    assert (setup.samples, setup.validation_samples) == ((63, 18) if split is STRATIFIED else (63, 27))


@pytest.mark.parametrize("plan", ["auto", "fit"])
def test_balanced_classes_weigh_as_scikit_learn_says_of_the_training_samples(plan, graph, configure, tmp_path):
    config = configure(fit={**FIT, "class_weight": "balanced"}, plan=plan)
    events: list[Event] = []
    history = train(graph, config, tmp_path, Reporter(events.append)).history
    (rows,) = load_run_data(config.data, build_model(graph, "model")).splits
    labels = load_dataset(NAME).targets["kind"][rows.training]
    weights = dict(enumerate(compute_class_weight("balanced", classes=np.arange(3), y=labels)))
    theirs = fit_with_keras(graph, config, class_weight=weights)
    for name, values in theirs.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, err_msg=name)
    (line,) = [event.message for event in events if isinstance(event, LogEvent) and "balanced" in event.message]
    assert f"2: {weights[2]:.4g}" in line
    (setup,) = [event for event in events if isinstance(event, SetupEvent)]
    assert [one.label for one in setup.class_weights] == [0, 1, 2]
    assert [one.name for one in setup.class_weights] == ["well", "ill", "unsure"]
    assert [one.weight for one in setup.class_weights] == pytest.approx(list(weights.values()))


def test_the_setup_names_the_classes_that_somebody_weighs(graph, configure, tmp_path):
    events: list[Event] = []
    train(graph, configure(fit={**FIT, "class_weight": {2: 3.5, 0: 0.5}}), tmp_path, Reporter(events.append))
    (setup,) = [event for event in events if isinstance(event, SetupEvent)]
    assert [(one.label, one.weight) for one in setup.class_weights] == [(0, 0.5), (2, 3.5)]


def test_a_run_that_left_goes_on_exactly_on_the_same_sides(graph, configure, tmp_path):
    config = configure(plan={"mode": "graph", "steps_per_chunk": 1})
    events: list[Event] = []
    script = Script((lambda: steps_done(events) >= 3, SaveCheckpoint()))
    whole = train(graph, config, tmp_path / "whole", Reporter(events.append), commands=script).history
    first = next(event for event in events if isinstance(event, CheckpointEvent))
    again: list[Event] = []
    resumed = train(
        graph, config, tmp_path / "again", Reporter(again.append), resume=tmp_path / "whole" / first.path
    ).history
    assert resumed == whole
    assert not [one for one in again if isinstance(one, LogEvent) and "not what it was" in one.message]

    other: list[Event] = []
    moved = configure({**STRATIFIED, "seed": 1}, plan=config.plan.model_dump())
    train(graph, moved, tmp_path / "other", Reporter(other.append), resume=tmp_path / "whole" / first.path)
    assert [one for one in other if isinstance(one, LogEvent) and "not what it was" in one.message]


def test_each_side_is_evaluated_by_itself(graph, configure, tmp_path):
    config = configure()
    events: list[Event] = []
    train(graph, config, tmp_path, Reporter(events.append))
    last = [event for event in events if isinstance(event, CheckpointEvent)][-1]
    with open_subject(graph, config, tmp_path / last.path) as subject:
        assert {one.split: one.samples for one in subject.sizes} == {"training": 63, "validation": 18, "test": 9}
        assert np.bincount(subject.data["test"].targets[0]).tolist() == [5, 3, 1]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"fit": {**FIT, "validation_split": 0.2}}, "data.split"),
        ({"validation": {"dataset": NAME}}, "data.split"),
        ({"split": {"kind": "grouped", "by": "nobody"}}, "data.split.by"),
        ({"split": {"kind": "stored", "name": "nowhere"}}, "data.split.name"),
        (
            {"split": None, "targets": {"answer": "height"}, "fit": {**FIT, "class_weight": "balanced"}},
            "fit.class_weight",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_divided_is_not_trained(settings, place, graph, configure, tmp_path):
    with pytest.raises(ConfigError) as error:
        train(graph, configure(**settings), tmp_path)
    assert error.value.issues[0].argument == place
