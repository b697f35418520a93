"""What is wrong with a table, said with file, row and column."""

from engine.data.library.kinds import GivenFile
from engine.errors import IssuesError
from engine.graph.issues import Issue, Severity


def describe(
    code: str, message: str, hint: str | None = None, argument: str | None = None, severity: Severity = "error"
) -> Issue:
    """An issue of a table; `argument` is the path of the option or field that mends it, where there is one."""
    return Issue(code=code, message=message, hint=hint, argument=argument, severity=severity)


def refuse(code: str, message: str, hint: str | None = None, argument: str | None = None) -> IssuesError:
    """The error for a table that cannot be read as asked."""
    return IssuesError(code, message, hint, [describe(code, message, hint, argument)])


def refuse_cell(
    file: GivenFile, row: int, column: str, expected: str, received: object, hint: str | None = None
) -> IssuesError:
    """The error for a cell; `row` counts from 1 as a spreadsheet does, the header included."""
    shown = received if isinstance(received, str) else str(received)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    where = f"{file.name}: row {row:,}, column {column!r}"
    return refuse("bad_cell", f"{where}: expected {expected}, received {shown!r}", hint, f"options.columns.{column}")
