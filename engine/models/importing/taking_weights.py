"""The weights that a file has for the model that was made of it."""

from pathlib import Path

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.layers.scope import record_warnings
from engine.models.check import GraphChecker
from engine.models.importing.results import ImportResult
from engine.models.weight_changes import replace_all_weights

MOST_NAMED = 10


def has_no_weights(graph: Graph) -> bool:
    """Whether the graph's model works without any."""
    check = GraphChecker().check(graph)
    return check.ok and not check.parameters


def take_weights(result: ImportResult, source: Path, destination: Path | None) -> ImportResult:
    """The result with the weights of `source` written to `destination`; the report says which layers get none.

    Weights never keep a model from being imported.
    """
    if destination is None or has_no_weights(result.graph):
        return result
    try:
        with record_warnings():
            stored = replace_all_weights(result.graph, source, destination, None, strict=False)
    except EngineError as error:
        message = f"The weights in the file were left out: {error.message}"
        result.report.append(Issue(code="weights_left_out", message=message, severity="warning"))
        return result
    if stored.fit.kept:
        result.weights = stored
    if missing := [layer.layer for layer in stored.fit.not_kept]:
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        message = (
            f"The file's weights do not fit {len(missing)} of the layers: {', '.join(missing[:MOST_NAMED])}{more}."
        )
        result.report.append(Issue(code="weights_left_out", message=message, severity="warning"))
    return result
