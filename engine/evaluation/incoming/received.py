"""What came in for a model's inputs, and a list of everything that is wrong with it."""

from dataclasses import dataclass, field

from engine.errors import IssuesError
from engine.evaluation.arrays import Array
from engine.graph.issues import Issue

MOST_ISSUES = 20
SHOWN = 60
"""Characters of what somebody sent that are said back to them."""


@dataclass(frozen=True, slots=True)
class Received:
    """One array for each of the model's inputs, the samples first; `remarks` say what was done to what came."""

    arrays: list[Array]
    remarks: list[str] = field(default_factory=list)


class RowIssues:
    """Gathers what is wrong, so that a person sees it all at once. The first ones are kept, all are counted."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.count = 0

    def add(self, code: str, place: str, message: str, hint: str | None = None) -> None:
        """Notes an error at a place such as `rows.3`."""
        self.count += 1
        if len(self.issues) < MOST_ISSUES:
            self.issues.append(Issue(code=code, message=message, argument=place, hint=hint))

    def raise_if_any(self) -> None:
        """Raises `IssuesError` `rows_do_not_fit`."""
        if self.issues:
            more = f" (and {self.count - 1} more)" if self.count > 1 else ""
            first = self.issues[0]
            raise IssuesError("rows_do_not_fit", first.message + more, first.hint, self.issues)
