"""Two graphs compared, with what Keras counts on both sides."""

from engine.graph.diff import compare_graphs
from engine.graph.differences import DiffResult, GraphCounts, GraphDiff
from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.models.results import CheckResult


def diff_graphs(checker: GraphChecker, before: Graph, after: Graph) -> DiffResult:
    """The differences, with parameter counts of both graphs and of each changed layer. Raises for no document."""
    old, new = checker.check(before), checker.check(after)
    return DiffResult(
        before=_count(before, old),
        after=_count(after, new),
        diff=_add_parameters(compare_graphs(before, after), old, new),
    )


def _count(graph: Graph, check: CheckResult) -> GraphCounts:
    return GraphCounts(
        ok=check.ok,
        nodes=len(graph.nodes),
        layers=len(graph.layers),
        parameters=check.parameters,
        trainable_parameters=check.trainable_parameters,
        parameter_bytes=check.parameter_bytes,
    )


def _add_parameters(diff: GraphDiff, old: CheckResult | None, new: CheckResult | None) -> GraphDiff:
    """The same differences with the parameter counts of the layers, where the checks have them."""
    layers = [
        change.model_copy(
            update={
                "parameters_before": _parameters_of(change.before, old),
                "parameters_after": _parameters_of(change.after, new),
                "nested": change.nested
                and _add_parameters(change.nested, _look_inside(change.before, old), _look_inside(change.after, new)),
            }
        )
        for change in diff.layers
    ]
    return diff.model_copy(update={"layers": layers})


def _parameters_of(layer_id: str | None, check: CheckResult | None) -> int | None:
    found = check.layers.get(layer_id) if check and layer_id else None
    return found.parameters if found else None


def _look_inside(layer_id: str | None, check: CheckResult | None) -> CheckResult | None:
    return check.nested.get(layer_id) if check and layer_id else None
