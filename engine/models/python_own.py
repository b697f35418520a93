"""Our own layers in exported code: their classes' source, so that a plain Keras runs it."""

import inspect
from collections.abc import Iterator

from pydantic import JsonValue

from engine.graph.document import Graph
from engine.layers.own.registry import PACKAGE, find_named_class, find_own_class
from engine.models.python_expressions import is_formula

HOME = "engine.layers.own."
"""Where the modules stand whose classes need nothing but Keras."""


def list_own_sources(graph: Graph) -> list[str]:
    """The source of the classes of our own that the graph uses, also inside wrappers and nested graphs, bases first.

    A class that needs more of Layerloom than its own source is imported.
    """
    imported: dict[type, str] = {}
    sources: dict[type, str] = {}
    for value in dict.fromkeys(_list_used(graph)):
        for base in reversed(value.__mro__):
            if base.__module__.startswith(HOME):
                sources[base] = inspect.getsource(base)
        if value not in sources:
            imported[value] = f"from {value.__module__} import {value.__name__}"
    return [*imported.values(), *sources.values()]


def _list_used(graph: Graph) -> Iterator[type]:
    for layer in graph.layers:
        found = find_own_class("layers", layer.class_name) if layer.package == PACKAGE else None
        if found is not None and not is_formula(layer):
            yield found
        yield from _list_nested(list(layer.config.values()))
        if layer.graph is not None:
            yield from _list_used(layer.graph)


def _list_nested(waiting: list[JsonValue]) -> Iterator[type]:
    """The classes that configs name inside other configs."""
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if found := find_named_class("layers", value):
                yield found
