"""Models and weights in the files that Keras writes."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.builder import link_graph
from engine.models.counting import count_parameters
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.scope import open_symbolic_scope, record_warnings


def save_file(
    graph: Graph,
    name: str,
    extension: str,
    save: Callable[["keras.Model", str], None],
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """What `save` writes for the model with freshly initialised weights. Nothing stays on the disk.

    Raises `GraphError`, and `EngineError` `model_too_large` before anything is allocated.
    """
    with open_symbolic_scope() as scope:
        model = link_graph(graph, name)
        _refuse_large_model(model, limits)
        scope.initialize_variables = True
    with TemporaryDirectory(prefix="layerloom-export-") as folder, record_warnings():
        path = Path(folder) / f"model{extension}"
        save(model, str(path))
        return path.read_bytes()


def _refuse_large_model(model: "keras.Model", limits: Limits) -> None:
    size = count_parameters("The model", model, limits).parameter_bytes
    if size > limits.max_export_bytes:
        raise EngineError(
            "model_too_large",
            f"The model's parameters take {size:,} bytes; expected at most {limits.max_export_bytes:,} in a file.",
            "Export it as Python or JSON, which hold no weights, or make it smaller.",
        )
