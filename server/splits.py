"""Stored splits of data sets: a folder for each, by the data set's name and its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from engine.data.library.library_name import NAME
from engine.data.library.store import sync_folder
from engine.errors import EngineError
from engine.training.split_manifest import MANIFEST_NAME, StoredSplitInfo


class SplitStore:
    """What is kept below a data folder. Paths are made of checked names only.

    A split is made in `making`, which a new server empties, so that it appears whole or not at all.
    """

    def __init__(self, folder: Path):
        self._splits = folder / "splits"
        self._making = folder / "making"

    def list(self, dataset: str) -> list[StoredSplitInfo]:
        """The splits of a data set, by name; those whose files are broken are left out."""
        return [] if NAME.fullmatch(dataset) is None else list(self._list(dataset))

    def has(self, dataset: str, name: str) -> bool:
        """Whether something of this name is there, also what cannot be read."""
        return all(map(NAME.fullmatch, (dataset, name))) and (self._splits / dataset / name).exists()

    def begin(self) -> Path:
        """A new folder to make a split in."""
        folder = self._making / uuid4().hex
        folder.mkdir(parents=True)
        return folder

    def publish(self, made: Path, dataset: str, name: str) -> None:
        """Gives a folder that is whole its place.

        Raises:
            EngineError: `conflict` where the data set has a split of this name.
        """
        place = self._splits / dataset
        place.mkdir(parents=True, exist_ok=True)
        try:
            made.rename(place / name)
        except OSError as error:
            if self.has(dataset, name):
                raise _taken(dataset, name) from error
            raise
        sync_folder(place)

    def refuse_taken(self, dataset: str, name: str) -> None:
        """Raises `EngineError` `conflict` where the data set has a split of this name."""
        if self.has(dataset, name):
            raise _taken(dataset, name)

    def read(self, dataset: str, name: str) -> StoredSplitInfo:
        """What is known of a split. Raises `EngineError` `not_found`."""
        found = self._read(dataset, name) if self.has(dataset, name) else None
        if found is None:
            raise self._unknown(dataset, name)
        return found

    def delete(self, dataset: str, name: str) -> None:
        """Removes a split. Raises `EngineError` `not_found`."""
        if not self.has(dataset, name):
            raise self._unknown(dataset, name)
        self._remove(self._splits / dataset / name)

    def delete_all(self, dataset: str) -> None:
        """Removes all splits of a data set, if there are any."""
        if NAME.fullmatch(dataset) is not None and (self._splits / dataset).exists():
            self._remove(self._splits / dataset)

    def _remove(self, folder: Path) -> None:
        gone = self.begin()
        folder.rename(gone / "gone")
        sync_folder(folder.parent)
        shutil.rmtree(gone, ignore_errors=True)

    def _list(self, dataset: str) -> Iterator[StoredSplitInfo]:
        for path in sorted((self._splits / dataset).glob(f"*/{MANIFEST_NAME}")):
            if (found := self._read(dataset, path.parent.name)) is not None:
                yield found

    def _read(self, dataset: str, name: str) -> StoredSplitInfo | None:
        try:
            return StoredSplitInfo.model_validate_json((self._splits / dataset / name / MANIFEST_NAME).read_bytes())
        except (OSError, ValidationError):
            return None

    def _unknown(self, dataset: str, name: str) -> EngineError:
        known = ", ".join(one.name for one in self.list(dataset)) or "(there is none)"
        return EngineError(
            "not_found", f"The data set {dataset!r} has no stored split {name!r}; expected one of {known}."
        )


def _taken(dataset: str, name: str) -> EngineError:
    message = f"The data set {dataset!r} has a stored split {name!r} already."
    return EngineError("conflict", message, "Choose another name, or delete that one.")
