"""Whatever a person gets wrong in a layer: the issue names node and argument, what was expected and what came."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.models.check import GraphChecker
from tests.engine.models.sketch import Sketch, make_chain

CHECKER = GraphChecker()

Case = tuple[str, dict[str, JsonValue], list[int | None], str, str | None, str]

CASES: list[Case] = [
    ("Nonsense", {}, [8], "unknown_layer_class", "class_name", "has no layer 'Nonsense'"),
    ("Dens", {"units": 3}, [8], "unknown_layer_class", "class_name", "has no layer 'Dens'"),
    ("Lambda", {"function": "x"}, [8], "refused_layer_class", "class_name", "Lambda cannot be used"),
    ("Dense", {}, [8], "missing_argument", "units", "Dense needs the argument 'units'"),
    ("Dense", {"unitz": 3}, [8], "unknown_argument", "unitz", "Dense has no argument 'unitz' (it got 3)"),
    ("Dense", {"units": 3, "speed": 1}, [8], "unknown_argument", "speed", "expected one of units, activation"),
    ("Dense", {"units": 0}, [8], "invalid_argument", "units", "expected a positive integer. Received: units=0"),
    ("Dense", {"units": -4}, [8], "invalid_argument", "units", "expected a positive integer. Received: units=-4"),
    ("Dense", {"units": 2.5}, [8], "invalid_argument", "units", "expected a positive integer. Received: units=2.5"),
    ("Dense", {"units": "ten"}, [8], "invalid_argument", "units", "expected a positive integer. Received: units=ten"),
    ("Dense", {"units": None}, [8], "invalid_argument", "units", "Received: units=None"),
    ("Dense", {"units": math.nan}, [8], "invalid_argument", "units", "Received: units=nan"),
    ("Dense", {"units": 3, "use_bias": "x"}, [8], "invalid_argument", "use_bias", "takes boolean for 'use_bias'"),
    ("Dense", {"units": 3, "activation": "relo"}, [8], "invalid_argument", "activation", "relo"),
    ("Dense", {"units": 3, "activation": "\ud800"}, [8], "invalid_argument", "activation", "\\ud800"),
    ("Dense", {"units": 3, "kernel_initializer": "x"}, [8], "invalid_argument", "kernel_initializer", "'x'"),
    ("Dense", {"units": 3, "dtype": "float31"}, [8], "invalid_argument", "dtype", "float31"),
    ("Dense", {"units": 3, "name": "x"}, [8], "misplaced_argument", "name", "expected it beside the config"),
    ("Dense", {"units": 10**5000}, [8], "unusable_value", None, "holds a value that cannot be used"),
    ("Conv2D", {"filters": "a", "kernel_size": 3}, [8, 8, 1], "invalid_argument", "filters", "expected a number"),
    ("Conv2D", {"filters": 2, "kernel_size": "a"}, [8, 8, 1], "invalid_argument", "kernel_size", "tuple of 2 integers"),
    ("Conv2D", {"filters": 2, "kernel_size": 9}, [8, 8, 1], "invalid_input", None, "size would be zero or negative"),
    ("Conv2D", {"filters": 2, "kernel_size": 3}, [8], "invalid_input", None, "expected min_ndim=4, found ndim=2"),
    ("Dropout", {"rate": "half"}, [8], "invalid_argument", "rate", "rate='half'; expected a number"),
    ("Dropout", {"rate": 2}, [8], "invalid_argument", "rate", "Expected a float value between 0 and 1"),
    ("LSTM", {"units": 3}, [8], "invalid_input", None, "expected ndim=3, found ndim=2"),
    ("Reshape", {"target_shape": [3, 3]}, [8], "invalid_input", "target_shape", "(8,)"),
    ("Bidirectional", {"layer": {"class_name": "Lambda", "config": {}}}, [8], "refused_class", "layer", "Lambda"),
    (
        "TimeDistributed",
        {"layer": {"class_name": "Dense", "config": {"units": 3, "name": "<script>"}}},
        [4, 8],
        "invalid_name",
        "layer",
        "'<script>'",
    ),
    ("StringLookup", {"vocabulary": "/etc/passwd"}, [1], "refused_path", "vocabulary", "'/etc/passwd'"),
]


@pytest.mark.parametrize(("class_name", "config", "shape", "code", "argument", "said"), CASES)
def test_a_bad_layer_is_explained(
    class_name: str, config: dict[str, JsonValue], shape: list[int | None], code: str, argument: str | None, said: str
):
    result = CHECKER.check(make_chain((class_name, config), ("Flatten", {}), shape=shape))

    assert not result.ok
    [issue] = result.issues
    assert (issue.code, issue.node, issue.layer, issue.argument) == (code, "layer_0", "layer_0", argument)
    assert said in issue.message
    assert_readable(issue)


INPUTS: list[tuple[dict[str, JsonValue], str, str | None, str]] = [
    ({}, "invalid_argument", "shape", "You must pass a `shape` argument"),
    ({"shape": [-1]}, "invalid_argument", "shape", "Negative dimensions are not allowed"),
    ({"shape": 5}, "invalid_argument", "shape", "Cannot convert '5' to a shape"),
    ({"shape": [2, "a"]}, "invalid_argument", "shape", "invalid dimension 'a'"),
    ({"shape": [1.5]}, "invalid_argument", "shape", "invalid dimension '1.5'"),
    ({"shape": [10**20]}, "dimension_too_large", None, "10^20"),
    ({"shape": [3], "dtype": "word"}, "invalid_argument", "dtype", "Invalid dtype: word"),
    ({"shape": [3], "batch_shape": [None, 3]}, "invalid_argument", "shape", "cannot pass both"),
    ({"shape": [3], "units": 4}, "unknown_argument", "units", "InputLayer has no argument 'units'"),
]


@pytest.mark.parametrize(("config", "code", "argument", "said"), INPUTS)
def test_a_bad_input_is_explained(config: dict[str, JsonValue], code: str, argument: str | None, said: str):
    graph = make_chain(("Dense", {"units": 3}))
    graph.layers[0].config = config

    [issue] = CHECKER.check(graph).issues

    assert (issue.code, issue.node, issue.argument) == (code, "x", argument)
    assert said in issue.message
    assert_readable(issue)


def test_an_input_may_have_unknown_dimensions_and_a_fixed_batch():
    graph = make_chain(("Dense", {"units": 3}))
    graph.layers[0].config = {"shape": [None, 4], "batch_size": 2}

    assert CHECKER.check(graph).nodes["layer_0"].outputs[0].shape == [2, None, 3]


@pytest.mark.parametrize(
    ("merge", "left", "right", "said"),
    [
        ("Add", [8], [9], "Received shapes (8,) and (9,)"),
        ("Concatenate", [4, 3], [5, 2], "[(None, 4, 3), (None, 5, 2)]"),
        ("Dot", [4], [5], "(None, 4)"),
    ],
)
def test_mismatched_shapes_at_a_merge_say_both_shapes(merge: str, left: list[int], right: list[int], said: str):
    sketch = Sketch()
    sketch.add("left", "InputLayer", shape=[*left])
    sketch.add("right", "InputLayer", shape=[*right])
    sketch.add("merged", merge, ["left", "right"])
    if merge == "Dot":
        sketch.graph.layers[-1].config = {"axes": 1}

    [issue] = CHECKER.check(sketch.graph).issues

    assert (issue.code, issue.node) == ("invalid_input", "merged")
    assert said in issue.message
    assert_readable(issue)


def test_one_tensor_alone_at_a_merge_is_explained():
    [issue] = CHECKER.check(make_chain(("Add", {}))).issues

    assert "should be called on a list of inputs" in issue.message
    assert issue.hint == "Connect all tensors to the same argument of the layer."


def test_an_argument_that_the_call_does_not_have_is_named():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("y", "Dense", "x", keywords={"speed": "x"}, units=2)

    [issue] = CHECKER.check(sketch.graph).issues

    assert (issue.node, issue.argument) == ("y", "speed")


def test_an_argument_of_the_call_that_nothing_is_connected_to_is_named():
    graph = make_chain(("MultiHeadAttention", {"num_heads": 2, "key_dim": 4}), shape=[5, 8])

    [issue] = CHECKER.check(graph).issues

    assert (issue.code, issue.node, issue.argument) == ("missing_argument", "layer_0", "value")


def test_a_layer_that_answers_its_own_input_is_refused_by_the_check_already():
    [issue] = CHECKER.check(make_chain(("Equalization", {}), shape=[8, 8, 3])).issues

    assert (issue.code, issue.node) == ("unusable_layer", "layer_0")


def assert_readable(issue: Issue) -> None:
    """One line, no colours, stack traces or paths, and nothing that UTF-8 cannot hold."""
    for text in (issue.message, issue.hint or ""):
        assert text == " ".join(text.split())
        assert "Traceback" not in text
        assert "site-packages" not in text
        assert "\x1b" not in text
        text.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
IDS = st.sampled_from(["a", "b", "c", "d"])
CONFIGS = st.dictionaries(st.sampled_from(["units", "shape", "rate", "activation", "layer", "axis", "name"]), JSON)
LAYERS = st.fixed_dictionaries(
    {
        "id": IDS,
        "class_name": st.sampled_from(["InputLayer", "Dense", "Add", "Dropout", "LSTM", "Functional", "X", "Lambda"]),
        "config": CONFIGS | st.just({"shape": [4]}) | st.just({"units": 2}),
        "name": st.none() | st.text(min_size=1, max_size=5),
    }
)
NODES = st.fixed_dictionaries(
    {
        "id": IDS,
        "layer": IDS,
        "arguments": st.dictionaries(st.sampled_from(["0", "mask", "training"]), JSON, max_size=1),
    }
)
EDGES = st.fixed_dictionaries(
    {
        "id": st.text("xyz", min_size=1, max_size=2),
        "source": IDS,
        "target": IDS,
        "output": st.integers(0, 2),
        "argument": st.integers(0, 2) | st.sampled_from(["mask", "inputs", "1"]),
        "path": st.lists(st.integers(0, 3) | st.sampled_from(["q"]), max_size=2),
    }
)
REFERENCES = st.none() | st.lists(st.fixed_dictionaries({"node": IDS, "output": st.integers(0, 2)}), max_size=3)
GRAPHS = st.fixed_dictionaries(
    {
        "layers": st.lists(LAYERS, max_size=4),
        "nodes": st.lists(NODES, max_size=5),
        "edges": st.lists(EDGES, max_size=6),
        "inputs": REFERENCES,
        "outputs": REFERENCES,
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRAPHS)
def test_the_checker_answers_every_document_in_json(document: dict[str, JsonValue]):
    graph = Graph.model_validate(document)

    result = CHECKER.check(graph)

    result.model_dump_json().encode()
    assert result.ok == all(issue.severity != "error" for issue in result.issues)
    assert set(result.nodes) <= {node.id for node in graph.nodes}
    for issue in result.issues:
        assert_readable(issue)
