"""Tries the changes that are proposed for an issue, and keeps those that really mend it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import jsonpatch
from jsonpointer import JsonPointerException
from pydantic import ValidationError

from engine.graph.document import Edge, Graph, Layer, Node
from engine.graph.issues import Change, Fix, Issue
from engine.training.config import RunConfig
from engine.training.findings import Finding

MOST_FIXES = 3
"""How many are kept for one issue."""

MOST_TRIALS = 8
"""How many are tried for one issue."""

MOST_SECONDS = 1.0
"""How long all trials of one check may compute together: the answer is waited for while somebody types.

It is the thread's own time, so that a busy machine answers later, and with the same fixes."""

Check = Callable[[Graph, RunConfig], list[Issue]]
Place = tuple[str, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in the thread's time, in seconds of `time.thread_time`."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The moment so many seconds from now."""
        return cls(time.thread_time() + seconds)

    @property
    def seconds_left(self) -> float:
        """How long it is until then, 0 afterwards."""
        return max(0.0, self.at - time.thread_time())


def attach_fixes(findings: Iterable[Finding], graph: Graph, config: RunConfig, check: Check) -> list[Issue]:
    """The issues, each with the proposed fixes after which it is gone and no other issue has come in its place.

    `check` is the same check, without fixes.
    """
    found = list(findings)
    before = [finding.issue for finding in found]
    waiting = sum(finding.propose is not None for finding in found)
    end = Deadline.after(MOST_SECONDS)
    issues = []
    for finding in found:
        fixes: list[Fix] = []
        if finding.propose is not None:
            # What the earlier ones leave is shared by the later ones, so that each gets its turn.
            fixes = _keep(finding, before, graph, config, check, Deadline.after(end.seconds_left / waiting))
            waiting -= 1
        issues.append(finding.issue.model_copy(update={"fixes": tuple(fixes)}) if fixes else finding.issue)
    return issues


def apply_fix(fix: Fix, graph: Graph, config: RunConfig) -> tuple[Graph, RunConfig] | None:
    """Graph and config with the fix; None where the patch does not apply, or makes no graph or no config."""
    document = {"graph": graph.model_dump(mode="json"), "training": config.model_dump(mode="json")}
    operations = [change.model_dump(exclude={"value"} if change.op == "remove" else None) for change in fix.changes]
    try:
        patched = jsonpatch.JsonPatch(operations).apply(document, in_place=True)
        return Graph.model_validate(patched["graph"]), RunConfig.model_validate(patched["training"])
    except (jsonpatch.JsonPatchException, JsonPointerException, TypeError, KeyError, ValidationError):
        return None


def _keep(
    finding: Finding, before: list[Issue], graph: Graph, config: RunConfig, check: Check, deadline: Deadline
) -> list[Fix]:
    kept: list[Fix] = []
    tried = 0
    for fix in finding.propose() if finding.propose is not None else ():
        if len(kept) == MOST_FIXES or tried == MOST_TRIALS or not deadline.seconds_left:
            break
        if any(all(change in fix.changes for change in other.changes) for other in kept):
            # A smaller change did it already.
            continue
        tried += 1
        changed = apply_fix(fix, graph, config)
        if changed is not None and changed != (graph, config) and _mends(finding.issue, before, check(*changed)):
            kept.append(fix)
    return [_pin(fix, graph) for fix in kept]


def _pin(fix: Fix, graph: Graph) -> Fix:
    """The fix with tests before it: it applies only while the pieces that it finds by their places are the same."""
    tests: dict[str, Change] = {}
    for change in fix.changes:
        match change.path.split("/"):
            case ["", "graph", "layers" | "nodes" | "edges" as part, place, _, *_] if place.isdigit():
                pieces: Sequence[Layer | Node | Edge] = getattr(graph, part)
                path = f"/graph/{part}/{place}/id"
                tests[path] = Change(op="test", path=path, value=pieces[int(place)].id)
    return fix.model_copy(update={"changes": [*tests.values(), *fix.changes]})


def _mends(issue: Issue, before: list[Issue], after: list[Issue]) -> bool:
    """Whether the issue is gone, and nothing is wrong that was right before."""
    allowed = Counter(map(_place, before))
    allowed[_place(issue)] -= 1
    return Counter(map(_place, after)) <= +allowed


def _place(issue: Issue) -> Place:
    """What makes an issue the same one: a fix may move it, as it does when each output gets a loss of its own."""
    setting = ".".join(issue.argument.split(".")[:2]) if issue.argument else None
    return (issue.code, setting, issue.node, issue.severity)
