"""Edits piece by piece: they leave no loose ends, and change nothing that they were given."""

from collections.abc import Callable

import pytest

from engine.errors import EngineError
from engine.graph import edits
from engine.graph.document import Edge, Graph, Group, Layer, Node, TensorReference
from engine.graph.rules import structural_issues


@pytest.fixture
def graph() -> Graph:
    """x → a → sum(a, b, a again), x → b; `a` is called twice."""
    return Graph(
        layers=[
            Layer(id="x", class_name="InputLayer", config={"shape": [4]}),
            Layer(id="a", class_name="Dense", config={"units": 4, "use_bias": False}),
            Layer(id="b", class_name="Dense", config={"units": 4}),
            Layer(id="sum", class_name="Add"),
        ],
        nodes=[
            Node(id="x", layer="x"),
            Node(id="a", layer="a"),
            Node(id="b", layer="b"),
            Node(id="a2", layer="a"),
            Node(id="sum", layer="sum"),
        ],
        edges=[
            Edge(id="xa", source="x", target="a"),
            Edge(id="xb", source="x", target="b"),
            Edge(id="aa2", source="a", target="a2"),
            Edge(id="s0", source="a", target="sum", path=[0]),
            Edge(id="s1", source="b", target="sum", path=[1]),
            Edge(id="s2", source="a2", target="sum", path=[2]),
        ],
        groups=[Group(id="g", title="Both", nodes=["a", "b"])],
    )


@pytest.fixture(autouse=True)
def given_graph_stays_as_it_is(graph: Graph):
    before = graph.model_dump_json()
    yield
    assert graph.model_dump_json() == before


def places(graph: Graph) -> dict[str, list[int | str]]:
    return {edge.id: edge.path for edge in graph.edges if edge.target == "sum"}


def test_pieces_are_added_one_after_the_other(graph: Graph):
    larger = edits.add_layer(graph, Layer(id="out", class_name="Dense", config={"units": 1}))
    larger = edits.add_node(larger, Node(id="out", layer="out"))
    larger = edits.add_edge(larger, Edge(id="so", source="sum", target="out"))

    assert (larger.layers[-1].id, larger.nodes[-1].id, larger.edges[-1].id) == ("out", "out", "so")
    assert structural_issues(larger) == []


def test_a_config_is_merged_and_other_fields_are_replaced(graph: Graph):
    changed = edits.update_layer(graph, "a", {"config": {"units": 8, "activation": None}, "name": "first"})

    assert changed.layers[1] == Layer(
        id="a", class_name="Dense", name="first", config={"units": 8, "use_bias": False, "activation": None}
    )


def test_call_arguments_are_merged_and_a_node_can_call_another_layer(graph: Graph):
    changed = edits.update_node(graph, "a2", {"layer": "b", "arguments": {"training": True}})

    assert changed.nodes[3] == Node(id="a2", layer="b", arguments={"training": True})


def test_an_edge_can_be_led_elsewhere(graph: Graph):
    changed = edits.update_edge(graph, "s1", {"source": "x", "path": [3]})

    assert changed.edges[4] == Edge(id="s1", source="x", target="sum", path=[3])


def test_removing_an_edge_closes_the_gap_in_its_list(graph: Graph):
    assert places(edits.remove_edge(graph, "s1")) == {"s0": [0], "s2": [1]}


def test_removing_an_edge_leaves_other_lists_as_they_are(graph: Graph):
    keyword = edits.add_edge(graph, Edge(id="k", source="x", target="sum", argument="mask", path=[2]))

    assert places(edits.remove_edge(keyword, "s0")) == {"s1": [0], "s2": [1], "k": [2]}


def test_removing_one_of_several_edges_in_one_place_closes_no_gap(graph: Graph):
    nested = edits.update_edge(graph, "s1", {"path": [0, 1]})
    nested = edits.update_edge(nested, "s0", {"path": [0, 0]})

    assert places(edits.remove_edge(nested, "s0")) == {"s1": [0, 0], "s2": [2]}


def test_removing_a_node_removes_its_edges_its_place_in_groups_and_its_layer(graph: Graph):
    smaller = edits.remove_node(graph, "b")

    assert [layer.id for layer in smaller.layers] == ["x", "a", "sum"]
    assert places(smaller) == {"s0": [0], "s2": [1]}
    assert smaller.groups[0].nodes == ["a"]


def test_a_layer_that_another_node_calls_stays(graph: Graph):
    smaller = edits.remove_node(graph, "a2")

    assert "a" in [layer.id for layer in smaller.layers]
    assert places(smaller) == {"s0": [0], "s1": [1]}


def test_removing_a_layer_removes_every_node_that_calls_it(graph: Graph):
    smaller = edits.remove_layer(graph, "a")

    assert [node.id for node in smaller.nodes] == ["x", "b", "sum"]
    assert places(smaller) == {"s1": [0]}
    assert structural_issues(smaller) == []


def test_the_ends_of_the_model_follow_and_are_derived_where_none_is_left(graph: Graph):
    graph = graph.model_copy(
        update={
            "outputs": [TensorReference(node="sum"), TensorReference(node="b")],
            "inputs": [TensorReference(node="x")],
        }
    )

    smaller = edits.remove_node(graph, "sum")

    assert smaller.outputs == [TensorReference(node="b")]
    assert edits.remove_node(smaller, "b").outputs is None
    assert smaller.inputs == [TensorReference(node="x")]


REFUSED: list[tuple[Callable[[Graph], Graph], str]] = [
    (lambda g: edits.add_layer(g, Layer(id="a", class_name="Dense")), "conflict"),
    (lambda g: edits.add_node(g, Node(id="a", layer="a")), "conflict"),
    (lambda g: edits.add_edge(g, Edge(id="xa", source="x", target="b")), "conflict"),
    (lambda g: edits.add_node(g, Node(id="n", layer="gone")), "not_found"),
    (lambda g: edits.add_edge(g, Edge(id="e", source="gone", target="b")), "not_found"),
    (lambda g: edits.add_edge(g, Edge(id="e", source="b", target="gone")), "not_found"),
    (lambda g: edits.update_layer(g, "gone", {"name": "n"}), "not_found"),
    (lambda g: edits.update_node(g, "gone", {}), "not_found"),
    (lambda g: edits.update_node(g, "a", {"layer": "gone"}), "not_found"),
    (lambda g: edits.update_edge(g, "gone", {}), "not_found"),
    (lambda g: edits.update_edge(g, "xa", {"target": "gone"}), "not_found"),
    (lambda g: edits.remove_layer(g, "gone"), "not_found"),
    (lambda g: edits.remove_node(g, "gone"), "not_found"),
    (lambda g: edits.remove_edge(g, "gone"), "not_found"),
    (lambda g: edits.remove_edge(Graph(), "gone"), "not_found"),
    (lambda g: edits.update_layer(g, "a", {"id": "c"}), "invalid_change"),
    (lambda g: edits.update_layer(g, "a", {"class_name": None}), "invalid_change"),
    (lambda g: edits.update_layer(g, "a", {"config": None}), "invalid_change"),
    (lambda g: edits.update_layer(g, "a", {"colour": "red"}), "invalid_change"),
    (lambda g: edits.update_edge(g, "xa", {"output": -1}), "invalid_change"),
]


@pytest.mark.parametrize(("edit", "code"), REFUSED)
def test_an_edit_that_is_not_possible_says_why(graph: Graph, edit: Callable[[Graph], Graph], code: str):
    with pytest.raises(EngineError) as caught:
        edit(graph)

    assert caught.value.code == code
    assert caught.value.message


def test_the_inputs_of_a_model_keep_their_places_when_one_is_disconnected():
    inner = Graph(layers=[Layer(id=name, class_name="InputLayer") for name in ("a", "b")])
    graph = Graph(
        layers=[*inner.layers, Layer(id="model", class_name="Functional", graph=inner)],
        nodes=[Node(id=name, layer=name) for name in ("a", "b", "model")],
        edges=[
            Edge(id="first", source="a", target="model", path=[0]),
            Edge(id="second", source="b", target="model", path=[1]),
        ],
    )

    assert [edge.path for edge in edits.remove_edge(graph, "first").edges] == [[1]]
    assert [edge.path for edge in edits.remove_node(graph, "a").edges] == [[1]]
