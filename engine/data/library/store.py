"""The folder of people's own data: files by their content, data sets by their name, and those in the making.

Imports nothing heavy: the server keeps it. All of it is on one disk, so that a data set appears whole or not at all.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from engine.data.library.library_name import NAME
from engine.data.library.manifest import MANIFEST_NAME, Manifest, StoredFile
from engine.errors import EngineError


class LibraryStore:
    """What is kept in a data folder. Paths are made of checked names and hashes only."""

    def __init__(self, folder: Path):
        self.files = folder / "files"
        self.sets = folder / "sets"
        self.making = folder / "making"

    def file(self, sha256: str) -> Path:
        """Where a file with this content is."""
        return self.files / sha256

    def list_manifests(self) -> Iterator[Manifest]:
        """The data sets that are ready, by name."""
        for path in sorted(self.sets.glob(f"*/{MANIFEST_NAME}")):
            if (manifest := self._read(path.parent.name)) is not None:
                yield manifest

    def has(self, name: str) -> bool:
        """Whether something of this name is there, also what cannot be read."""
        return NAME.fullmatch(name) is not None and (self.sets / name).exists()

    def read_manifest(self, name: str) -> Manifest:
        """What is known of a data set. Raises `EngineError` `unknown_dataset`."""
        if (manifest := self._read(name)) is None:
            raise unknown(name, [one.name for one in self.list_manifests()])
        return manifest

    def list_used(self) -> set[str]:
        """The hashes of all files that data sets were made of."""
        return {one.sha256 for each in self.list_manifests() for one in each.files if isinstance(one, StoredFile)}

    def begin(self) -> Path:
        """A new folder to make a data set in."""
        folder = self.making / uuid4().hex
        folder.mkdir(parents=True)
        return folder

    def publish(self, made: Path, name: str) -> None:
        """Gives a folder that is whole its place.

        Raises:
            EngineError: `conflict` where there is a data set of this name.
        """
        self.sets.mkdir(parents=True, exist_ok=True)
        try:
            made.rename(self.sets / name)
        except OSError as error:
            if self.has(name):
                raise taken(name) from error
            raise
        sync_folder(self.sets)

    def take_away(self, name: str) -> Path:
        """Moves a data set out of sight: the folder to remove, which may take a while. Whoever has mapped it keeps it.

        Raises:
            EngineError: `unknown_dataset`.
        """
        if not self.has(name):
            raise unknown(name, [one.name for one in self.list_manifests()])
        gone = self.begin()
        (self.sets / name).rename(gone / "gone")
        sync_folder(self.sets)
        return gone

    def remove_unfinished(self) -> None:
        """Removes what an earlier server was making, or removing, when it ended."""
        shutil.rmtree(self.making, ignore_errors=True)

    def _read(self, name: str) -> Manifest | None:
        if not NAME.fullmatch(name):
            return None
        try:
            return Manifest.model_validate_json((self.sets / name / MANIFEST_NAME).read_bytes())
        except (OSError, ValidationError):
            return None


def sync_folder(folder: Path) -> None:
    """Returns once the disk knows which files are in the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unknown(name: str, known: list[str]) -> EngineError:
    """The error for a name that none of the own data sets has."""
    return EngineError(
        "unknown_dataset",
        f"There is no data set of your own named {name!r}; expected one of: {', '.join(known) or '(there is none)'}.",
    )


def taken(name: str) -> EngineError:
    """The error for a name that a data set has already."""
    return EngineError("conflict", f"There is a data set named {name!r} already.", "Choose another name.")
