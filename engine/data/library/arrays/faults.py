"""What can be wrong with files of arrays, said with the file, the array and the row."""

from engine.errors import IssuesError
from engine.graph.issues import Issue, Severity

MAX_NOTES = 50
"""A file may have thousands of arrays that cannot be used; nobody reads as many sentences."""


def refuse(code: str, message: str, hint: str | None = None, field: str | None = None) -> IssuesError:
    """The error with its one issue; `field` is the array at fault."""
    return IssuesError(code, message, hint, [tell(code, message, hint, field, "error")])


def tell(
    code: str, message: str, hint: str | None = None, field: str | None = None, severity: Severity = "warning"
) -> Issue:
    """An issue about an array."""
    return Issue(code=code, message=message, severity=severity, argument=field, hint=hint)


def printable(text: str) -> str:
    """Text that can be sent as UTF-8, whatever bytes a file had there."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")
