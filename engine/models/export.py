"""A graph as a file: one small function per format."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras

from engine.errors import EngineError, GraphError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.graph.name_rules import suggest_name
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.drawing import draw_dot, lay_out, list_drawing_options
from engine.models.formats import FORMATS, ExportChoice, ExportChoices
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.obstacles import find_obstacles
from engine.models.order import Order, Training, Weights, link_order
from engine.models.python_code import write_python
from engine.models.python_data import DataFinder
from engine.models.unlearned import stand_in
from engine.models.weight_files import save_file
from engine.models.weight_results import list_fit_issues
from engine.models.weights import fit_weights, read_weight_shapes


@dataclass(frozen=True)
class Export:
    """A file in memory."""

    content: bytes
    media_type: str
    filename: str


def export_model(
    graph: Graph,
    format: str,  # noqa: A002
    name: str = "model",
    training: Training = None,
    *,
    find_data: DataFinder | None = None,
    weights: Weights = None,
    options: Mapping[str, str] | None = None,
) -> Export:
    """The graph as a file of one of `FORMATS`.

    A format that holds weights gets `weights` (arrays by layer, or a file of them) or, without any, freshly
    initialised ones. `training` is a run's config as JSON; Python code then also compiles and fits, and loads the
    data where `find_data` (of `engine.training.exported_data`) says how. `options` are the arguments
    of a drawing, as texts.

    Raises `GraphError` with the issues where the graph does not build or the format cannot hold it, `EngineError`
    `unknown_format`, `unknown_option` or `invalid_option`, and what `read_weights` and `apply_weights` raise.
    """
    if (chosen := FORMATS.get(format)) is None:
        raise EngineError(
            "unknown_format",
            f"There is no format {format!r}; expected one of {', '.join(FORMATS)}.",
            "Take one of these.",
        )
    if options and chosen.group != "drawing":
        raise EngineError(
            "unknown_option",
            f"The format {format!r} has no options; received {', '.join(sorted(options))}.",
            "Leave them out.",
        )
    order = Order(graph, chosen, suggest_name(name), training, find_data, weights, options or {})
    return Export(WRITERS[format](order), chosen.media_type, f"{order.name}{chosen.extension}")


def list_choices(
    graph: Graph, name: str = "model", *, weights: Path | None = None, limits: Limits = DEFAULT_LIMITS
) -> ExportChoices:
    """Every format with what is known of it for this graph without writing the file. Raises for no document.

    `weights` is the npz file of the model's weights, which may not fit any more.
    """
    options = list_drawing_options()
    with open_symbolic_scope():
        try:
            model = link_graph(stand_in(graph), suggest_name(name), limits)
        except GraphError as error:
            formats = [ExportChoice(**file.model_dump()) for file in FORMATS.values()]
            return ExportChoices(issues=error.issues, formats=formats, drawing_options=options)
        formats = []
        for file in FORMATS.values():
            issues = find_obstacles(graph, model, file, limits)
            obstacles = [issue for issue in issues if issue.severity == "error"]
            warnings = [issue for issue in issues if issue.severity == "warning"]
            formats.append(ExportChoice(**file.model_dump(), obstacles=obstacles, warnings=warnings))
        misfit = _find_misfit(graph, model, weights) if weights is not None else []
    return ExportChoices(weights_issues=misfit, formats=formats, drawing_options=options)


def _find_misfit(graph: Graph, model: "keras.Model", weights: Path) -> list[Issue]:
    try:
        return list_fit_issues(fit_weights(model, read_weight_shapes(weights)), graph)
    except EngineError as error:
        return [Issue(code=error.code, message=error.message, hint=error.hint)]


def _write_json(order: Order) -> bytes:
    with open_symbolic_scope():
        config = link_order(order).to_json()
    return (json.dumps(json.loads(config), indent=2) + "\n").encode()


def _write_saved_model(order: Order) -> bytes:
    from engine.models.serving_files import write_saved_model

    return write_saved_model(order)


def _write_onnx(order: Order) -> bytes:
    from engine.models.serving_files import write_onnx

    return write_onnx(order)


def _write_litert(order: Order) -> bytes:
    from engine.models.serving_files import write_litert

    return write_litert(order)


WRITERS: dict[str, Callable[[Order], bytes]] = {
    "keras": lambda order: save_file(order, keras.Model.save),
    "h5": lambda order: save_file(order, keras.Model.save),
    "weights": lambda order: save_file(order, keras.Model.save_weights),
    "json": _write_json,
    "python": lambda order: write_python(order.graph, order.name, order.training, order.find_data).encode(),
    "savedmodel": _write_saved_model,
    "onnx": _write_onnx,
    "litert": _write_litert,
    "dot": lambda order: draw_dot(order).encode(),
    "svg": lambda order: lay_out(order, "svg"),
    "png": lambda order: lay_out(order, "png"),
}
