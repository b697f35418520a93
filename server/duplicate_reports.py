"""The last report of copies for each data set, in a small file."""

import os
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from engine.data.duplicate_results import DuplicateReport
from engine.data.library.store import LibraryStore
from engine.errors import EngineError


class DuplicateReports:
    """Reports by the name of the data set."""

    def __init__(self, folder: Path, library: LibraryStore):
        self._folder = folder
        self._library = library

    def keep(self, report: DuplicateReport) -> None:
        """Takes the place of an earlier one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(report.dataset)
        part = place.with_suffix(".part")
        part.write_text(report.model_dump_json(), "utf-8")
        os.replace(part, place)

    def find(self, name: str) -> DuplicateReport | None:
        """The last report; None where there is none, or only of another data set that had this name."""
        try:
            report = DuplicateReport.model_validate_json(self._place(name).read_bytes())
        except (OSError, ValidationError):
            return None
        return report if self._is_about_it(report) else None

    def _is_about_it(self, report: DuplicateReport) -> bool:
        if not self._library.has(report.dataset):
            return True
        try:
            return self._library.read_manifest(report.dataset).created_at < report.looked_at
        except EngineError:
            return False

    def _place(self, name: str) -> Path:
        # A name comes from an address, so it does not get into a path.
        return self._folder / f"{sha256(name.encode()).hexdigest()[:32]}.json"
