"""Steps on data, from a run's config to what Keras's `fit` makes of the same arrays."""

import keras
import numpy as np
import pytest

from engine.data.steps.loading import load_stepped
from engine.errors import ConfigError
from engine.evaluation.evaluate import evaluate
from engine.evaluation.results import EvaluateRequest
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.export import export_model
from engine.models.weights import get_weights, write_weights
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.exported_data import make_data_finder
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.run_data import load_run_data
from tests.engine.training.conftest import MakeConfig
from tests.engine.training.weighed_data import NAME, draw_points, install

FIT = {"epochs": 2, "batch_size": 16}
STEPS = [
    {"function": "normalize", "array": "point", "arguments": {"order": 1}},
    {"function": "to_categorical", "array": "kind", "name": "row"},
]
COMPILE = {"loss": "categorical_crossentropy", "metrics": ["accuracy"]}
TARGETS = {"answer": "row"}


@pytest.fixture(autouse=True)
def weighed_points(monkeypatch):
    install(monkeypatch)


@pytest.fixture
def graph(make_graph):
    return make_graph((4,), 3)


@pytest.fixture
def configure(make_config: MakeConfig):
    """A config for the points; keyword arguments are settings of its data."""

    def configure(fit=FIT, **data) -> RunConfig:
        settings = {"dataset": NAME, "steps": STEPS, "targets": TARGETS, **data}
        return make_config(compile=COMPILE, fit=fit, data=settings)

    return configure


@pytest.mark.parametrize("plan", ["auto", "fit"])
def test_a_model_trains_on_what_the_steps_make_as_fit_does(plan, graph, configure, tmp_path):
    config = configure(validation={"dataset": NAME, "part": "test"}).model_copy(update={"plan": plan})

    history = train(graph, config, tmp_path, Reporter(lambda _: None)).history

    keras.utils.set_random_seed(7)
    model = build_model(graph, "model")
    model.compile(optimizer="adam", **COMPILE)
    (x, y), validation = (
        (keras.utils.normalize(one["point"], order=1), keras.utils.to_categorical(one["kind"], 3))
        for one in (draw_points(60, 1, 4), draw_points(20, 2, 4))
    )
    theirs = model.fit(x, y, validation_data=validation, verbose=0, **FIT).history
    assert list(history) == list(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, err_msg=name)


def test_the_check_sees_the_shapes_that_the_steps_leave(graph, configure, make_graph):
    checker = GraphChecker()

    assert check_compile(checker, graph, configure()).ok
    result = check_compile(checker, make_graph((4,), 5), configure())

    assert not result.ok
    assert any("3" in issue.message for issue in result.issues)


def test_a_step_that_does_not_fit_is_an_issue_at_its_place(graph, configure):
    wrong = [STEPS[0], {"function": "to_categorical", "array": "kind", "arguments": {"num_classes": 2}, "name": "row"}]

    result = check_compile(GraphChecker(), graph, configure(steps=wrong))

    (issue,) = [one for one in result.issues if one.severity == "error"]
    assert issue.argument == "data.steps.1.arguments.num_classes"
    assert "labels from 0 to 2" in issue.message


def test_steps_of_validation_data_are_those_of_training_unless_it_has_its_own(graph, configure):
    model = build_model(graph, "model")
    own = [STEPS[0], {"function": "to_categorical", "array": "far_kind", "name": "row"}]
    wrong = [{"function": "normalize", "array": "line"}]

    taken = load_run_data(configure(validation={"dataset": NAME, "part": "test"}).data, model)
    assert taken.validation is not None
    assert taken.validation.targets[0].shape == (20, 3)
    with pytest.raises(ConfigError) as far:
        load_run_data(configure(validation={"dataset": NAME, "part": "test", "steps": own}).data, model)
    with pytest.raises(ConfigError) as refusal:
        load_run_data(configure(validation={"dataset": NAME, "steps": wrong}).data, model)

    assert far.value.issues[0].code == "validation_does_not_fit"
    assert refusal.value.issues[0].argument == "data.validation.steps.0.array"


def test_what_steps_make_is_kept_and_not_made_again(configure):
    data = configure().data

    once, twice = (load_stepped(data.dataset, data.arguments, data.steps) for _ in range(2))

    assert once is twice


def test_a_trained_model_is_evaluated_on_what_the_steps_make(graph, configure, tmp_path):
    model = build_model(graph, "model")
    weights = tmp_path / "weights.npz"
    write_weights(weights, get_weights(model))

    answer = evaluate(graph, configure(), weights, EvaluateRequest(split="test"))

    assert answer.samples == 20
    assert answer.reports[0].kind == "classes"


def test_exported_python_applies_the_steps(graph, configure, make_config):
    steps = [
        {"function": "pad_sequences", "array": "tokens", "arguments": {"maxlen": 50, "truncating": "post"}},
        {"function": "multi_hot", "array": "tokens", "arguments": {"num_tokens": 100}, "name": "words"},
        {"function": "windows", "array": "words", "arguments": {"sequence_length": 3, "horizon": 2}},
        {"function": "to_categorical", "array": "sentiment"},
    ]
    inputs = {"inputs": {"features": "words"}, "arguments": {"num_words": 100}}
    config = make_config(compile=COMPILE, data={"dataset": "imdb", "steps": steps, **inputs})

    code = export_model(
        graph, "python", "model", config.model_dump(mode="json"), find_data=make_data_finder(config.data)
    ).content.decode()

    assert "def make_windows(" in code
    assert 'keras.utils.pad_sequences(arrays["tokens"], maxlen=50, truncating="post")' in code
    assert 'arrays["words"] = mark_words(arrays["tokens"], num_words=100)' in code
    assert 'make_windows(arrays, "words", sequence_length=3, targets="sentiment", horizon=2)' in code
    assert 'keras.utils.to_categorical(arrays["sentiment"], num_classes=2)' in code


def test_exported_steps_make_the_same_arrays(configure, make_config, graph):
    steps = [
        {"function": "windows", "array": "window", "arguments": {"sequence_length": 5, "sequence_stride": 2}},
        {"function": "normalize", "array": "window", "arguments": {"axis": 1}, "name": "scaled"},
    ]
    data = {"dataset": "sine_windows", "arguments": {"samples": 100}, "steps": steps}
    config = make_config(compile={"loss": "mse"}, data={**data, "inputs": {"features": "scaled"}})
    code = export_model(
        graph, "python", "model", config.model_dump(mode="json"), find_data=make_data_finder(config.data)
    ).content.decode()
    module: dict[str, object] = {"__name__": "exported"}

    exec(compile(code, "exported.py", "exec"), module)
    x, y = module["load_data"]()  # type: ignore[operator]

    ours = load_stepped("sine_windows", {"samples": 100}, config.data.steps)
    np.testing.assert_allclose(x, ours.inputs["scaled"], rtol=1e-6)
    np.testing.assert_array_equal(y, ours.targets["next"])
