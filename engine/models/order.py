"""What is to be exported, and its model: linked, looked over, and filled with weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import keras
from pydantic import JsonValue

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.formats import FileFormat
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.npz import Array
from engine.models.obstacles import find_obstacles
from engine.models.python_data import DataFinder
from engine.models.unlearned import list_unlearned_in_file, stand_in
from engine.models.weights import apply_weights, read_weights

Training = Mapping[str, JsonValue] | None
Weights = Mapping[str, list[Array]] | Path | None
"""Arrays by layer, an npz file of them, a file that Keras wrote (`.keras`, `.weights.h5`), or None for new ones."""


@dataclass(frozen=True)
class Order:
    """One export: the graph, the kind of file, the model's name, and what else goes into it."""

    graph: Graph
    format: FileFormat
    name: str
    training: Training = None
    find_data: DataFinder | None = None
    weights: Weights = None
    options: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS


def link_order(order: Order) -> "keras.Model":
    """The model with its weights only promised. To be called in `open_symbolic_scope`.

    Raises `GraphError` where the graph does not build or the format cannot hold it.
    """
    refuse_obstacles(list_unlearned_in_file(order.graph, order.format))
    model = link_graph(stand_in(order.graph), order.name, order.limits)
    refuse_obstacles(find_obstacles(order.graph, model, order.format, order.limits))
    return model


def fill_order(order: Order) -> "keras.Model":
    """The model with its weights: those of the order or, where it has none, new ones.

    Nothing is allocated before the whole graph has proved right and fit for the format. Raises `GraphError`, and
    `IssuesError` `weights_do_not_fit` where the weights are of another model.
    """
    with open_symbolic_scope() as scope:
        model = link_order(order)
        scope.initialize_variables = True
    if isinstance(order.weights, Path) and order.weights.suffix != ".npz":
        model.load_weights(order.weights)
    elif order.weights is not None:
        weights = read_weights(order.weights) if isinstance(order.weights, Path) else order.weights
        apply_weights(model, weights, graph=order.graph)
    return model


def refuse_obstacles(issues: list[Issue]) -> None:
    """Raises `GraphError` with the issues where one of them is an error."""
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise GraphError(errors[0].code, errors[0].message + more, errors[0].hint, issues)
