"""A model's summary: Keras's own table as text, and one row for each node as data."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import keras

from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.check import GraphChecker
from engine.models.cost_results import SummaryResult, SummaryRow
from engine.models.results import CheckResult
from engine.models.unlearned import stand_in

LINE_LENGTH = 100
WIDTH = "COLUMNS"


def summarize_model(model: "keras.Model") -> str:
    """The table that `model.summary` prints, with nested models opened. The weights need have no values yet."""
    lines: list[str] = []
    with _widen_console():
        model.summary(print_fn=lines.append, line_length=LINE_LENGTH, expand_nested=True, show_trainable=False)
    return "\n".join(lines)


@contextmanager
def _widen_console() -> Iterator[None]:
    """Keras's table is cut off at the width of the terminal, 80 where there is none, whatever its own width."""
    before = os.environ.get(WIDTH)
    os.environ[WIDTH] = str(LINE_LENGTH)
    try:
        yield
    finally:
        if before is None:
            del os.environ[WIDTH]
        else:
            os.environ[WIDTH] = before


def summarize_graph(checker: GraphChecker, graph: Graph, name: str) -> SummaryResult:
    """Text and rows. Allocates no weights. Raises `GraphError` with the issues where the graph does not build."""
    with open_symbolic_scope():
        text = summarize_model(link_graph(stand_in(graph), name, checker.limits))
    check = checker.check(graph)
    topology = Topology(graph)
    calls = Counter(node.layer for node in topology.nodes.values())
    return SummaryResult(
        text=text,
        rows=[_make_row(n, topology, check, calls) for n in topology.callable_order() if n in check.nodes],
        parameters=check.parameters,
        trainable_parameters=check.trainable_parameters,
        parameter_bytes=check.parameter_bytes,
    )


def _make_row(node_id: str, topology: Topology, check: CheckResult, calls: Counter[str]) -> SummaryRow:
    layer = topology.layers[topology.nodes[node_id].layer]
    return SummaryRow(
        node=node_id,
        layer=layer.id,
        name=layer.keras_name,
        class_name=layer.class_name,
        outputs=check.nodes[node_id].outputs,
        parameters=check.layers[layer.id].parameters,
        trainable=layer.trainable,
        calls=calls[layer.id],
        sources=list(dict.fromkeys(edge.source for edge in topology.incoming[node_id])),
    )
