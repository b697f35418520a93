"""Exported code for formulas and for layers in Python: plain Keras runs it, and it computes the same."""

import subprocess
import sys
from itertools import pairwise

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.layers import code as layer_code
from engine.layers.expressions.losses import ExpressionLoss, ExpressionMetric
from engine.models.builder import build_model
from engine.models.python_code import write_python

FORMULAS = [
    "x * sigmoid(x)",
    "-x + 2 * (x - 1) / 3",
    "x if x > 0.5 else exp(x) - 1",
    "0.25 < x < 0.75 and not x == 0.5",
    "concatenate([x, ones_like(x) * 0.5], axis=-1)",
    "ones((3,)) * 2 + x",
    "0.5 * cast(x * 10, 'int32')",
    "x[:, 1:] @ ones((2, 4))",
    "sin(pi * x) ** 2 % 1",
    "minimum(x, inf) // 0.3",
    "softmax(x, axis=-1)[:, ::-1]",
    "+x",
]


def make_graph(formula, *, name="gate", after=True, variables=("x",)):
    layers = [
        {"id": "in", "class_name": "InputLayer", "config": {"shape": [3]}},
        {
            "id": "f",
            "name": name,
            "class_name": "Expression",
            "package": "layerloom",
            "config": {"expression": formula, "variables": list(variables)},
        },
        {"id": "flat", "class_name": "Flatten"},
    ][: 3 if after else 2]
    chain = [layer["id"] for layer in layers]
    edges = [{"id": f"e_{a}", "source": a, "target": b} for a, b in pairwise(chain)]
    return Graph.model_validate(
        {"layers": layers, "nodes": [{"id": one, "layer": one} for one in chain], "edges": edges}
    )


def run(code, names=("build_model",)):
    scope = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), scope)
    return [scope[name] for name in names]


@pytest.mark.parametrize("after", [True, False], ids=["inside", "as output"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_an_exported_formula_computes_what_the_layer_computes(formula, after):
    graph = make_graph(formula, after=after)
    code = write_python(graph, "m")
    x = np.random.default_rng(0).random((5, 3), "float32")
    (build,) = run(code)
    made = build()
    expected = build_model(graph).predict(x, verbose=0)
    np.testing.assert_allclose(made.predict(x, verbose=0), expected, rtol=1e-5, atol=1e-6)
    assert "layerloom" not in code.replace("by Layerloom", "")
    if not after:
        assert made.output_names == ["gate"]


def test_a_formula_reads_as_a_person_would_write_it():
    code = write_python(make_graph("x * sigmoid(x)"), "m")
    assert "keras.ops.sigmoid(" in code
    assert "Expression" not in code


METRICS: list[JsonValue] = [
    {"class_name": "ExpressionMetric", "config": {"expression": "abs(y_true - y_pred)", "name": "distance"}},
    "mae",
]
TRAINING: dict[str, JsonValue] = {
    "compile": {
        "optimizer": "adam",
        "loss": {
            "class_name": "ExpressionLoss",
            "config": {"expression": "mean(square(y_true - y_pred) * 2, axis=-1)"},
        },
        "metrics": METRICS,
    },
    "fit": {"epochs": 2, "batch_size": 4, "shuffle": False},
    "callbacks": [{"class_name": "LearningRateScheduler", "config": {"schedule": "lr * exp(-0.5) if epoch else lr"}}],
    "data": {"dataset": "numbers"},
    "seed": 3,
}


def make_dense_graph():
    layers = [
        {"id": "in", "class_name": "InputLayer", "config": {"shape": [3]}},
        {"id": "d", "class_name": "Dense", "config": {"units": 1}},
    ]
    return Graph.model_validate(
        {
            "layers": layers,
            "nodes": [{"id": "in", "layer": "in"}, {"id": "d", "layer": "d"}],
            "edges": [{"id": "e", "source": "in", "target": "d"}],
        }
    )


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum"])
def test_exported_losses_metrics_and_schedules_train_alike(reduction):
    loss: JsonValue = {
        "class_name": "ExpressionLoss",
        "config": {"expression": "mean(square(y_true - y_pred) * 2, axis=-1)", "reduction": reduction},
    }
    training: dict[str, JsonValue] = {**TRAINING, "compile": {"optimizer": "adam", "loss": loss, "metrics": METRICS}}
    code = write_python(make_dense_graph(), "m", training)
    build, train_model = run(code, ("build_model", "train_model"))
    rng = np.random.default_rng(1)
    x, y = rng.random((12, 3), "float32"), rng.integers(0, 5, 12)
    keras.utils.set_random_seed(3)
    exported = train_model(build(), x, y).history

    keras.utils.set_random_seed(3)
    model = build()
    keras.utils.set_random_seed(3)
    model.compile(
        "adam",
        ExpressionLoss("mean(square(y_true - y_pred) * 2, axis=-1)", reduction=reduction),
        metrics=[ExpressionMetric("abs(y_true - y_pred)", name="distance"), "mae"],
    )
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, lr: float(lr * np.exp(-0.5)) if epoch else lr)
    ours = model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0, callbacks=[schedule]).history
    assert set(exported) == set(ours)
    for name, values in ours.items():
        np.testing.assert_allclose(exported[name], values, rtol=1e-4, err_msg=name)
    assert "lambda epoch, lr:" in code


SCALE = '''import keras


class Scale(keras.layers.Layer):
    """Multiplies by one learned number."""  # a comment that stays

    def __init__(self, start=2.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        self.factor = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.start))

    def call(self, x):
        return x * self.factor

    def get_config(self):
        return {**super().get_config(), "start": self.start}
'''


def make_code_graph(code=SCALE, class_name="Scale", copies=1):
    layers = [{"id": "in", "class_name": "InputLayer", "config": {"shape": [3]}}]
    layers += [
        {"id": f"s{i}", "class_name": class_name, "package": "code", "code": code, "config": {"start": 3.0 + i}}
        for i in range(copies)
    ]
    chain = [layer["id"] for layer in layers]
    return Graph.model_validate(
        {
            "layers": layers,
            "nodes": [{"id": one, "layer": one} for one in chain],
            "edges": [{"id": f"e_{a}", "source": a, "target": b} for a, b in pairwise(chain)],
        }
    )


def test_exported_code_brings_the_classes_of_its_layers(monkeypatch, tmp_path):
    monkeypatch.setattr(layer_code._Switch, "allowed", True)
    code = write_python(make_code_graph(copies=2), "m")
    assert code.count("class Scale(") == 1
    assert "# a comment that stays" in code
    file = tmp_path / "exported.py"
    file.write_text(code)
    script = "import exported, numpy as np; print(exported.build_model().predict(np.ones((1, 3)), verbose=0).tolist())"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=150)
    assert done.stdout.strip() == "[[12.0, 12.0, 12.0]]", done.stderr


def test_two_versions_of_one_class_cannot_stand_in_one_file(monkeypatch):
    monkeypatch.setattr(layer_code._Switch, "allowed", True)
    graph = make_code_graph(copies=2)
    graph.layers[2].code = SCALE.replace("x * self", "x + self")
    with pytest.raises(EngineError) as caught:
        write_python(graph, "m")
    assert caught.value.code == "class_defined_twice"
