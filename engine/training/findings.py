"""What a check has found: issues, each with the changes that may mend it and have not been tried yet."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.graph.issues import Fix, Issue, Severity

Propose = Callable[[], Iterator[Fix]]


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue without fixes, and what proposes some, the likeliest first."""

    issue: Issue
    propose: Propose | None = None


class Findings:
    """Gathers what is wrong, or only odd, in the order in which it is found."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    @property
    def ok(self) -> bool:
        """Whether nothing found so far is an error."""
        return not any(finding.issue.severity == "error" for finding in self.all)

    @property
    def issues(self) -> list[Issue]:
        """The issues alone."""
        return [finding.issue for finding in self.all]

    def take(self, issues: Iterable[Issue]) -> None:
        """Adds issues for which nothing is proposed."""
        self.all.extend(Finding(issue) for issue in issues)

    def error(
        self,
        code: str,
        argument: str | None,
        message: str,
        hint: str | None = None,
        *,
        node: str | None = None,
        propose: Propose | None = None,
    ) -> None:
        """Notes what keeps the model from training."""
        self._add("error", code, argument, message, hint, node, propose)

    def warn(
        self,
        code: str,
        argument: str | None,
        message: str,
        hint: str | None = None,
        *,
        node: str | None = None,
        propose: Propose | None = None,
    ) -> None:
        """Notes what lets the model train, but hardly as it is meant to."""
        self._add("warning", code, argument, message, hint, node, propose)

    def _add(
        self,
        severity: Severity,
        code: str,
        argument: str | None,
        message: str,
        hint: str | None,
        node: str | None,
        propose: Propose | None,
    ) -> None:
        issue = Issue(code=code, message=message, severity=severity, argument=argument, hint=hint, node=node)
        self.all.append(Finding(issue, propose))
