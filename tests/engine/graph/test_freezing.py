"""Freezing: the chosen layers, groups of them, and everything back to the inputs."""

import pytest

from engine.errors import EngineError
from engine.graph.document import Graph, Group
from engine.graph.freezing import set_trainable
from tests.engine.models.sketch import dense, make_chain


def make_graph() -> Graph:
    graph = make_chain(dense(3), dense(2), dense(1))
    graph.groups.append(Group(id="head", title="Head", nodes=["layer_1", "layer_2", "gone"]))
    return graph


def list_frozen(graph: Graph) -> list[str]:
    return [layer.id for layer in graph.layers if not layer.trainable]


def test_only_the_chosen_layers_are_frozen():
    graph = make_graph()
    assert list_frozen(set_trainable(graph, ["layer_1"], trainable=False)) == ["layer_1"]
    assert list_frozen(graph) == []


def test_everything_back_to_the_inputs_is_frozen_and_unfrozen():
    frozen = set_trainable(make_graph(), ["layer_1"], trainable=False, with_ancestors=True)
    assert list_frozen(frozen) == ["x", "layer_0", "layer_1"]
    assert list_frozen(set_trainable(frozen, ["layer_0"], trainable=True, with_ancestors=True)) == ["layer_1"]


def test_a_group_stands_for_its_nodes():
    assert list_frozen(set_trainable(make_graph(), ["head"], trainable=False)) == ["layer_1", "layer_2"]


def test_an_unknown_node_is_refused():
    with pytest.raises(EngineError, match="nobody"):
        set_trainable(make_graph(), ["nobody"], trainable=False)
