"""The imports of exported code for layers that an architecture of `keras.applications` defines for itself."""

import ast

from engine.graph.document import Graph
from engine.layers.application_layers import find_application_layer


def list_application_imports(graph: Graph) -> list[ast.stmt]:
    """One import for each such class that the graph or one inside it uses, in alphabetical order."""
    names = sorted(set(_list_names(graph)))
    found = [(name, value) for name in names if (value := find_application_layer(name)) is not None]
    return [ast.ImportFrom(value.__module__, [ast.alias(name)], 0) for name, value in found]


def is_application_layer(value: type) -> bool:
    """Whether exported code imports the class by its own name."""
    return find_application_layer(value.__name__) is value


def _list_names(graph: Graph) -> list[str]:
    own = [layer.class_name for layer in graph.layers if layer.package is None]
    return own + [name for layer in graph.layers if layer.graph is not None for name in _list_names(layer.graph)]
