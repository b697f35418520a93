"""A folder on this machine, read in place."""

import os
import stat
from pathlib import Path

from engine.data.library.folders.faults import refuse, show, show_some, warn
from engine.data.library.folders.members import (
    MAX_FILE_BYTES,
    Listing,
    Member,
    is_hidden,
    note_hidden,
    refuse_equal_paths,
    refuse_too_large,
    refuse_too_many,
    split_name,
)

MAX_DEPTH = 32


class FolderContainer:
    """The files of a folder. Links are passed over: they could lead anywhere.

    Raises:
        IssuesError: it cannot be read, or holds too much.
    """

    def __init__(self, name: str, path: Path):
        self.name = name
        self._root = path
        self._count = 0
        self._members: list[Member] = []
        self._folders: set[tuple[str, ...]] = set()
        self._hidden: list[str] = []
        self._special: list[str] = []
        try:
            self._walk(path, ())
        except OSError as error:
            raise refuse("unreadable_folder", f"The folder {show(name)} cannot be read: {error.strerror}.") from error
        refuse_equal_paths(self._members, name)
        notes = note_hidden(self._hidden)
        if self._special:
            links = f"Links and what is no ordinary file were passed over: {show_some(self._special)}."
            notes.append(warn("links", links, "Put the files themselves into the folder."))
        self.listing = Listing(sorted(self._members, key=lambda one: one.path), self._folders, notes)

    def read(self, member: Member, limit: int = MAX_FILE_BYTES) -> bytes:
        """The content of a file. Raises `IssuesError` where it cannot be read, is too large, or no file any more."""
        try:
            # Neither a link nor a pipe that was put there meanwhile is followed or waited for.
            number = os.open(self._root / member.key, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(number, "rb") as file:
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    raise refuse("not_a_file", f"{show(member.name)} in {show(self.name)} is no file.")
                content = file.read(limit + 1)
        except OSError as error:
            message = f"The file {show(member.name)} in {show(self.name)} cannot be read: {error.strerror}."
            raise refuse("broken_file", message) from error
        refuse_too_large(member.name, len(content), limit)
        return content

    def close(self) -> None:
        """Nothing is open."""

    def _walk(self, folder: Path, above: tuple[str, ...]) -> None:
        if len(above) > MAX_DEPTH:
            raise refuse("too_deep", f"{show('/'.join(above))} is in more than {MAX_DEPTH} folders.")
        with os.scandir(folder) as entries:
            for entry in entries:
                self._count += 1
                refuse_too_many(self._count, self.name)
                self._take(entry, above)

    def _take(self, entry: os.DirEntry[str], above: tuple[str, ...]) -> None:
        # A backslash is a character like others in the names of a Unix folder, a colon too.
        name = entry.name.encode("utf-8", "backslashreplace").decode()
        path = (*above, *split_name(name.replace("\\", "_").replace(":", "_"), self.name))
        if is_hidden(path):
            self._hidden.append("/".join(path))
        elif entry.is_dir(follow_symlinks=False):
            self._folders.add(path)
            self._walk(Path(entry.path), path)
        elif entry.is_file(follow_symlinks=False):
            self._members.append(Member(path, os.path.relpath(entry.path, self._root)))
        else:
            self._special.append("/".join(path))
