"""Exported Python trains as Layerloom does: same data, same settings, same History."""

import ast
import builtins
import inspect
from pathlib import Path

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.data.code import read_loader_code
from engine.data.datasets import SOURCES, find_source
from engine.graph.document import Graph
from engine.models.export import export_model
from engine.models.templates import list_templates
from engine.training.config import RunConfig
from engine.training.exported_data import make_data_finder
from engine.training.loop import train
from tests.engine.models.sketch import Sketch

TEMPLATES = {template.id: template for template in list_templates()}
SOME_TEMPLATES = ("diabetes_regression", "digits_cnn", "sequence_to_sequence", "two_branches", "video", "autoencoder")
"""Regression, dropout, several inputs, a nested model, an input as the target."""


def write(graph: Graph, config: RunConfig) -> str:
    training = config.model_dump(mode="json")
    return export_model(graph, "python", "m", training, find_data=make_data_finder(config.data)).content.decode()


def run_exported(code: str) -> dict[str, list[float]]:
    """The History of what the file does when it is run."""
    scope: dict[str, object] = {"__name__": "__main__"}
    before = keras.config.dtype_policy()
    try:
        exec(compile(code, "exported.py", "exec"), scope)
    finally:
        keras.config.set_dtype_policy(before)
    history = scope["history"]
    assert isinstance(history, keras.callbacks.History)
    found: dict[str, list[float]] = history.history
    return found


def assert_same_history(graph: Graph, config: RunConfig, folder: Path) -> str:
    code = write(graph, config)
    expected = train(graph, config, folder / "run").history
    found = run_exported(code)
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)
    return code


@pytest.mark.parametrize("shuffle", [True, False], ids=["shuffled", "in order"])
@pytest.mark.parametrize("name", SOME_TEMPLATES)
def test_the_history_of_an_exported_template_is_the_one_of_its_training(name: str, shuffle: bool, tmp_path: Path):
    template = TEMPLATES[name]
    config = RunConfig.model_validate(template.training)
    few = {"epochs": 2, "steps_per_epoch": 3, "validation_steps": 1, "shuffle": shuffle}
    config.fit = config.fit.model_copy(update=few)

    assert_same_history(template.graph, config, tmp_path)


DECAY: JsonValue = {
    "class_name": "ExponentialDecay",
    "config": {"initial_learning_rate": 0.01, "decay_steps": 5, "decay_rate": 0.5},
}
SCALED: JsonValue = {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": "sgd"}}
ADAM: JsonValue = {
    "class_name": "adam",
    "config": {
        "learning_rate": DECAY,
        "weight_decay": 0.01,
        "clipnorm": 1.0,
        "use_ema": True,
        "ema_overwrite_frequency": 3,
        "gradient_accumulation_steps": 2,
    },
}
FORMULA_LOSS: JsonValue = {
    "class_name": "ExpressionLoss",
    "config": {"expression": "mean(square(one_hot(cast(y_true, 'int32'), 10) - y_pred), axis=-1)", "reduction": "sum"},
}
FORMULA_METRIC: JsonValue = {
    "class_name": "ExpressionMetric",
    "config": {"expression": "max(y_pred, axis=-1)", "name": "Top share"},
}
TOP_2: JsonValue = {"class_name": "SparseTopKCategoricalAccuracy", "config": {"k": 2, "name": "top_2"}}
CALLBACKS: JsonValue = [
    {"class_name": "EarlyStopping", "config": {"monitor": "loss", "patience": 1, "restore_best_weights": True}},
    {"class_name": "ModelCheckpoint", "config": {"filepath": "models/best.keras", "monitor": "loss"}},
    {"class_name": "CSVLogger", "config": {"filename": "logs/epochs.csv"}},
    {"class_name": "LearningRateScheduler", "config": {"schedule": "lr * exp(-0.1) if epoch > 1 else lr"}},
]
SETTINGS: dict[str, dict[str, JsonValue]] = {
    "an optimizer with everything": {"compile": {"optimizer": ADAM, "loss": "sparse_categorical_crossentropy"}},
    "an optimizer in an optimizer": {"compile": {"optimizer": SCALED, "loss": "SparseCategoricalCrossentropy"}},
    "formulas": {"compile": {"loss": FORMULA_LOSS, "metrics": [FORMULA_METRIC, "sparse_categorical_accuracy"]}},
    "metrics of all kinds": {
        "compile": {
            "loss": {"digit": {"class_name": "SparseCategoricalCrossentropy", "config": {"ignore_class": 3}}},
            "metrics": {"digit": ["acc", TOP_2, "SparseCategoricalAccuracy"]},
            "weighted_metrics": ["accuracy"],
        }
    },
    "class weights": {"fit": {"epochs": 2, "class_weight": {"0": 1.0, "3": 2.5, "9": 0.0}, "validation_freq": 2}},
    "callbacks": {"callbacks": CALLBACKS},
    "mixed precision": {"precision": "mixed_bfloat16"},
    "double precision": {"precision": "float64", "compile": {"loss": FORMULA_LOSS, "metrics": [FORMULA_METRIC]}},
    "the last two epochs": {"fit": {"epochs": 4, "initial_epoch": 2, "shuffle": False, "batch_size": 100}},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_kind_of_setting_trains_alike(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    sections: dict[str, JsonValue] = {
        "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        "fit": {"epochs": 3, "validation_split": 0.5},
        "data": {"dataset": "digits"},
        "seed": 5,
        **SETTINGS[name],
    }
    config = RunConfig.model_validate(sections)
    config.fit = config.fit.model_copy(update={"steps_per_epoch": 4, "validation_steps": 1})

    code = assert_same_history(TEMPLATES["digits_mlp"].graph, config, tmp_path)

    assert "deserialize" not in code
    assert "keras.Sequential(" in code
    if name == "callbacks":
        assert {path.name for path in tmp_path.iterdir()} == {"models", "logs", "run"}


VALIDATIONS: dict[str, dict[str, JsonValue]] = {
    "weights": {"sample_weights": "species"},
    "the same data": {"validation": {"dataset": "iris"}},
    "both": {"sample_weights": "species", "validation": {"dataset": "iris", "sample_weights": "species"}},
}


@pytest.mark.parametrize("name", VALIDATIONS)
def test_weights_of_samples_and_validation_data_are_exported(name: str, tmp_path: Path):
    sections: dict[str, JsonValue] = {
        "compile": {"loss": "sparse_categorical_crossentropy", "weighted_metrics": ["accuracy"]},
        "fit": {"epochs": 2, "validation_batch_size": 7},
        "data": {"dataset": "iris", **VALIDATIONS[name]},
    }

    code = assert_same_history(TEMPLATES["iris_mlp"].graph, RunConfig.model_validate(sections), tmp_path)

    assert ("sample_weight=sample_weight" in code) == ("sample_weights" in VALIDATIONS[name])
    assert ("validation_data=validation_data" in code) == ("validation" in VALIDATIONS[name])
    assert code.count("def load_iris") == 1


@pytest.mark.parametrize("name", ["mnist_cnn", "reuters_mlp", "boston_housing"])
def test_the_test_part_that_validates_is_exported(name: str, tmp_path: Path):
    template = TEMPLATES[name]
    training = RunConfig.model_validate(template.training).model_dump(mode="json")
    dataset = training["data"]["dataset"]
    training["data"]["validation"] = {"dataset": dataset, "part": "test"}
    training["fit"] |= {"epochs": 1, "steps_per_epoch": 2, "validation_split": 0, "validation_steps": 2}
    config = RunConfig.model_validate(training)
    code = write(template.graph, config)
    assert f"load_{dataset}_test(" in code
    if not find_source(dataset).summarize().available:
        pytest.skip(f"{dataset} is not in Keras's cache")

    assert_same_history(template.graph, config, tmp_path)


@pytest.mark.parametrize(
    ("outputs", "setting"),
    [
        ("by name", {"loss_weights": {"topic": 1.0, "auxiliary": 0.2}}),
        ("by position", {"loss": ["mse", "mae"], "metrics": [["mae", "mse"], "mae"], "loss_weights": [0.5, 1.0]}),
    ],
)
def test_settings_of_several_outputs_train_alike(outputs: str, setting: dict[str, JsonValue], tmp_path: Path):
    del outputs
    graph = make_two_outputs()
    named: dict[str, JsonValue] = {"topic": "mse", "auxiliary": {"class_name": "Huber", "config": {"delta": 0.5}}}
    config = RunConfig.model_validate(
        {
            "compile": {"loss": named, "metrics": {"auxiliary": ["mae"]}, **setting},
            "fit": {"epochs": 2, "steps_per_epoch": 3},
            "data": {"dataset": "diabetes", "targets": {"topic": "progression", "auxiliary": "progression"}},
        }
    )

    code = assert_same_history(graph, config, tmp_path)

    assert 'y = [arrays["progression"], arrays["progression"]]' in code


def test_a_graph_that_is_a_sequential_trains_alike_by_the_name_of_its_output(tmp_path: Path):
    graph = TEMPLATES["iris_mlp"].graph.model_copy(update={"class_name": "Sequential"})
    training = TEMPLATES["iris_mlp"].training
    output = graph.layers[-1].keras_name
    compiled: JsonValue = {
        "loss": {output: "sparse_categorical_crossentropy"},
        "metrics": {output: "accuracy"},
        "loss_weights": {output: 0.5},
    }
    config = RunConfig.model_validate({**training, "compile": compiled, "fit": {"epochs": 2}})

    assert_same_history(graph, config, tmp_path)


def make_two_outputs() -> Graph:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[10])
    sketch.add("hidden", "Dense", "x", units=4)
    sketch.add("topic", "Dense", "hidden", units=1)
    sketch.add("auxiliary", "Dense", "x", units=1)
    return sketch.graph


def test_settings_that_do_not_fit_leave_the_data_out_and_say_why():
    config = RunConfig.model_validate({"compile": {"loss": "mse"}, "data": {"dataset": "digits_halves"}})

    code = write(TEMPLATES["digits_mlp"].graph, config)

    assert "def train_model" in code
    assert "load_data" not in code
    assert "The model has 1 input(s)" in " ".join(code.split())


def test_weights_that_a_training_starts_with_are_told_of():
    config = RunConfig.model_validate({"compile": {"loss": "mse"}, "data": {"dataset": "iris"}, "weights": "a" * 64})

    assert "load_weights" in write(TEMPLATES["iris_mlp"].graph, config)


@pytest.mark.parametrize("name", SOURCES)
def test_a_loader_takes_the_defaults_of_its_data_set_and_its_code_stands_alone(name: str):
    source = SOURCES[name]
    defaults = {key: field.default for key, field in type(source.check_arguments({})).model_fields.items()}
    code = read_loader_code(source.load)
    scope: dict[str, object] = {}

    exec("\n\n".join([*code.imports, *code.definitions]), scope)

    own = {key: one.default for key, one in inspect.signature(source.load).parameters.items() if key in defaults}
    assert own == {key: defaults[key] for key in own}
    assert callable(scope[code.function])
    for text in code.definitions:
        used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        locals_and_globals = {*scope, *vars(builtins), *_list_locals(text)}
        assert used <= locals_and_globals
    assert "engine" not in "".join(code.definitions) + "".join(code.imports)


def _list_locals(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.arg for node in nodes if isinstance(node, ast.arg)}
