"""Names of columns, each of its own."""

from collections.abc import Sequence

from engine.data.library.kinds import GivenFile
from engine.data.library.table.limits import MAX_COLUMNS, MAX_NAME_LENGTH
from engine.data.library.table.problems import describe, refuse
from engine.graph.issues import Issue


def check_width(file: GivenFile, columns: int) -> None:
    """Raises `IssuesError` for more columns than a table may have."""
    if columns > MAX_COLUMNS:
        raise refuse(
            "too_many_columns",
            f"{file.name}: expected at most {MAX_COLUMNS:,} columns, received {columns:,}",
            "Arrays of many numbers per sample are better stored as npy, npz or HDF5.",
        )


def settle_names(file: GivenFile, given: Sequence[str]) -> tuple[list[str], list[Issue]]:
    """A name for each column: where two are equal, the later ones get a number; nameless ones are named by their place.

    Raises `IssuesError` for a name that is too long.
    """
    taken: set[str] = {name.strip() for name in given}
    names: list[str] = []
    notes: list[Issue] = []
    used: set[str] = set()
    for place, raw in enumerate(given, 1):
        name = raw.strip()
        if len(name) > MAX_NAME_LENGTH:
            raise refuse(
                "long_name",
                f"{file.name}: column {place:,}: expected a name of at most {MAX_NAME_LENGTH} characters, received"
                f" {len(name):,}: {name[:40]!r}…",
            )
        settled = name if name and name not in used else find_free(name, place, taken | used)
        if settled != name:
            fault = f"has the name {name!r} again" if name else "has no name"
            notes.append(
                describe(
                    "column_renamed",
                    f"{file.name}: column {place:,} {fault}; it is called {settled!r} here",
                    severity="warning",
                )
            )
        used.add(settled)
        names.append(settled)
    return names, notes


def find_free(name: str, place: int, taken: set[str]) -> str:
    """A name that no other column has."""
    wish = f"{name[: MAX_NAME_LENGTH - 20]} ({place})" if name else f"column {place}"
    while wish in taken:
        wish += "'"
    return wish
