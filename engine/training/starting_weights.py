"""The weights with which training starts, where those are not new ones."""

from pathlib import Path

import keras

from engine.errors import EngineError, IssuesError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.results import CompileResult
from engine.models.weight_results import list_fit_issues
from engine.models.weights import apply_weights, fit_weights, read_weight_shapes, read_weights

ARGUMENT = "weights"
"""The setting in a run's config."""


def load_starting_weights(model: "keras.Model", graph: Graph, path: Path | None) -> None:
    """Puts the weights of the npz file into the graph's model; without a file it keeps its own.

    Raises `IssuesError` `weights_do_not_fit`, and `EngineError` where the file cannot be read.
    """
    if path is not None:
        apply_weights(model, read_weights(path), graph=graph)


def check_starting_weights(result: CompileResult, graph: Graph, sha256: str | None, path: Path | None) -> CompileResult:
    """The result of a check, with what speaks against starting with these weights. Reads no weights, only shapes.

    `sha256` is what the config asks for, `path` the file, None where there is no such file.
    """
    if sha256 is None or not result.check.ok:
        return result
    issues = _find_issues(graph, sha256, path)
    if not issues:
        return result
    return result.model_copy(update={"ok": False, "issues": [*result.issues, *issues]})


def _find_issues(graph: Graph, sha256: str, path: Path | None) -> list[Issue]:
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
            fit = fit_weights(link_graph(graph, "model"), shapes)
    except IssuesError as error:
        return error.issues
    except EngineError as error:
        return [Issue(code=error.code, message=error.message, hint=error.hint, argument=ARGUMENT)]
    return [
        issue.model_copy(update={"argument": ARGUMENT, "hint": "Start from new weights, or change the layer back."})
        for issue in list_fit_issues(fit, graph)
    ]
