"""Graphs inside graphs: what the check says about them, and what is built of wrappers and Sequentials."""

import keras
import numpy as np
import pytest

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from tests.engine.models.samples import nested_twice
from tests.engine.models.sketch import Sketch, dense, make_chain


@pytest.fixture(scope="module")
def checker() -> GraphChecker:
    return GraphChecker()


def hold(inner: Graph, class_name: str = "Functional", shape: tuple[int, ...] = (8,), calls: int = 1) -> Graph:
    """An input `x` and nodes that call one layer `block` with a graph."""
    sketch = Sketch()
    before = sketch.add("x", "InputLayer", shape=[*shape])
    before = sketch.add("block", class_name, before, graph=inner)
    for index in range(1, calls):
        before = sketch.call("block", before, node=f"block_{index}")
    return sketch.graph


def test_a_nested_graph_has_a_result_of_its_own(checker: GraphChecker):
    result = checker.check(hold(make_chain(dense(3))))

    assert result.ok
    assert result.nested["block"].nodes["layer_0"].outputs[0].shape == [None, 3]
    assert result.nested["block"].nodes["layer_0"].inputs[0].shape == [None, 8]
    assert result.parameters == result.nested["block"].parameters == 27


def test_a_fault_inside_is_told_at_its_place_and_at_the_layer_that_holds_it(checker: GraphChecker):
    graph = nested_twice()
    inner = graph.layers[1].graph
    assert inner is not None
    inner.layers[1].config = {"units": 0}

    for result in (checker.check(graph), checker.check(graph)):
        assert [(issue.code, issue.within, issue.node, issue.argument) for issue in result.issues] == [
            ("invalid_argument", ("block",), "dense", "units"),
            ("invalid_nested_graph", (), "block", "graph"),
        ]
        assert result.issues[1].message.startswith("The graph inside 'block' has 1 fault. Received an invalid")


def test_a_fault_two_levels_down_names_the_way(checker: GraphChecker):
    graph = hold(hold(make_chain(("Dense", {"units": -1}))))

    issues = checker.check(graph).issues

    assert [(issue.within, issue.node) for issue in issues] == [
        (("block", "block"), "layer_0"),
        (("block",), "block"),
        ((), "block"),
    ]


def test_the_inside_of_a_layer_that_cannot_be_called_is_checked_too(checker: GraphChecker):
    graph = hold(make_chain(dense(3)))
    graph.edges.clear()

    result = checker.check(graph)

    assert not result.ok
    assert result.nested["block"].ok


def test_two_layers_of_equal_insides_keep_their_own_places(checker: GraphChecker):
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    sketch.add("one", "Functional", "x", graph=make_chain(("Dense", {"units": 0})))
    sketch.add("two", "Functional", "x", graph=make_chain(("Dense", {"units": 0})))

    issues = checker.check(sketch.graph).issues

    assert {issue.within for issue in issues if issue.node == "layer_0"} == {("one",), ("two",)}


def test_a_warning_inside_is_told_and_stops_nothing(checker: GraphChecker):
    inner = make_chain(
        ("Embedding", {"input_dim": 10, "output_dim": 4, "mask_zero": True}),
        ("Conv1D", {"filters": 2, "kernel_size": 2}),
        shape=[5],
    )

    result = checker.check(hold(inner, shape=(5,)))

    assert result.ok
    assert [(issue.severity, issue.within, issue.node) for issue in result.issues] == [
        ("warning", ("block",), "layer_1")
    ]


def test_graphs_nested_too_deeply_are_refused_and_not_followed(checker: GraphChecker):
    graph = make_chain(dense(3))
    for _ in range(12):
        graph = hold(graph)

    issues = checker.check(graph).issues

    assert "nested_too_deeply" in {issue.code for issue in issues}
    assert max(len(issue.within) for issue in issues) <= 8


def test_building_a_faulty_inside_fails_with_the_issues_of_the_check():
    with pytest.raises(GraphError) as caught:
        build_model(hold(make_chain(("Dense", {"units": 0}))))

    assert [(issue.within, issue.node) for issue in caught.value.issues] == [((), "block"), (("block",), "layer_0")]


def test_a_wrapper_around_a_graph_is_applied_to_every_step(checker: GraphChecker):
    inner = make_chain(dense(3))
    inner.name = "step"
    graph = hold(inner, "TimeDistributed", shape=(5, 8))

    result = checker.check(graph)
    model = build_model(graph)

    assert result.nodes["block"].outputs[0].shape == [None, 5, 3]
    wrapper = model.get_layer("block")
    assert (type(wrapper).__name__, wrapper.layer.name, wrapper.count_params()) == ("TimeDistributed", "step", 27)
    x = np.random.default_rng(0).normal(size=(2, 5, 8)).astype("float32")
    np.testing.assert_allclose(model.predict(x, verbose=0)[:, 2], wrapper.layer.predict(x[:, 2], verbose=0), rtol=1e-5)


def test_a_fault_inside_a_wrapped_graph_is_told_at_its_place(checker: GraphChecker):
    issues = checker.check(hold(make_chain(("Dense", {"units": 0})), "TimeDistributed", shape=(5, 8))).issues

    assert [(issue.within, issue.node) for issue in issues] == [(("block",), "layer_0"), ((), "block")]


@pytest.mark.parametrize("class_name", ["Dense", "Add", "RNN", "NoSuchLayer"])
def test_a_graph_in_a_layer_that_wraps_none_is_refused(checker: GraphChecker, class_name: str):
    issues = [i for i in checker.check(hold(make_chain(dense(3)), class_name)).issues if i.severity == "error"]

    assert [(issue.node, issue.within) for issue in issues] == [("block", ())]
    assert issues[0].code in {"unexpected_graph", "unknown_layer_class", "invalid_layer", "invalid_argument"}


def test_a_wrapper_keeps_its_other_arguments_and_refuses_unknown_ones(checker: GraphChecker):
    graph = hold(make_chain(dense(3)), "TimeDistributed", shape=(5, 8))
    graph.layers[1].config = {"unheard_of": 1}

    [issue] = checker.check(graph).issues

    assert (issue.code, issue.argument) == ("unknown_argument", "unheard_of")


def test_a_sequential_is_built_as_one():
    graph = make_chain(dense(3), ("Dropout", {"rate": 0.5}), dense(2))
    graph.class_name = "Sequential"

    model = build_model(graph, "chain")

    assert isinstance(model, keras.Sequential)
    assert [layer.name for layer in model.layers] == ["layer_0", "layer_1", "layer_2"]
    assert model.input_shape == (None, 8)
    assert model.predict(np.zeros((1, 8)), verbose=0).shape == (1, 2)


def test_a_nested_sequential_is_one_by_its_class(checker: GraphChecker):
    graph = hold(make_chain(dense(8)), "Sequential", calls=2)

    assert checker.check(graph).parameters == 72
    model = build_model(graph)
    assert isinstance(model.get_layer("block"), keras.Sequential)
    assert model.count_params() == 72


def test_a_sequential_that_branches_is_told_where(checker: GraphChecker):
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    sketch.add("left", "Dense", "x", units=3)
    sketch.add("right", "Dense", "x", units=3)
    sketch.add("sum", "Add", ["left", "right"])
    sketch.graph.class_name = "Sequential"

    issues = checker.check(sketch.graph).issues

    assert {issue.code for issue in issues} == {"not_a_chain"}
    assert {issue.node for issue in issues} == {"x", "sum"}


def test_a_sequential_with_a_layer_of_several_outputs_is_told(checker: GraphChecker):
    graph = make_chain(("LSTM", {"units": 3, "return_state": True}), dense(2), shape=[5, 8])
    graph.class_name = "Sequential"

    with pytest.raises(GraphError):
        build_model(graph)
    assert not checker.check(graph).ok
