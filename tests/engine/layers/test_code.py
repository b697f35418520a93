"""Layers in Python: only where allowed; built, trained and saved like Keras's own; faults named by their line."""

import sys

import keras
import numpy as np
import pytest

from engine.graph.document import Graph
from engine.layers import code as layer_code
from engine.layers.code import CodeError, load_code_class
from engine.models.builder import build_model
from engine.models.check import GraphChecker

SCALE = """import keras

class Scale(keras.layers.Layer):
    def __init__(self, start=2.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.factor * self.start

    def get_config(self):
        return {**super().get_config(), "start": self.start}
"""


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setattr(layer_code._Switch, "allowed", True)


def make_graph(code, class_name="Scale", config=None):
    layers = [
        {"id": "in", "class_name": "InputLayer", "config": {"shape": [3]}},
        {"id": "own", "class_name": class_name, "package": "code", "code": code, "config": config or {}},
        {"id": "after", "class_name": "Dense", "config": {"units": 2}},
        {"id": "beside", "class_name": "Dense", "config": {"units": 4}},
    ]
    edges = [("in", "own"), ("own", "after"), ("in", "beside")]
    return Graph.model_validate(
        {
            "layers": layers,
            "nodes": [{"id": layer["id"], "layer": layer["id"]} for layer in layers],
            "edges": [{"id": f"{a}_{b}", "source": a, "target": b} for a, b in edges],
        }
    )


def find_issue(code, class_name="Scale", config=None):
    result = GraphChecker().check(make_graph(code, class_name, config))
    (issue,) = result.issues
    assert (issue.node, issue.severity) == ("own", "error")
    assert set(result.nodes) == {"in", "beside"}
    return issue


def test_without_permission_the_node_says_so_and_nothing_runs(tmp_path):
    marker = tmp_path / "ran"
    issue = find_issue(f"open({str(marker)!r}, 'w')\n{SCALE}")
    assert issue.code == "code_not_allowed"
    assert "--allow-code" in str(issue.hint)
    assert not marker.exists()


@pytest.mark.usefixtures("allowed")
def test_with_permission_the_layer_is_checked_built_saved_and_loaded(tmp_path):
    graph = make_graph(SCALE, config={"start": 3.0})
    result = GraphChecker().check(graph)
    assert result.ok
    assert result.nodes["own"].outputs[0].shape == [None, 3]
    assert result.layers["own"].parameters == 3
    model = build_model(graph)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = np.ones((2, 3))
    for mine, theirs in zip(loaded.predict(x, verbose=0), model.predict(x, verbose=0), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert loaded.get_layer("own").get_config()["start"] == 3.0


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("change", "code", "line", "words"),
    [
        (("def call", "def call("), "invalid_code", 11, "At line 11"),
        (("class Scale", "class Other"), "invalid_code", None, "it defines Other"),
        (("(keras.layers.Layer)", ""), "invalid_code", None, "is no layer"),
        (("import keras", "import keras\n1 / 0"), "code_failed", 2, "ZeroDivisionError"),
        (("import keras", "import nothing_of_this_name"), "code_failed", 1, "ModuleNotFoundError"),
        (("self.start = start", "raise ValueError('no start')"), "code_failed", 6, "no start"),
        (('initializer="ones"', 'initializer="none of them"'), "code_failed", 9, "none of them"),
        (("x * self.factor", "x * self.missing"), "code_failed", 12, "missing"),
        (("x * self.factor", "keras.ops.matmul(x, keras.ops.ones((7, 7)))"), "code_failed", 12, "matmul|dimension"),
        (("import keras", "import keras\x00"), "invalid_code", None, "null bytes|source code"),
    ],
)
def test_faults_in_the_code_become_issues_with_their_line(change, code, line, words):
    old, new = change
    issue = find_issue(SCALE.replace(old, new, 1))
    assert issue.code == code
    assert issue.argument == "code"
    if line is not None:
        assert f"line {line} " in issue.message
    assert any(word.lower() in issue.message.lower() for word in words.split("|")), issue.message


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("code", [None, "", "  \n"])
def test_a_layer_without_code_says_so(code):
    assert find_issue(code).code == "missing_code"


@pytest.mark.usefixtures("allowed")
def test_an_argument_that_the_class_has_not_is_told_like_that_of_any_layer():
    issue = find_issue(SCALE, config={"stort": 1})
    assert (issue.code, issue.argument) == ("unknown_argument", "stort")


@pytest.mark.usefixtures("allowed")
def test_the_same_source_is_run_once():
    first = load_code_class("Scale", SCALE)
    assert load_code_class("Scale", SCALE) is first
    assert load_code_class("Scale", SCALE + "\n# changed") is not first
    assert load_code_class("Scale", SCALE) is first
    assert keras.saving.get_registered_object("code>Scale") is first


def test_the_server_has_no_way_to_run_it():
    with pytest.raises(CodeError) as caught:
        load_code_class("Scale", SCALE)
    assert caught.value.code == "code_not_allowed"
    assert not any(name.startswith("layerloom_code_never") for name in sys.modules)
