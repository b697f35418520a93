"""The check: what a model would be, what is wrong with it and where, and that a second look costs little."""

import json

import keras
import pytest
from keras.src.backend.common import global_state

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.limits import Limits
from engine.models.results import CheckResult, LayerResult, TensorSpec
from tests.engine.models.samples import SAMPLES, shared_layer
from tests.engine.models.sketch import Described, Sketch, dense, make_chain

LARGEST_JSON_INTEGER = 2**53


@pytest.fixture(scope="module")
def checker() -> GraphChecker:
    return GraphChecker()


@pytest.fixture
def layer_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the layers that are really called."""
    called: list[str] = []
    call = keras.layers.Layer.__call__

    def count_call(self, *args, **kwargs):
        called.append(self.name)
        return call(self, *args, **kwargs)

    monkeypatch.setattr(keras.layers.Layer, "__call__", count_call)
    return called


def read_shapes(result: CheckResult) -> dict[str, list[list[int | None]]]:
    return {node: [spec.shape for spec in found.outputs] for node, found in result.nodes.items()}


def test_the_result_has_shapes_dtypes_and_counts(checker: GraphChecker):
    result = checker.check(make_chain(("Dense", {"units": 3}), ("Dropout", {"rate": 0.5})))

    assert result.ok
    assert result.issues == []
    assert {node: found.outputs for node, found in result.nodes.items()} == {
        "x": [TensorSpec(shape=[None, 8], dtype="float32")],
        "layer_0": [TensorSpec(shape=[None, 3], dtype="float32")],
        "layer_1": [TensorSpec(shape=[None, 3], dtype="float32")],
    }
    assert result.layers["layer_0"] == LayerResult(parameters=27, trainable_parameters=27, parameter_bytes=108)
    assert (result.inputs, result.outputs) == (["x"], ["layer_1"])
    assert (result.parameters, result.trainable_parameters, result.parameter_bytes) == (27, 27, 108)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_check_says_what_the_built_model_is(sample: str, checker: GraphChecker):
    graph = SAMPLES[sample]()

    result, model = checker.check(graph), build_model(graph)

    assert result.ok
    assert result.parameters == model.count_params()
    assert result.trainable_parameters == sum(
        weight.size for weight in map(keras.ops.convert_to_numpy, model.trainable_weights)
    )
    assert result.inputs == [tensor.name for tensor in model.inputs]
    assert result.outputs == model.output_names
    references = graph.outputs or [TensorReference(node=result.outputs[0])]
    found = [result.nodes[reference.node].outputs[reference.output] for reference in references]
    assert [(tuple(spec.shape), spec.dtype) for spec in found] == [(t.shape, t.dtype) for t in model.outputs]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_second_check_calls_no_layer_and_says_the_same(sample: str, layer_calls: list[str]):
    checker, graph = GraphChecker(), SAMPLES[sample]()
    first = checker.check(graph)
    layer_calls.clear()

    second = checker.check(Graph.model_validate_json(graph.model_dump_json()))

    assert layer_calls == []
    assert second == first


def test_an_edit_calls_only_the_layers_whose_inputs_change(layer_calls: list[str]):
    checker = GraphChecker()
    graph = make_chain(*(dense(10 + index) for index in range(20)))
    checker.check(graph)
    layer_calls.clear()
    graph.layers[5].config = {"units": 99}

    result = checker.check(graph)

    assert layer_calls == ["layer_4", "layer_5"]
    assert result.nodes["layer_4"].outputs[0].shape == [None, 99]


def test_a_renamed_layer_is_not_called_again(layer_calls: list[str]):
    checker, graph = GraphChecker(), make_chain(("Dense", {"units": 3}))
    checker.check(graph)
    layer_calls.clear()
    graph.layers[1].name = "classes"

    assert checker.check(graph).outputs == ["classes"]
    assert layer_calls == []


def test_what_was_remembered_under_other_settings_of_keras_is_not_used():
    checker, graph = GraphChecker(), make_chain(dense(3))
    checker.check(graph)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        assert checker.check(graph).nodes["layer_0"].outputs[0].dtype == "float16"
    finally:
        keras.config.set_dtype_policy("float32")
    assert checker.check(graph).nodes["layer_0"].outputs[0].dtype == "float32"


def test_an_edit_after_a_shared_layer_replays_its_earlier_calls():
    checker, graph = GraphChecker(), shared_layer()
    checker.check(graph)
    graph.layers[1].config = {"shape": [9, 3]}

    result = checker.check(graph)

    assert result.ok
    assert result.parameters == build_model(graph).count_params()


def test_a_shared_layer_called_on_another_shape_fails_at_the_second_node(checker: GraphChecker):
    graph = shared_layer()
    graph.layers[1].config = {"shape": [5, 7]}

    result = checker.check(graph)

    assert [(issue.node, issue.code) for issue in result.issues] == [("encoder_again", "invalid_input")]
    assert "(None, 5, 7)" in result.issues[0].message
    assert set(result.nodes) == {"first", "second", "encoder"}


def test_the_cache_is_bounded():
    checker = GraphChecker(Limits(max_cached_calls=5))

    for units in range(1, 20):
        assert checker.check(make_chain(("Dense", {"units": units}))).ok

    assert len(checker.cache) == 5


def test_units_of_a_million_millions_are_refused_at_once_without_a_number_that_json_loses(checker: GraphChecker):
    for units in (10**12, 10**30):
        result = checker.check(make_chain(("Dense", {"units": units}), ("Dense", {"units": 1})))

        assert [(issue.code, issue.node) for issue in result.issues] == [("too_many_parameters", "layer_0")]
        assert "expected at most 10,000,000,000" in result.issues[0].message
        assert set(result.nodes) == {"x"}
        assert all(number <= LARGEST_JSON_INTEGER for number in find_integers(json.loads(result.model_dump_json())))


def find_integers(value: object) -> list[int]:
    if isinstance(value, dict):
        return [found for inner in value.values() for found in find_integers(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in find_integers(inner)]
    return [value] if isinstance(value, int) else []


def test_a_dimension_that_no_index_reaches_is_refused(checker: GraphChecker):
    result = checker.check(make_chain(("RepeatVector", {"n": 10**17}), ("Dense", {"units": 2})))

    assert [(issue.code, issue.node) for issue in result.issues] == [("dimension_too_large", "layer_0")]
    assert "2,147,483,647" in result.issues[0].message


def test_a_model_that_is_too_large_as_a_whole_says_at_which_node():
    checker = GraphChecker(Limits(max_parameters=150))

    result = checker.check(make_chain(*[dense(8)] * 4))

    assert [(issue.code, issue.node) for issue in result.issues] == [("too_many_parameters", "layer_2")]
    assert "With this layer the model has 216 parameters; expected at most 150" in result.issues[0].message[:72]


def test_only_root_causes_are_reported_and_the_valid_rest_is_checked(checker: GraphChecker):
    sketch = Sketch()
    sketch.add("a", "InputLayer", shape=[4])
    sketch.add("bad", "Dense", "a", units=0)
    sketch.add("after_bad", "Dense", "bad", units=2)
    sketch.add("good", "Dense", "a", units=2)
    sketch.add("sum", "Add", ["after_bad", "good"])

    result = checker.check(sketch.graph)

    assert [(issue.node, issue.argument) for issue in result.issues] == [("bad", "units")]
    assert read_shapes(result) == {"a": [[None, 4]], "good": [[None, 2]]}


def test_nodes_on_a_cycle_have_no_result_and_the_rest_has(checker: GraphChecker):
    sketch = Sketch()
    sketch.add("a", "InputLayer", shape=[4])
    sketch.add("free", "Dense", "a", units=2)
    sketch.add("one", "Add", ["a"])
    sketch.add("two", "Dense", "one", units=4)
    sketch.connect("two", "one", path=[1])

    result = checker.check(sketch.graph)

    assert [issue.code for issue in result.issues] == ["cycle"]
    assert set(result.nodes) == {"a", "free"}


def test_a_layer_that_cannot_be_made_is_reported_at_its_first_node_only(checker: GraphChecker):
    graph = shared_layer()
    graph.layers[2].config = {"units": -1}

    result = checker.check(graph)

    assert [(issue.node, issue.layer, issue.argument) for issue in result.issues] == [("encoder", "encoder", "units")]


def test_a_dangling_edge_stops_its_target_only(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}), ("Dense", {"units": 2}))
    graph.edges.append(Edge(id="stray", source="layer_0", target="gone"))
    graph.edges.append(Edge(id="lost", source="gone", target="layer_1", argument=1))

    result = checker.check(graph)

    assert [(issue.code, issue.edge) for issue in result.issues] == [
        ("dangling_edge", "stray"),
        ("dangling_edge", "lost"),
    ]
    assert set(result.nodes) == {"x", "layer_0"}


def test_an_edge_from_an_output_that_does_not_exist_is_named(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}), ("Dense", {"units": 2}))
    graph.edges[1].output = 1

    [issue] = checker.check(graph).issues

    assert (issue.code, issue.node, issue.edge) == ("unknown_output", "layer_1", "e1")
    assert issue.message == "Edge 'e1' starts at output 1 of node 'layer_0', which gives 1 tensor (counted from 0)."


def test_an_output_of_the_model_that_does_not_exist_is_named(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}))
    graph.outputs = [TensorReference(node="layer_0", output=3)]

    [issue] = checker.check(graph).issues

    assert (issue.code, issue.node, issue.argument) == ("unknown_output", "layer_0", "outputs")


def test_a_gap_in_a_list_is_named(checker: GraphChecker):
    sketch = Sketch()
    sketch.add("a", "InputLayer", shape=[4])
    sketch.add("sum", "Add")
    sketch.connect("a", "sum", path=[0])
    sketch.connect("a", "sum", path=[2])

    [issue] = checker.check(sketch.graph).issues

    assert (issue.code, issue.node, issue.argument) == ("missing_argument", "sum", "0")
    assert "place 1" in issue.message


def test_a_destroyed_mask_is_a_warning_and_not_an_error(checker: GraphChecker):
    embed: Described = ("Embedding", {"input_dim": 10, "output_dim": 4, "mask_zero": True})
    graph = make_chain(embed, ("Conv1D", {"filters": 2, "kernel_size": 2}), shape=[5])

    for result in (checker.check(graph), checker.check(graph)):
        assert result.ok
        assert [(issue.severity, issue.code, issue.node) for issue in result.issues] == [
            ("warning", "keras_warning", "layer_1")
        ]
        assert result.issues[0].message.startswith("Conv1D was passed an input with a mask")


def test_a_name_that_cannot_be_trained_still_shows_shapes(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}))
    graph.layers[1].name = "a/b"

    result = checker.check(graph)

    assert [(issue.code, issue.node, issue.argument) for issue in result.issues] == [
        ("invalid_name", "layer_0", "name")
    ]
    assert read_shapes(result)["layer_0"] == [[None, 3]]


def test_an_unused_layer_is_only_a_warning(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}))
    graph.layers.append(Layer(id="spare", class_name="Dense", config={"units": 2}))

    result = checker.check(graph)

    assert result.ok
    assert [(issue.severity, issue.code, issue.layer) for issue in result.issues] == [
        ("warning", "unused_layer", "spare")
    ]


def test_a_node_of_a_missing_layer_is_named(checker: GraphChecker):
    graph = make_chain(("Dense", {"units": 3}))
    graph.nodes.append(Node(id="lost", layer="gone"))
    graph.edges.append(Edge(id="in", source="x", target="lost"))

    assert [(issue.code, issue.node) for issue in checker.check(graph).issues] == [("unknown_layer_id", "lost")]


def test_a_check_leaves_nothing_behind_in_keras(checker: GraphChecker):
    pending = global_state.get_global_attribute("uninitialized_variables")

    GraphChecker().check(make_chain(("Dense", {"units": 10**8})))

    assert global_state.get_global_attribute("uninitialized_variables") is pending
    assert keras.config.is_traceback_filtering_enabled()
