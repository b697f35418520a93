"""The weights with which training starts, where those are not new ones."""

from pathlib import Path

import keras

from engine.errors import EngineError, IssuesError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.results import CompileResult
from engine.models.unlearned import stand_in
from engine.models.weight_changes import refuse_if_none_fits
from engine.models.weight_results import WeightsFit, list_fit_issues
from engine.models.weights import apply_weights, fit_weights, read_weight_shapes, read_weights
from engine.training.config import RunConfig

ARGUMENT = "weights"
"""The setting in a run's config."""


def load_starting_weights(
    model: "keras.Model", graph: Graph, path: Path | None, *, partial: bool = False
) -> WeightsFit | None:
    """Puts the weights of the npz file into the graph's model, and says which layers got theirs.

    Without a file the model keeps its own weights; so do, with `partial`, the layers that the file does not fit. Raises
    `IssuesError` `weights_do_not_fit` (with `partial` where no layer fits), and `EngineError` where the file cannot be
    read.
    """
    if path is None:
        return None
    fit = apply_weights(model, read_weights(path), strict=not partial, graph=graph)
    if partial:
        refuse_if_none_fits(fit, graph)
    return fit


def check_starting_weights(result: CompileResult, graph: Graph, config: RunConfig, path: Path | None) -> CompileResult:
    """The result of a check, with what speaks against starting with these weights. Reads no weights, only shapes.

    `path` is the file of the weights that the config asks for, None where there is no such file.
    """
    if config.weights is None or not result.check.ok:
        return result
    issues = _find_issues(graph, config.weights, path, partial=config.partial_weights)
    if not issues:
        return result
    return result.model_copy(update={"ok": False, "issues": [*result.issues, *issues]})


def _find_issues(graph: Graph, sha256: str, path: Path | None, *, partial: bool) -> list[Issue]:
    if path is None:
        return [
            Issue(
                code="unknown_weights",
                argument=ARGUMENT,
                message=f"There are no weights {sha256!r}; expected the SHA-256 of stored weights.",
                hint="Start from new weights, or read the model again and take the weights that it has now.",
            )
        ]
    try:
        shapes = read_weight_shapes(path)
        with open_symbolic_scope():
            fit = fit_weights(link_graph(stand_in(graph), "model"), shapes)
    except IssuesError as error:
        return error.issues
    except EngineError as error:
        return [Issue(code=error.code, message=error.message, hint=error.hint, argument=ARGUMENT)]
    if partial and fit.kept:
        return []
    return [
        issue.model_copy(update={"argument": ARGUMENT, "hint": "Start from new weights, or change the layer back."})
        for issue in list_fit_issues(fit, graph)
    ]
