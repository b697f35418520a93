"""The Python that a model's layers bring, for exported code."""

from collections.abc import Iterator

from engine.errors import EngineError
from engine.graph.document import Graph, Layer
from engine.layers.code import PACKAGE


def list_sources(graph: Graph) -> list[str]:
    """The source of every class that the graph's layers bring, each once, and a line that registers it with Keras.

    Raises `EngineError` (`class_defined_twice`) where two layers define one class in two ways.
    """
    sources: dict[str, str] = {}
    for layer in _walk(graph):
        code = layer.code or ""
        if sources.setdefault(layer.class_name, code) != code:
            raise EngineError(
                "class_defined_twice",
                f"Two layers bring different Python for the class {layer.class_name!r}; expected one in a file.",
                "Rename one of the classes.",
            )
    return [
        f"{code.rstrip()}\n\n\nkeras.saving.register_keras_serializable({PACKAGE!r})({class_name})\n"
        for class_name, code in sources.items()
    ]


def _walk(graph: Graph) -> Iterator[Layer]:
    used = {node.layer for node in graph.nodes}
    for layer in graph.layers:
        if layer.package == PACKAGE and layer.id in used:
            yield layer
        if layer.graph is not None:
            yield from _walk(layer.graph)
