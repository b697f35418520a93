"""Add, insert and pop, as Keras's Sequential has them."""

import pytest

from engine.errors import EngineError
from engine.graph.chain import insert_layer, list_chain, pop_layer
from engine.graph.document import Graph, Layer
from engine.graph.rules import structural_issues
from tests.engine.models.sketch import Sketch, dense, make_chain


def chain() -> Graph:
    return make_chain(dense(3), dense(2))


def test_the_first_layer_can_be_added_to_nothing():
    graph = insert_layer(Graph(), Layer(id="x", class_name="InputLayer", config={"shape": [4]}))

    assert list_chain(graph) == ["x"]


def test_a_layer_is_added_behind_the_last():
    graph = insert_layer(chain(), Layer(id="last", class_name="Dense", config={"units": 1}))

    assert list_chain(graph) == ["x", "layer_0", "layer_1", "last"]
    assert [layer.id for layer in graph.layers] == ["x", "layer_0", "layer_1", "last"]
    assert structural_issues(graph) == []


@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_a_layer_is_inserted_anywhere(index: int):
    graph = insert_layer(chain(), Layer(id="new", class_name="Dense", config={"units": 1}), index)

    order = ["x", "layer_0", "layer_1"]
    order.insert(index, "new")
    assert list_chain(graph) == order
    assert len(graph.edges) == 3


@pytest.mark.parametrize(
    ("index", "left"), [(-1, ["x", "layer_0"]), (1, ["x", "layer_1"]), (0, ["layer_0", "layer_1"])]
)
def test_a_layer_is_popped_and_its_neighbours_are_connected(index: int, left: list[str]):
    graph = pop_layer(chain(), index)

    assert list_chain(graph) == left
    assert [layer.id for layer in graph.layers] == left


def test_what_was_given_stays_as_it_is():
    graph = chain()
    before = graph.model_copy(deep=True)

    insert_layer(graph, Layer(id="new", class_name="Dense"), 1)
    pop_layer(graph)

    assert graph == before


@pytest.mark.parametrize("index", [-4, 3, 100])
def test_popping_what_is_not_there_is_refused(index: int):
    with pytest.raises(EngineError) as caught:
        pop_layer(chain(), index)
    assert caught.value.code == "out_of_range"


def test_popping_from_nothing_is_refused():
    with pytest.raises(EngineError):
        pop_layer(Graph())


def test_a_graph_with_branches_is_no_chain():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("a", "Dense", "x", units=1)
    sketch.add("b", "Dense", "x", units=1)

    for edit in (lambda: pop_layer(sketch.graph), lambda: insert_layer(sketch.graph, Layer(id="n", class_name="Add"))):
        with pytest.raises(EngineError) as caught:
            edit()
        assert caught.value.code == "not_a_chain"


def test_a_cycle_is_no_chain():
    graph = chain()
    graph.edges[0].source = "layer_1"

    with pytest.raises(EngineError):
        list_chain(graph)
