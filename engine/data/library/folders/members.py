"""What files there are in a folder or a zip, whichever it is."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from engine.data.library.folders.faults import refuse, show, show_some, warn
from engine.graph.issues import Issue

MAX_FILES = 200_000
"""Files and folders in one data set, of whatever kind."""

MAX_FILE_BYTES = 64 * 1024**2
"""The size of one file, as it lies there unpacked."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")

SYSTEM_NAMES = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file. `path` is how people read it, `key` how its container finds it."""

    path: tuple[str, ...]
    key: str

    @property
    def name(self) -> str:
        return "/".join(self.path)


@dataclass(slots=True)
class Listing:
    """All files and folders of a container, sorted by path, without hidden ones. `notes` say what was passed over."""

    members: list[Member]
    folders: set[tuple[str, ...]] = field(default_factory=set)
    notes: list[Issue] = field(default_factory=list)


class Container(Protocol):
    """A folder or zip. Its contents are read one after another; nothing is ever written."""

    @property
    def name(self) -> str: ...

    @property
    def listing(self) -> Listing: ...

    def read(self, member: Member, limit: int = MAX_FILE_BYTES) -> bytes:
        """The content of a file. May be called by several threads. Raises `IssuesError` where it cannot be read."""

    def close(self) -> None: ...


def split_name(name: str, container: str) -> tuple[str, ...]:
    """The parts of a path in a container. Names compare by what they look like, so they are in Unicode's form NFC.

    Raises:
        IssuesError: the path leads out of the container (`unsafe_path`), or nobody could read it (`unreadable_name`).
    """
    plain = name.replace("\\", "/")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if plain.startswith("/") or ".." in parts or plain[1:2] == ":":
        raise refuse(
            "unsafe_path",
            f"{show(container)} has a file named {show(name)}; expected paths inside of it.",
            "Make the archive anew from the folder itself.",
        )
    if CONTROL.search(plain):
        raise refuse(
            "unreadable_name", f"{show(container)} has a file with control characters in its name: {show(name)}."
        )
    if any(len(part) > 255 for part in parts):
        raise refuse(
            "unreadable_name", f"The name {show(name)} in {show(container)} is too long; at most 255 characters."
        )
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def is_hidden(path: tuple[str, ...]) -> bool:
    """Whether systems put it there, not people."""
    return any(part.startswith(".") or part in SYSTEM_NAMES for part in path)


def note_hidden(names: list[str]) -> list[Issue]:
    """Says which files were passed over because they are hidden."""
    return [warn("hidden_files", f"Hidden files were passed over: {show_some(names)}.")] if names else []


def refuse_equal_paths(members: Iterable[Member], container: str) -> None:
    """Raises `IssuesError` (`same_name_twice`) where two files have one path."""
    seen: set[tuple[str, ...]] = set()
    for member in members:
        if member.path in seen:
            raise refuse(
                "same_name_twice",
                f"{show(container)} has two files named {show(member.name)}; expected one of each name.",
            )
        seen.add(member.path)


def refuse_too_many(count: int, container: str) -> None:
    """Raises `IssuesError` (`too_many_files`)."""
    if count > MAX_FILES:
        raise refuse(
            "too_many_files",
            f"{show(container)} has {count:,} files and folders or more; expected at most {MAX_FILES:,}.",
            "Divide it, or keep it as arrays (npz or HDF5).",
        )


def refuse_too_large(name: str, size: int, limit: int) -> None:
    """Raises `IssuesError` (`file_too_large`)."""
    if size > limit:
        raise refuse(
            "file_too_large",
            f"The file {show(name)} has {size:,} bytes; expected at most {limit:,}.",
            "Make it smaller.",
        )
