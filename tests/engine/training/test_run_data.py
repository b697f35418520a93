"""Weights of samples and validation data, from a run's config to what Keras's `fit` makes of the same arrays."""

import keras
import numpy as np
import pytest

from engine.data.datasets import load_dataset
from engine.errors import ConfigError
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.events import Event, SetupEvent
from engine.training.loop import train
from engine.training.reporting import Reporter
from tests.engine.training.conftest import MakeConfig
from tests.engine.training.mending import find_issue, mend
from tests.engine.training.weighed_data import NAME, draw_points, install

FIT = {"epochs": 2, "batch_size": 16}
TARGETS = {"answer": "kind"}


@pytest.fixture(autouse=True)
def weighed_points(monkeypatch):
    install(monkeypatch)


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


@pytest.fixture
def graph(make_graph):
    return make_graph((4,), 3)


@pytest.fixture
def configure(make_config: MakeConfig):
    """A config for the points; keyword arguments are settings of its data."""

    def configure(fit=FIT, **data) -> RunConfig:
        return make_config(fit=fit, data={"dataset": NAME, "targets": TARGETS, **data})

    return configure


def fit_with_keras(graph, **arguments):
    keras.utils.set_random_seed(7)
    model = build_model(graph, "model")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    points = draw_points(60, 1, 4)
    return model.fit(points["point"], points["kind"], verbose=0, **FIT, **arguments).history


TEST = draw_points(20, 2, 4)


@pytest.mark.parametrize("plan", ["auto", "fit"])
@pytest.mark.parametrize("weighs_validation", [False, True], ids=["all count", "weighed"])
def test_samples_are_weighed_and_validated_on_the_test_part_as_in_fit(
    plan, weighs_validation, graph, configure, tmp_path
):
    named = {"sample_weights": "weight"} if weighs_validation else {}
    config = configure(sample_weights="weight", validation={"dataset": NAME, "part": "test", **named})
    events: list[Event] = []

    history = train(graph, config.model_copy(update={"plan": plan}), tmp_path, Reporter(events.append)).history

    weights = [TEST["weight"]] if weighs_validation else []
    theirs = fit_with_keras(
        graph,
        sample_weight=draw_points(60, 1, 4)["weight"],
        validation_data=(TEST["point"], TEST["kind"], *weights),
    )
    assert list(history) == list(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, err_msg=name)
    (setup,) = [event for event in events if isinstance(event, SetupEvent)]
    assert (setup.samples, setup.validation_samples) == (60, 20)


def test_another_data_set_of_the_same_form_validates(graph, make_config, tmp_path):
    config = make_config(fit=FIT, data={"dataset": NAME, "targets": TARGETS, "validation": {"dataset": "iris"}})

    history = train(graph, config, tmp_path).history

    iris = load_dataset("iris")
    data = (iris.inputs["features"], iris.targets["species"])
    assert history["val_loss"] == pytest.approx(fit_with_keras(graph, validation_data=data)["val_loss"], rel=1e-5)


def test_the_check_says_on_how_many_samples_is_validated_and_lets_callbacks_watch_them(
    checker, graph, configure, make_config
):
    early = {"class_name": "EarlyStopping", "config": {"monitor": "val_loss"}}
    validated = configure(validation={"dataset": NAME, "part": "test"}).model_dump(mode="json")

    result = check_compile(checker, graph, RunConfig.model_validate({**validated, "callbacks": [early]}))

    assert (result.ok, result.issues, result.samples, result.validation_samples) == (True, [], 60, 20)


@pytest.mark.parametrize(
    ("data", "code", "argument", "said"),
    [
        ({"sample_weights": "nothing"}, "unknown_array", "data.sample_weights", "expected one of point, kind"),
        ({"sample_weights": "point"}, "invalid_sample_weights", "data.sample_weights", "has [4] numbers per sample"),
        ({"sample_weights": "word"}, "invalid_sample_weights", "data.sample_weights", "'word' of the data set"),
        ({"sample_weights": "holes"}, "invalid_sample_weights", "data.sample_weights", "3 of 60 values"),
        ({"sample_weights": "below_zero"}, "invalid_sample_weights", "data.sample_weights", "negative numbers"),
        ({"validation": {"dataset": "nothing"}}, "unknown_dataset", "data.validation.dataset", "no data set 'nothing'"),
        (
            {"validation": {"dataset": "iris", "part": "test"}},
            "no_such_part", "data.validation.part", "'iris' has no test part; expected one of mnist",
        ),
        (
            {"validation": {"dataset": NAME, "part": "test", "arguments": {"test_samples": 0}}},
            "no_such_part", "data.validation.part", "no samples in its test part",
        ),
        (
            {"validation": {"dataset": NAME, "arguments": {"size": 3}}},
            "invalid_dataset_argument", "data.validation.arguments.size", "'size'",
        ),
        (
            {"validation": {"dataset": NAME, "sample_weights": "weights"}},
            "unknown_array", "data.validation.sample_weights", "no array 'weights'",
        ),
        (
            {"validation": {"dataset": NAME, "targets": {"answer": "kid"}}},
            "unknown_array", "data.validation.targets.answer", "no array 'kid'",
        ),
        (
            {"validation": {"dataset": "digits"}},
            "validation_does_not_fit", "data.validation.inputs.features", "shape [8, 8, 1] (float32); expected [4]",
        ),
        (
            {"validation": {"dataset": NAME, "targets": {"answer": "word"}}},
            "target_is_text", "data.validation.targets.answer", "expected numbers",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_check_and_training(data, code, argument, said, checker, graph, configure, tmp_path):
    config = configure(**data)

    result = check_compile(checker, graph, config)

    issue = find_issue(result, code)
    assert (result.ok, issue.argument) == (False, argument)
    assert said in issue.message
    with pytest.raises(ConfigError) as error:
        train(graph, config, tmp_path)
    assert [(one.code, one.argument) for one in error.value.issues] == [(code, argument)]


@pytest.mark.parametrize(
    ("fit", "data", "code", "argument", "named"),
    [
        (
            {"validation_split": 0.2}, {"validation": {"dataset": NAME, "part": "test"}},
            "two_kinds_of_validation", "data.validation", ("data.validation", "fit.validation_split"),
        ),
        (
            {"class_weight": {"0": 2.0}}, {"sample_weights": "weight"},
            "two_kinds_of_weights", "fit.class_weight", ("data.sample_weights", "fit.class_weight"),
        ),
    ],
)  # fmt: skip
def test_settings_that_exclude_each_other_are_both_named(
    fit, data, code, argument, named, checker, graph, configure, tmp_path
):
    config = configure(fit={**FIT, **fit}, **data)

    issue = find_issue(check_compile(checker, graph, config), code)

    assert issue.argument == argument
    assert all(name in issue.message for name in named)
    with pytest.raises(ConfigError, match=named[0]):
        train(graph, config, tmp_path)


@pytest.mark.parametrize(
    ("fit", "data", "code", "labels"),
    [
        (
            {"validation_split": 0.2}, {"validation": {"dataset": NAME, "part": "test"}}, "two_kinds_of_validation",
            ["Set fit.validation_split to 0", "Leave data.validation out"],
        ),
        (
            {"class_weight": {"0": 2.0}}, {"sample_weights": "weight"}, "two_kinds_of_weights",
            ["Leave fit.class_weight out", "Leave data.sample_weights out"],
        ),
    ],
)  # fmt: skip
def test_either_of_two_settings_that_exclude_each_other_can_be_left_out(
    fit, data, code, labels, checker, graph, configure, tmp_path
):
    config = configure(fit={**FIT, **fit}, **data)

    assert mend(checker, graph, config, code, tmp_path)[1] == labels


def test_validation_targets_that_the_loss_refuses_are_found_before_training(checker, graph, configure):
    config = configure(validation={"dataset": NAME, "targets": {"answer": "far_kind"}})

    result = check_compile(checker, graph, config)

    issue = find_issue(result, "validation_does_not_fit")
    assert (result.ok, issue.argument) == (False, "data.validation.targets")


def test_missing_numbers_in_the_validation_data_are_counted(checker, make_graph, configure, make_config):
    config = make_config(
        compile={"loss": "mse"},
        fit=FIT,
        data={
            "dataset": NAME,
            "targets": {"answer": "weight"},
            "validation": {"dataset": NAME, "part": "test", "targets": {"answer": "holes"}},
        },
    )

    result = check_compile(checker, make_graph((4,), 1, None), config)

    issue = find_issue(result, "missing_numbers")
    assert (issue.severity, issue.argument) == ("warning", "data.validation.targets.answer")
    assert "3 of 20 values" in issue.message


def test_a_callback_object_is_called_besides_those_of_the_config(graph, configure, tmp_path):
    class Counter(keras.callbacks.Callback):
        epochs = 0
        batches = 0

        def on_epoch_end(self, epoch, logs=None):
            self.epochs += 1

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1

    counter = Counter()
    config = configure().model_dump(mode="json")
    config["callbacks"] = [{"class_name": "CSVLogger", "config": {"filename": "log.csv"}}]

    train(graph, RunConfig.model_validate(config), tmp_path, callbacks=[counter])

    assert (counter.epochs, counter.batches) == (2, 8)
    assert (tmp_path / "callbacks" / "log.csv").exists()
