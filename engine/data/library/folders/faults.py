"""How errors about the files of a folder are said."""

from collections.abc import Sequence

from engine.errors import IssuesError
from engine.graph.issues import Issue

NAME_LENGTH = 120


def refuse(code: str, message: str, hint: str | None = None) -> IssuesError:
    """An error with one issue that says the same."""
    return IssuesError(code, message, hint, [Issue(code=code, message=message, hint=hint)])


def warn(code: str, message: str, hint: str | None = None) -> Issue:
    """Something to know that stops nothing."""
    return Issue(code=code, message=message, hint=hint, severity="warning")


def show(name: str) -> str:
    """A name from a file as it can stand in a message: in quotes, cut, and without anything that UTF-8 refuses."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return repr(text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…")


def show_some(names: Sequence[str], limit: int = 3) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(map(show, names[:limit]))
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit:,} more"
