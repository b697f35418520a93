"""The order of calls, and what comes before and after."""

from graphlib import CycleError
from itertools import pairwise

import pytest

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.topology import Topology


def make_topology(*edges: str, nodes: str = "xabcd") -> Topology:
    return Topology(
        Graph(
            layers=[Layer(id=name, class_name="InputLayer" if name == "x" else "Dense") for name in nodes],
            nodes=[Node(id=name, layer=name) for name in nodes],
            edges=[Edge(id=edge, source=edge[0], target=edge[1]) for edge in edges],
        )
    )


def test_every_node_comes_after_those_it_depends_on_and_otherwise_in_document_order():
    assert make_topology("xd", "db", "xa", "ac").order() == ["x", "a", "d", "b", "c"]


def test_a_cycle_stops_the_order_but_not_the_nodes_beside_it():
    topology = make_topology("xa", "xb", "bc", "cb", "cd")

    with pytest.raises(CycleError):
        topology.order()
    assert topology.callable_order() == ["x", "a"]
    assert sorted(topology.cycle()) == ["b", "c"]


def test_cycles_have_no_node_in_common():
    topology = make_topology("ab", "ba", "bc", "cd", "dc")

    assert sorted(sorted(cycle) for cycle in topology.cycles(9)) == [["a", "b"], ["c", "d"]]
    assert len(list(topology.cycles(1))) == 1
    assert make_topology("xa").cycle() == []


def test_before_and_after_include_the_start_and_ignore_unknown_nodes():
    topology = make_topology("xa", "ab", "ac", "bd")

    assert topology.after(["b", "gone"]) == {"b", "d"}
    assert topology.before(["b"]) == {"b", "a", "x"}


def test_edges_with_a_missing_end_are_left_out():
    graph = Graph(nodes=[Node(id="a", layer="a")], edges=[Edge(id="e", source="a", target="gone")])

    assert Topology(graph).edges == []


def test_inputs_and_outputs_are_derived_where_they_are_not_listed():
    topology = make_topology("xa", "ab", nodes="xab")

    assert topology.inputs() == [TensorReference(node="x")]
    assert topology.output_nodes() == ["b"]


def test_listed_inputs_and_outputs_keep_their_order():
    topology = make_topology("xa", "ab", nodes="xab")
    topology.graph.inputs = []
    topology.graph.outputs = [TensorReference(node=name) for name in ("b", "gone", "a", "b")]

    assert topology.inputs() == []
    assert topology.output_nodes() == ["b", "a"]


def test_ten_thousand_nodes_in_a_row_need_no_recursion():
    names = [f"n{index}" for index in range(10_000)]
    graph = Graph(
        nodes=[Node(id=name, layer="a") for name in names],
        edges=[Edge(id=source, source=source, target=target) for source, target in pairwise(names)],
    )

    assert Topology(graph).order() == names
    assert len(Topology(graph).after(["n0"])) == 10_000
