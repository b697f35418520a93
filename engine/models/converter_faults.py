"""What a converter lacks, traced back to the layers of the document that need it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import keras

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.explain import read_message
from engine.models.obstacles import tell_nodes
from engine.models.order import Order
from engine.models.places import Place, list_places

LITERT_LOCATION = re.compile(r'fused\["(\w+):", "([^"@]+)')
LITERT_CALLS = ("PartitionedCall", "StatefulPartitionedCall")
MARK = re.compile(r"mark(\d+)mark")
HINT = "Export it as a SavedModel, which holds all that TensorFlow can compute, or as .keras."


@dataclass(frozen=True)
class Missing:
    """An operation of TensorFlow that the other format has not, and where it stands in TensorFlow's graph."""

    operation: str
    path: str


class ConversionError(Exception):
    """The converter to a format (by its title) lacks operations."""

    def __init__(self, title: str, missing: list[Missing]):
        super().__init__(f"{title} has no operation for TensorFlow's {_list_operations(missing)}.")
        self.missing = missing


def read_litert_error(text: str) -> list[Missing]:
    """What the LiteRT converter complains of; empty where it names nothing."""
    places = [
        Missing(operation, path)
        for line in text.splitlines()
        if "error:" in line
        for operation, path in LITERT_LOCATION.findall(line)
        if operation not in LITERT_CALLS
    ]
    return list(dict.fromkeys(places))


def explain_conversion(
    order: Order, error: Exception, find_missing: Callable[["keras.Model"], list[Missing]]
) -> list[Issue]:
    """The issues of a conversion that failed, on the nodes that need what the converter lacks.

    TensorFlow changes names that it has seen before, so the graph is converted once more with names that can be told
    apart whatever is added to them. Where that names no layer, the issue is about the model as a whole.
    """
    places = list(list_places(order.graph))
    by_place: dict[int, list[Missing]] = {}
    for missing in find_missing(_make_marked_model(order)) if isinstance(error, ConversionError) else []:
        if marks := MARK.findall(missing.path):
            by_place.setdefault(int(marks[-1]), []).append(missing)
    title = order.format.title
    issues = [issue for number, missing in by_place.items() for issue in _tell(places[number], title, missing)]
    if issues:
        return issues
    reason = str(error) if isinstance(error, ConversionError) else f"its converter says: {read_message(error)}"
    return [Issue(code="format_cannot_hold", message=f"The model cannot be converted to {title}: {reason}", hint=HINT)]


def _tell(place: Place, title: str, missing: list[Missing]) -> list[Issue]:
    layer = place.layer
    needs = f"{layer.class_name} {layer.keras_name!r} needs TensorFlow's {_list_operations(missing)}"
    return tell_nodes(place, f"{needs}, which {title} cannot hold.", HINT)


def _list_operations(missing: list[Missing]) -> str:
    return ", ".join(sorted({one.operation for one in missing}))


def _make_marked_model(order: Order) -> "keras.Model":
    """The order's model with new weights, whose layers are called by their places' numbers."""
    graph = order.graph.model_copy(deep=True)
    _mark(graph, 0)
    with open_symbolic_scope() as scope:
        model = link_graph(graph, "model", order.limits)
        scope.initialize_variables = True
    return model


def _mark(graph: Graph, number: int) -> int:
    """Names the layers that are called in the order of `list_places`; answers the number after the last."""
    called = {node.layer for node in graph.nodes}
    for layer in graph.layers:
        if layer.id in called:
            layer.name, number = f"mark{number}mark", number + 1
            if layer.graph is not None:
                number = _mark(layer.graph, number)
    return number
