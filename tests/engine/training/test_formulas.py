"""Formulas in a training: a layer, a loss, a metric and a schedule, through the engine's own loop."""

import keras
import pytest

from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.loop import train

SWISH = {"id": "hidden", "class_name": "Expression", "package": "layerloom", "config": {"expression": "x * sigmoid(x)"}}
LOSS = {
    "class_name": "ExpressionLoss",
    "config": {"expression": "-sum(one_hot(cast(reshape(y_true, (-1,)), 'int32'), 10) * log(y_pred + 1e-7), axis=-1)"},
}
METRIC = {
    "class_name": "ExpressionMetric",
    "config": {"expression": "argmax(y_pred, axis=-1) == cast(reshape(y_true, (-1,)), 'int32')", "name": "right"},
}


def scheduler(schedule):
    return {"class_name": "LearningRateScheduler", "config": {"schedule": schedule}}


@pytest.fixture
def swish_graph(make_graph):
    graph = make_graph().model_dump(mode="json")
    graph["layers"][2] = SWISH
    return type(make_graph()).model_validate(graph)


def test_a_training_with_formulas_everywhere_learns(swish_graph, make_config, tmp_path):
    compile_settings = {"optimizer": "adam", "loss": LOSS, "metrics": [METRIC]}
    config = make_config(compile=compile_settings, callbacks=[scheduler("lr * 0.5 if epoch else lr")])
    result = check_compile(GraphChecker(), swish_graph, config)
    assert result.ok, result.issues
    history = train(swish_graph, config, tmp_path).history
    assert history["loss"][-1] < history["loss"][0]
    assert 0 < history["right"][-1] <= 1
    assert history["learning_rate"] == pytest.approx([0.001, 0.0005])
    files = sorted(tmp_path.rglob("*.keras"))
    assert files
    loaded = keras.models.load_model(files[-1])
    assert loaded.count_params() == build_model(swish_graph).count_params()


def loss(**config):
    return {"loss": {"class_name": "ExpressionLoss", "config": config}}


def metric(**config):
    return {"metrics": [{"class_name": "ExpressionMetric", "config": config}]}


@pytest.mark.parametrize(
    ("settings", "code", "argument"),
    [
        (loss(expression="y_true.x"), "invalid_expression", "compile.loss.expression"),
        (loss(expression=7), "invalid_argument", "compile.loss.expression"),
        (loss(expression=["y_pred"]), "invalid_expression", "compile.loss.expression"),
        (loss(expresion="y_pred"), "unknown_argument", "compile.loss.expresion"),
        (metric(expression="y_tru - y_pred"), "unknown_name", "compile.metrics.0.expression"),
    ],
)
def test_a_wrong_formula_is_told_at_its_setting(make_graph, make_config, settings, code, argument):
    compile_settings = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"} | settings
    result = check_compile(GraphChecker(), make_graph(), make_config(compile=compile_settings))
    assert not result.ok
    assert (code, argument) in [(issue.code, issue.argument) for issue in result.issues]


@pytest.mark.parametrize(
    ("schedule", "code", "words"),
    [
        ("lr -", "invalid_expression", "column 5"),
        ("lr - 0.0006", "invalid_learning_rate", "epoch 1"),
        ("lr / epoch", "division_by_zero", "epoch 0"),
        ("step * 2", "unknown_name", "epoch, lr"),
        (3, "invalid_expression", "received int"),
        (None, "invalid_expression", "received NoneType"),
    ],
)
def test_a_wrong_schedule_is_told_before_training(make_graph, make_config, schedule, code, words):
    result = check_compile(GraphChecker(), make_graph(), make_config(callbacks=[scheduler(schedule)]))
    (issue,) = [issue for issue in result.issues if issue.severity == "error"]
    assert (issue.code, issue.argument) == (code, "callbacks.0.schedule")
    assert words in issue.message


def test_an_optimizer_with_a_schedule_of_its_own_takes_no_other(make_graph, make_config):
    decay = {
        "class_name": "ExponentialDecay",
        "config": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9},
    }
    compile_settings = {
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": decay}},
        "loss": "sparse_categorical_crossentropy",
    }
    result = check_compile(
        GraphChecker(), make_graph(), make_config(compile=compile_settings, callbacks=[scheduler("lr")])
    )
    assert [issue.code for issue in result.issues if issue.severity == "error"] == ["learning_rate_set_twice"]


def test_callbacks_of_python_functions_stay_refused(make_graph, make_config):
    callbacks = [{"class_name": "LambdaCallback", "config": {}}]
    result = check_compile(GraphChecker(), make_graph(), make_config(callbacks=callbacks))
    assert not result.ok
