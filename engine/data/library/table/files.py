"""Which files a table is made of: those that were sent, and the tables in folders and zips among them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from posixpath import basename

from engine.data.library.folders.contents import TABLES
from engine.data.library.folders.faults import show_some
from engine.data.library.folders.folder_container import FolderContainer
from engine.data.library.folders.zip_container import ZipContainer, is_zip
from engine.data.library.kinds import GivenFile
from engine.data.library.table.byte_stream import ZippedFile
from engine.data.library.table.limits import MAX_FILES
from engine.data.library.table.problems import describe, refuse
from engine.graph.issues import Issue


@contextmanager
def open_files(files: Sequence[GivenFile]) -> Iterator[tuple[list[GivenFile], list[Issue]]]:
    """The files of tables, in the order in which they were sent or are listed, with notes on others that are there.

    Zips stay open as long as the block lasts. Raises `IssuesError`.
    """
    with ExitStack() as opened:
        found: list[GivenFile] = []
        notes: list[Issue] = []
        for file in files:
            above = f"{file.name}/" if len(files) > 1 else ""
            if file.path.is_dir():
                folder = FolderContainer(file.name, file.path)
                inside: list[GivenFile] = [
                    GivenFile(above + one.name, file.path / one.key)
                    for one in folder.listing.members
                    if TABLES.includes(one.name)
                ]
                listing = folder.listing
            elif is_zip(file.path):
                archive = ZipContainer(file.name, file.path)
                opened.callback(archive.close)
                listing = archive.listing
                members = [one for one in listing.members if TABLES.includes(one.name)]
                archive.refuse_bomb(members)
                inside = [ZippedFile(above + one.name, file.path, archive, one) for one in members]
            else:
                found.append(file)
                continue
            found += inside
            others = [one.name for one in listing.members if not TABLES.includes(one.name)]
            notes += listing.notes
            if others:
                message = f"{file.name}: passed over what is no table by its name: {show_some(others)}"
                notes.append(describe("not_tables", message, severity="warning"))
        yield found, notes


def choose_files(files: Sequence[GivenFile], patterns: Sequence[str]) -> list[GivenFile]:
    """Those that one of the patterns (`2024-*.csv`) fits; all where there is none. Raises `IssuesError` for none."""
    if not patterns:
        chosen = list(files)
    else:
        chosen = [
            one
            for one in files
            if any(fnmatchcase(one.name, pattern) or fnmatchcase(basename(one.name), pattern) for pattern in patterns)
        ]
    if not chosen:
        given = [one.name for one in files]
        asked = f"that fits {show_some(patterns)}" if patterns else "with a table (.csv, .tsv, .parquet)"
        raise refuse(
            "no_such_file",
            f"expected a file {asked}, received {show_some(given) if given else 'none'}",
            argument="options.files",
        )
    names = Counter(one.name for one in chosen)
    if twice := [name for name, times in names.items() if times > 1]:
        raise refuse("same_name_twice", f"two files are named {twice[0]!r}; expected a name of its own for each")
    if len(chosen) > MAX_FILES:
        raise refuse(
            "too_many_files",
            f"expected at most {MAX_FILES:,} files as one table, received {len(chosen):,}",
            "Join some of them.",
            "options.files",
        )
    return chosen
