"""A graph as a file: one small function per format."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.graph.name_rules import suggest_name
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.drawing import draw_dot, lay_out
from engine.models.limits import DEFAULT_LIMITS
from engine.models.python_code import write_python
from engine.models.weight_files import save_file

Training = Mapping[str, JsonValue] | None


@dataclass(frozen=True)
class Export:
    """A file in memory."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True)
class Format:
    """One kind of file, and the function that makes it from the graph, the model's name and the training config."""

    media_type: str
    extension: str
    write: Callable[[Graph, str, Training], bytes]


def export_model(graph: Graph, format: str, name: str = "model", training: Training = None) -> Export:  # noqa: A002
    """The graph as a file of one of `FORMATS`, with freshly initialised weights where the format holds weights.

    `training` is a run's config as JSON; Python code then also compiles and fits. Raises `GraphError` with the issues
    where the graph does not build, and `EngineError` `unknown_format` or `model_too_large`.
    """
    if (chosen := FORMATS.get(format)) is None:
        raise EngineError(
            "unknown_format",
            f"There is no format {format!r}; expected one of {', '.join(FORMATS)}.",
            "Take one of these.",
        )
    model_name = suggest_name(name)
    content = chosen.write(graph, model_name, training)
    return Export(content, chosen.media_type, f"{model_name}{chosen.extension}")


def _write_keras(graph: Graph, name: str, _training: Training) -> bytes:
    return save_file(graph, name, ".keras", keras.Model.save)


def _write_h5(graph: Graph, name: str, _training: Training) -> bytes:
    return save_file(graph, name, ".h5", keras.Model.save, holds_operations=False)


def _write_weights(graph: Graph, name: str, _training: Training) -> bytes:
    return save_file(graph, name, ".weights.h5", keras.Model.save_weights)


def _write_json(graph: Graph, name: str, _training: Training) -> bytes:
    with open_symbolic_scope():
        config = link_graph(graph, name).to_json()
    return (json.dumps(json.loads(config), indent=2) + "\n").encode()


def _write_python(graph: Graph, name: str, training: Training) -> bytes:
    return write_python(graph, name, training).encode()


def _write_dot(graph: Graph, name: str, _training: Training) -> bytes:
    return draw_dot(graph, name, DEFAULT_LIMITS).encode()


def _write_svg(graph: Graph, name: str, _training: Training) -> bytes:
    return lay_out(draw_dot(graph, name, DEFAULT_LIMITS), "svg")


def _write_png(graph: Graph, name: str, _training: Training) -> bytes:
    return lay_out(draw_dot(graph, name, DEFAULT_LIMITS), "png")


FORMATS: dict[str, Format] = {
    "keras": Format("application/zip", ".keras", _write_keras),
    "h5": Format("application/x-hdf5", ".h5", _write_h5),
    "weights": Format("application/x-hdf5", ".weights.h5", _write_weights),
    "json": Format("application/json", ".json", _write_json),
    "python": Format("text/x-python", ".py", _write_python),
    "dot": Format("text/vnd.graphviz", ".dot", _write_dot),
    "svg": Format("image/svg+xml", ".svg", _write_svg),
    "png": Format("image/png", ".png", _write_png),
}
