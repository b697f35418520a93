"""A checked graph as a Keras model without weights: its ends, its summary, and which numbers its outputs can hold."""

from dataclasses import dataclass

import keras
from cachetools import LRUCache

from engine.graph.canonical import content_hash
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.model_ends import list_output_names
from engine.models.results import CheckResult
from engine.models.summary import summarize_model
from engine.models.unlearned import stand_in
from engine.training.output_range import measure_range
from engine.training.trial import OutputEnd

MODEL_NAME = "model"
KEPT = 4
"""How many graphs are remembered: the drawn one while its settings change, and what fixes would make of it."""


@dataclass(frozen=True, slots=True)
class LinkedGraph:
    """What a check of training settings asks about a graph again and again. Not to be changed."""

    topology: Topology
    model: "keras.Model"
    summary: str
    input_nodes: list[str]
    outputs: list[OutputEnd]


_linked: LRUCache[tuple[str, str], LinkedGraph] = LRUCache(maxsize=KEPT)


def link_checked_graph(graph: Graph, check: CheckResult) -> LinkedGraph:
    """The model of a graph whose check found no error. Remembers the last few."""
    key = (content_hash(graph), keras.config.dtype_policy().name)
    if (known := _linked.get(key)) is None:
        known = _linked[key] = _link(graph, check)
    return known


def _link(graph: Graph, check: CheckResult) -> LinkedGraph:
    topology = Topology(graph)
    with open_symbolic_scope():
        model = link_graph(stand_in(graph), MODEL_NAME)
        summary = summarize_model(model)
    nodes = _list_output_nodes(topology, check)
    outputs = [
        OutputEnd(name, node, tuple(tensor.shape), tensor.dtype, measure_range(tensor))
        for name, node, tensor in zip(list_output_names(model), nodes, model.outputs, strict=True)
    ]
    return LinkedGraph(topology, model, summary, [reference.node for reference in topology.inputs()], outputs)


def _list_output_nodes(topology: Topology, check: CheckResult) -> list[str]:
    """The node that each output of the model comes from."""
    if topology.graph.outputs is not None:
        return [reference.node for reference in topology.graph.outputs]
    return [node for node in topology.output_nodes() for _ in check.nodes[node].outputs]
