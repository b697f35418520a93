"""Our own layers in documents: built, and exported so that a plain Keras runs them."""

import subprocess
import sys

import pytest
from pydantic import JsonValue

from engine.graph.document import Graph, Layer, Node
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.python_code import write_python
from tests.engine.models.sketch import Sketch

LAYERS: dict[str, dict[str, JsonValue]] = {
    "Highway": {"activation": "relu", "kernel_regularizer": "l2"},
    "MaxoutDense": {"units": 3},
    "LocallyConnected1D": {"filters": 3, "kernel_size": 2},
    "SReLU": {},
    "ThresholdedReLU": {"theta": 0.5},
}


def make_graph() -> Graph:
    """All of ours for sequences one after the other, one of them inside a wrapper."""
    sketch = Sketch()
    before = sketch.add("x", "InputLayer", shape=[5, 4])
    for class_name, config in LAYERS.items():
        sketch.graph.layers.append(Layer(id=class_name, class_name=class_name, package="layerloom", config=config))
        sketch.graph.nodes.append(Node(id=class_name, layer=class_name))
        sketch.connect(before, class_name)
        before = class_name
    sketch.add("each", "TimeDistributed", before, layer={"class_name": "Highway", "config": {}})
    return sketch.graph


def test_they_are_checked_and_built() -> None:
    checked = GraphChecker().check(make_graph())

    assert checked.issues == []
    assert checked.nodes["each"].outputs[0].shape == [None, 4, 3]
    assert build_model(make_graph()).count_params() == checked.parameters


def test_exported_python_brings_their_source_and_needs_keras_alone() -> None:
    source = write_python(make_graph(), "own")
    program = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('engine', 'server'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"namespace = {{'__name__': 'exported'}}\nexec({source!r}, namespace)\n"
        "print(namespace['build_model']().count_params())"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)

    assert int(done.stdout.split()[-1]) == GraphChecker().check(make_graph()).parameters
    assert source.count("class LocallyConnected(") == 1
    assert source.count("class Highway(") == 1


@pytest.mark.parametrize("name", ["Highwy", "Expresion"])
def test_an_unknown_one_gets_a_suggestion(name: str) -> None:
    graph = make_graph()
    graph.layers[1].class_name = name

    issues = [issue for issue in GraphChecker().check(graph).issues if issue.code == "unknown_layer_class"]

    assert issues
    assert "Did you mean" in (issues[0].hint or "")
