"""Settings of which only one can be there, with the ways to leave the other out."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from engine.graph.issues import Change, Fix, Issue
from engine.training.changes import point
from engine.training.findings import Finding, Findings

EXCLUSIVE: dict[str, tuple[tuple[str, str, JsonValue], ...]] = {
    "two_kinds_of_validation": (
        ("fit", "validation_split", 0.0),
        ("data", "validation", None),
    ),
    "split_and_validation_split": (
        ("fit", "validation_split", 0.0),
        ("data", "split", None),
    ),
    "split_and_validation_data": (
        ("data", "validation", None),
        ("data", "split", None),
    ),
    "two_kinds_of_weights": (
        ("fit", "class_weight", None),
        ("data", "sample_weights", None),
    ),
}
"""By the issue's code: section and name of each setting, and its value where it is left out."""


def take_with_fixes(findings: Findings, issues: Iterable[Issue]) -> None:
    """Adds issues; those about settings that exclude each other with a fix for either."""
    for issue in issues:
        propose = (lambda code=issue.code: _propose(code)) if issue.code in EXCLUSIVE else None
        findings.all.append(Finding(issue, propose))


def _propose(code: str) -> Iterator[Fix]:
    for section, setting, value in EXCLUSIVE[code]:
        label = f"Leave {section}.{setting} out" if value is None else f"Set {section}.{setting} to {value:g}"
        yield Fix(label=label, changes=[Change(op="add", path=point("training", section, setting), value=value)])
