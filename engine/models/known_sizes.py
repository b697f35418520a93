"""A graph whose inputs have sizes in place of the dimensions that they leave open."""

from collections.abc import Mapping, Sequence

import keras

from engine.errors import EngineError
from engine.graph.document import Graph, Layer
from engine.graph.topology import Topology
from engine.models.builder import link_nested
from engine.models.instantiate import FIELDS, make_layer
from engine.models.limits import DEFAULT_LIMITS

Shape = list[int | None]


def fix_sizes(graph: Graph, shapes: Mapping[str, Shape]) -> Graph:
    """The graph with these shapes (the batch first) at its inputs, by node. To be called in `open_symbolic_scope`."""
    topology = Topology(graph)
    by_layer = {topology.nodes[node_id].layer: shape for node_id, shape in shapes.items()}
    layers = [_fix_layer(layer, by_layer[layer.id]) if layer.id in by_layer else layer for layer in graph.layers]
    return graph.model_copy(update={"layers": layers})


def choose_shapes(graph: Graph, batch_size: int, dims: Mapping[str, Sequence[int | None]]) -> dict[str, Shape]:
    """The shape of each input: its own sizes first, then the given ones, and `batch_size` for an open batch.

    Inputs that Keras refuses are left out. To be called in `open_symbolic_scope`. Raises `EngineError`
    `unknown_input`, and `invalid_dims` where a given size does not fit the input.
    """
    topology = Topology(graph)
    inputs = [node_id for node_id in topology.nodes if topology.is_input(node_id)]
    for node_id in dims:
        if node_id not in inputs:
            raise EngineError(
                "unknown_input",
                f"The sizes name the node {node_id!r}; expected an input of the model: {', '.join(inputs) or 'none'}.",
                "Take the ids of nodes that call an InputLayer.",
            )
    shapes: dict[str, Shape] = {}
    for node_id in inputs:
        layer = topology.layers[topology.nodes[node_id].layer]
        if (made := _make_input(layer)) is not None:
            shapes[node_id] = _complete(node_id, list(made.batch_shape), batch_size, dims.get(node_id))
    return shapes


def _complete(node_id: str, own: Shape, batch_size: int, given: Sequence[int | None] | None) -> Shape:
    """The input's own sizes, and the given ones where it has none."""
    wanted = [batch_size, *(given if given is not None else own[1:])]
    if len(wanted) != len(own):
        raise _wrong_sizes(node_id, own, given)
    if any(size not in (None, fixed) for size, fixed in zip(wanted[1:], own[1:], strict=True) if fixed is not None):
        raise _wrong_sizes(node_id, own, given)
    return [size if fixed is None else fixed for size, fixed in zip(wanted, own, strict=True)]


def _wrong_sizes(node_id: str, own: Shape, given: Sequence[int | None] | None) -> EngineError:
    return EngineError(
        "invalid_dims",
        f"Input {node_id!r} has the shape {tuple(own)}; the sizes {tuple(given or ())} do not fit it."
        " Expected one size for each dimension after the batch, and its own wherever it has one.",
        "Give null for a dimension that stays unknown.",
    )


def _make_input(layer: Layer) -> "keras.layers.InputLayer | None":
    try:
        made = make_layer(layer, lambda graph, name: link_nested(graph, name, DEFAULT_LIMITS))
    except Exception:  # noqa: BLE001 - the check of the graph says what is wrong with the input
        return None
    return made if isinstance(made, keras.layers.InputLayer) else None


def _fix_layer(layer: Layer, shape: Shape) -> Layer:
    """The input with that shape and everything else as Keras reports it."""
    made = _make_input(layer)
    if made is None:
        return layer
    config = {key: value for key, value in made.get_config().items() if key not in FIELDS}
    return layer.model_copy(update={"config": {**config, "batch_shape": shape}, "name": layer.keras_name})
