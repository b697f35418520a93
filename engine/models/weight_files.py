"""Models and weights in the files that Keras writes."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope, record_warnings
from engine.models.builder import link_graph
from engine.models.counting import count_parameters
from engine.models.limits import DEFAULT_LIMITS, Limits


def save_file(
    graph: Graph,
    name: str,
    extension: str,
    save: Callable[["keras.Model", str], None],
    limits: Limits = DEFAULT_LIMITS,
    *,
    holds_operations: bool = True,
) -> bytes:
    """What `save` writes for the model with freshly initialised weights. Nothing stays on the disk.

    `holds_operations` says whether a file of this kind can be read again where the model has operations that are not
    layers. Raises `GraphError`, and `EngineError` `model_too_large` or `format_cannot_hold` before anything is
    allocated.
    """
    with open_symbolic_scope() as scope:
        model = link_graph(graph, name)
        _refuse_large_model(model, limits)
        if not holds_operations:
            _refuse_operations(model, extension)
        scope.initialize_variables = True
    with TemporaryDirectory(prefix="layerloom-export-") as folder, record_warnings():
        path = Path(folder) / f"model{extension}"
        save(model, str(path))
        return path.read_bytes()


def _refuse_operations(model: "keras.Model", extension: str) -> None:
    """Keras writes such files without a word and then cannot read them."""
    operations = [operation for operation in model.operations if not isinstance(operation, keras.layers.Layer)]
    if operations:
        names = ", ".join(sorted({type(operation).__name__ for operation in operations}))
        raise EngineError(
            "format_cannot_hold",
            f"The model computes masks with the operations {names}, which Keras cannot read again from a {extension}"
            " file; expected layers only.",
            "Export it as .keras, or its weights alone.",
        )


def _refuse_large_model(model: "keras.Model", limits: Limits) -> None:
    size = count_parameters("The model", model, limits).parameter_bytes
    if size > limits.max_export_bytes:
        raise EngineError(
            "model_too_large",
            f"The model's parameters take {size:,} bytes; expected at most {limits.max_export_bytes:,} in a file.",
            "Export it as Python or JSON, which hold no weights, or make it smaller.",
        )
