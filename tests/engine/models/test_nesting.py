"""A part of a graph made a layer, and taken apart again, gives the same model."""

import keras
import numpy as np
import pytest

from engine.errors import EngineError
from engine.graph.dissolving import dissolve_layer
from engine.graph.document import Graph, Group, Layout, Note, Position
from engine.graph.nesting import TensorType, nest_nodes
from engine.graph.rules import structural_issues
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.results import CheckResult
from tests.engine.models.sketch import Sketch, dense, make_chain

CHECKER = GraphChecker()


def read_tensors(result: CheckResult) -> dict[str, list[TensorType]]:
    return {
        node_id: [TensorType(tuple(spec.shape), spec.dtype) for spec in node.outputs]
        for node_id, node in result.nodes.items()
    }


def nest(graph: Graph, *node_ids: str, layout: Layout | None = None) -> tuple[Graph, Layout]:
    nested, moved, _ = nest_nodes(graph, layout or Layout(), node_ids, "block", read_tensors(CHECKER.check(graph)))
    return nested, moved


def dissolve(graph: Graph, layer_id: str = "block", layout: Layout | None = None) -> tuple[Graph, Layout]:
    result = CHECKER.check(graph)
    outer = {node_id: len(node.outputs) for node_id, node in result.nodes.items()}
    inner = {node_id: len(node.outputs) for node_id, node in result.nested[layer_id].nodes.items()}
    return dissolve_layer(graph, layout or Layout(), layer_id, outer, inner)


def two_branches() -> Graph:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("y", "InputLayer", shape=[4])
    sketch.add("left", "Dense", "x", units=3)
    sketch.add("right", "Dense", "y", units=3)
    sketch.add("sum", "Add", ["left", "right"])
    sketch.add("out", "Dense", "sum", units=2)
    sketch.add("aux", "Dense", "left", units=1)
    return sketch.graph


def with_states() -> Graph:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[5, 3])
    sketch.add("encoder", "LSTM", "x", units=4, return_state=True)
    sketch.add("decoder", "LSTM", "x", units=4, keywords={})
    sketch.connect(("encoder", 1), "decoder", "initial_state", [0])
    sketch.connect(("encoder", 2), "decoder", "initial_state", [1])
    return sketch.graph


def predict(graph: Graph) -> list[np.ndarray]:
    """What the model answers when every weight is a number that depends on its place alone."""
    model = build_model(graph)
    arrays = [
        np.random.default_rng(i).normal(size=(2, *t.shape[1:])).astype("float32") for i, t in enumerate(model.inputs)
    ]
    for weight in model.weights:
        weight.assign(
            keras.ops.cos(keras.ops.reshape(keras.ops.arange(weight.numpy().size, dtype="float32"), weight.shape))
        )
    answer = model(arrays if len(arrays) > 1 else arrays[0], training=False)
    return [np.asarray(one) for one in keras.tree.flatten(answer)]


def assert_same(first: Graph, second: Graph) -> None:
    for one, other in zip(predict(first), predict(second), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("graph", "part"),
    [
        (make_chain(dense(3), dense(2)), ("layer_0",)),
        (make_chain(dense(3), dense(2)), ("layer_1",)),
        (make_chain(dense(3), dense(2)), ("layer_0", "layer_1")),
        (two_branches(), ("left", "right", "sum")),
        (two_branches(), ("sum", "out")),
        (two_branches(), ("left", "aux")),
        (two_branches(), ("left", "right", "sum", "out", "aux")),
        (with_states(), ("decoder",)),
        (with_states(), ("encoder",)),
        (with_states(), ("encoder", "decoder")),
    ],
)
def test_a_part_made_a_layer_gives_the_same_model_and_so_does_taking_it_apart(graph: Graph, part: tuple[str, ...]):
    nested, _ = nest(graph, *part)
    flat, _ = dissolve(nested)

    assert CHECKER.check(nested).issues == []
    assert_same(graph, nested)
    assert_same(graph, flat)
    assert {node.id for node in flat.nodes} == {node.id for node in graph.nodes}


def test_one_tensor_that_goes_in_twice_is_one_input():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("a", "Dense", "x", units=4)
    sketch.add("sum", "Add", ["a", "x"])
    nested, _ = nest(sketch.graph, "a", "sum")

    assert [len(layer.graph.inputs or []) for layer in nested.layers if layer.graph] == [1]
    assert_same(sketch.graph, nested)


def test_a_layer_used_twice_is_taken_apart_into_shared_layers():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    sketch.add("block", "Functional", "x", graph=make_chain(dense(8), dense(8)))
    sketch.call("block", "block", node="again")
    before = CHECKER.check(sketch.graph)

    flat, _ = dissolve(sketch.graph)

    assert CHECKER.check(flat).parameters == before.parameters == 144
    assert len(flat.layers) == 3
    assert len(flat.nodes) == 5
    assert_same(sketch.graph, flat)


def test_names_that_are_taken_outside_get_a_number():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    sketch.add("layer_0", "Dense", "x", units=8)
    sketch.add("block", "Functional", "layer_0", graph=make_chain(dense(8)))

    flat, _ = dissolve(sketch.graph)

    assert structural_issues(flat) == []
    assert {layer.keras_name for layer in flat.layers} == {"x", "layer_0", "layer_0_1"}


def test_a_frozen_layer_is_taken_apart_into_frozen_layers():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8])
    sketch.add("block", "Functional", "x", graph=make_chain(dense(8)), trainable=False)
    sketch.add("out", "Dense", "block", units=1)

    flat, _ = dissolve(sketch.graph)

    assert CHECKER.check(flat).trainable_parameters == 9


def test_positions_groups_and_notes_move_with_their_nodes():
    graph = make_chain(dense(3), dense(2))
    graph.groups = [Group(id="all", title="All", nodes=["layer_0", "layer_1"]), Group(id="in", title="In", nodes=["x"])]
    graph.notes = [Note(id="note", text="hello")]
    places = {"x": (0, 0), "layer_0": (0, 100), "layer_1": (0, 200), "note": (50, 50)}
    layout = Layout(positions={name: Position(x=x, y=y) for name, (x, y) in places.items()})

    nested, moved = nest(graph, "layer_0", "layer_1", layout=layout)

    assert [group.id for group in nested.groups] == ["in"]
    assert moved.positions["block"] == Position(x=0, y=150)
    assert set(moved.nested["block"].positions) == {"layer_0", "layer_1"}
    _, back = dissolve(nested, layout=moved)
    assert back == layout


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ((), "cannot_nest"),
        (("x", "left"), "cannot_nest"),
        (("nowhere",), "not_found"),
        (("left", "out"), "cannot_nest"),
    ],
)
def test_a_part_that_cannot_be_a_layer_is_refused_with_the_reason(part: tuple[str, ...], code: str):
    with pytest.raises(EngineError) as caught:
        nest(two_branches(), *part)
    assert caught.value.code == code
    assert caught.value.hint


def test_some_calls_of_a_shared_layer_cannot_be_moved_alone():
    graph = make_chain(dense(8))
    Sketch.call(sketch := Sketch(), "layer_0", "layer_0", node="again")
    graph.nodes += sketch.graph.nodes
    graph.edges += [edge.model_copy(update={"id": "more"}) for edge in sketch.graph.edges]

    with pytest.raises(EngineError, match="again"):
        nest(graph, "layer_0")


def test_a_part_whose_inputs_are_unknown_is_refused():
    graph = make_chain(("Dense", {"units": 0}), dense(2))

    with pytest.raises(EngineError) as caught:
        nest(graph, "layer_1")
    assert caught.value.code == "unknown_shape"


def test_a_wrapper_and_a_plain_layer_are_not_taken_apart():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[5, 8])
    sketch.add("block", "TimeDistributed", "x", graph=make_chain(dense(3)))
    sketch.add("out", "Dense", "block", units=1)

    for layer_id in ("block", "out"):
        with pytest.raises(EngineError) as caught:
            dissolve_layer(sketch.graph, Layout(), layer_id, {}, {})
        assert caught.value.code == "cannot_dissolve"
    with pytest.raises(EngineError, match="no layer"):
        dissolve_layer(sketch.graph, Layout(), "nothing", {}, {})
