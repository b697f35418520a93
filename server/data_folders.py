"""The folders of this machine whose files may become data sets, and what lies in them."""

import heapq
import os
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from engine.errors import EngineError
from server.schemas.data_folders import FolderListing, PlacedEntry

MOST_ENTRIES = 1_000
"""How many files and folders are listed of one."""

MOST_LOOKED_AT = 200_000
"""How many are counted: a folder may hold millions."""


class DataFolders:
    """Waits for the disk, so call it in a thread."""

    def __init__(self, folders: Sequence[Path]):
        self._given = folders

    @cached_property
    def _roots(self) -> list[Path]:
        return [Path(os.path.realpath(folder)) for folder in self._given]

    def find(self, given: str) -> Path:
        """The file or folder of that name, if it lies in an allowed folder.

        Raises:
            EngineError: `forbidden`.
        """
        try:
            # Links are followed first: one inside an allowed folder may lead out of it.
            path: Path | None = Path(os.path.realpath(given, strict=True))
        except (OSError, ValueError):
            path = None
        if path is None or not self._allows(path):
            raise EngineError(
                "forbidden",
                f"{given!r} is not in a folder whose data may be used; expected one inside"
                f" {', '.join(map(str, self._given)) or '(no folder is allowed)'}.",
                "The server's LAYERLOOM_DATA_FOLDERS says which those are.",
            )
        if not (path.is_file() or path.is_dir()):
            # A pipe or a device has no end, or waits for ever.
            raise EngineError("forbidden", f"{given!r} is neither a file nor a folder.")
        return path

    def look(self, given: str | None) -> FolderListing:
        """What lies in a folder; without one, the allowed folders that are there.

        Hidden files, links that lead out and what is neither file nor folder are passed over.

        Raises:
            EngineError: `forbidden`; `not_found` for a file, or a folder that cannot be read.
        """
        if given is None:
            roots = [_describe(path, str(path)) for path in self._roots if path.is_dir()]
            return FolderListing(path=None, parent=None, entries=roots)
        folder = self.find(given)
        try:
            with os.scandir(folder) as scan:
                # Folders first: those among very many files are the way on. A link to itself raises in `one.is_dir()`.
                keys = [(not os.path.isdir(one), one.name.casefold(), one.name) for one in islice(scan, MOST_LOOKED_AT)]
        except OSError as error:
            raise EngineError("not_found", f"{given!r} cannot be listed: {error.strerror}.") from error
        known = [key for key in keys if not key[-1].startswith(".")]
        shown = [name for _, _, name in heapq.nsmallest(MOST_ENTRIES, known)]
        entries = [_describe(folder / name, name) for name in shown if self._is_usable(folder / name)]
        parent = None if folder in self._roots else str(folder.parent)
        return FolderListing(path=str(folder), parent=parent, entries=entries, left_out=len(known) - len(shown))

    def _allows(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self._roots)

    def _is_usable(self, path: Path) -> bool:
        try:
            self.find(str(path))
        except EngineError:
            return False
        return True


def _describe(path: Path, name: str) -> PlacedEntry:
    # What is no valid Unicode is shown as such, and refused when it is asked for.
    shown, place = (text.encode("utf-8", "replace").decode() for text in (name, str(path)))
    return PlacedEntry(name=shown, path=place, bytes=None if path.is_dir() else path.stat().st_size)
