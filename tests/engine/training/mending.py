"""Applies a fix as the page does, and sees that it mends: checked again, and trained for a step."""

import jsonpatch

from engine.graph.document import Graph
from engine.graph.issues import Fix, Issue
from engine.models.results import CompileResult
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.loop import train


def find_issue(result: CompileResult, code: str) -> Issue:
    """The one issue with that code."""
    (issue,) = [issue for issue in result.issues if issue.code == code]
    return issue


def apply(fix: Fix, graph: Graph, config: RunConfig) -> tuple[Graph, RunConfig]:
    """Graph and config after RFC 6902."""
    document = {"graph": graph.model_dump(mode="json"), "training": config.model_dump(mode="json")}
    changed = jsonpatch.apply_patch(document, [change.model_dump() for change in fix.changes])
    return Graph.model_validate(changed["graph"]), RunConfig.model_validate(changed["training"])


def mend(checker, graph: Graph, config: RunConfig, code: str, folder) -> tuple[Issue, list[str]]:
    """The issue with that code, and the labels of its fixes: each makes the issue go away, and the first one trains."""
    issue = find_issue(check_compile(checker, graph, config), code)
    assert issue.fixes, "nothing is offered"
    for place, fix in enumerate(issue.fixes):
        mended = apply(fix, graph, config)
        result = check_compile(checker, *mended)
        assert code not in [one.code for one in result.issues], fix.label
        assert result.ok, (fix.label, result.issues)
        if place == 0:
            train_one_step(*mended, folder)
    return issue, [fix.label for fix in issue.fixes]


def train_one_step(graph: Graph, config: RunConfig, folder) -> dict[str, list[float]]:
    """Keras's history of a single step."""
    fit = config.fit.model_copy(update={"epochs": 1, "steps_per_epoch": 1, "validation_split": 0.0})
    history: dict[str, list[float]] = train(graph, config.model_copy(update={"fit": fit}), folder).history
    return history
