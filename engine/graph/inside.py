"""Changes a graph inside another one, by the ids of the layers that lead to it, the outermost first."""

from collections.abc import Callable, Sequence

from engine.errors import EngineError
from engine.graph.document import Graph, Layer, Layout

Change = Callable[[Graph, Layout], tuple[Graph, Layout]]


def change_inside(graph: Graph, layout: Layout, path: Sequence[str], change: Change) -> tuple[Graph, Layout]:
    """The whole graph and layout with `change` made at the end of the path. Raises `EngineError` `not_found`."""
    if not path:
        return change(graph, layout)
    layer_id, rest = path[0], path[1:]
    inner = _open(graph, layer_id), layout.nested.get(layer_id, Layout())
    changed, moved = change_inside(*inner, rest, change)

    def replace(layer: Layer) -> Layer:
        return layer.model_copy(update={"graph": changed}) if layer.id == layer_id else layer

    return (
        graph.model_copy(update={"layers": [replace(layer) for layer in graph.layers]}),
        layout.model_copy(update={"nested": {**layout.nested, layer_id: moved}} if moved != inner[1] else {}),
    )


def _open(graph: Graph, layer_id: str) -> Graph:
    layer = next((one for one in graph.layers if one.id == layer_id), None)
    if layer is None:
        raise EngineError("not_found", f"The graph has no layer {layer_id!r} to go into.", "Take an id that it has.")
    if layer.graph is None:
        raise EngineError("not_found", f"Layer {layer_id!r} holds no graph.", "Take a layer that is a model.")
    return layer.graph
