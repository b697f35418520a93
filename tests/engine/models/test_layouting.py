"""Layouts of graphs that come without one."""

from engine.graph.document import Edge, Graph
from engine.models.layouting import NODE_HEIGHT, NODE_WIDTH, lay_out_graph
from tests.engine.models.samples import SAMPLES


def test_every_node_of_every_sample_has_a_place_that_no_other_touches():
    for make in SAMPLES.values():
        assert_apart(make())


def assert_apart(graph: Graph) -> None:
    layout = lay_out_graph(graph)
    places = [layout.positions[node.id] for node in graph.nodes]
    for index, one in enumerate(places):
        for other in places[index + 1 :]:
            assert abs(one.x - other.x) >= NODE_WIDTH or abs(one.y - other.y) >= NODE_HEIGHT
    for edge in graph.edges:
        assert layout.positions[edge.source].y < layout.positions[edge.target].y
    for layer in graph.layers:
        if layer.graph is not None:
            assert layout.nested[layer.id] == lay_out_graph(layer.graph)


def test_nothing_a_cycle_and_a_dangling_edge_can_be_laid_out():
    assert lay_out_graph(Graph()).positions == {}
    graph = SAMPLES["chain"]()
    graph.edges[0].source = graph.nodes[-1].id
    graph.edges.append(Edge(id="lost", source="nowhere", target=graph.nodes[0].id))

    assert set(lay_out_graph(graph).positions) == {node.id for node in graph.nodes}


def test_an_id_with_a_meaning_for_graphviz_is_only_an_id():
    graph = SAMPLES["chain"]()
    graph.nodes[1].id = "a:b"
    graph.edges[0].target = graph.edges[1].source = "a:b"

    assert "a:b" in lay_out_graph(graph).positions
