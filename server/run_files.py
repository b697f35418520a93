"""The files that callbacks of a run have written: found inside the run's folder, and nowhere else."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.errors import EngineError
from server.schemas.run_files import RunFile, RunFiles

FILES_FOLDER = "callbacks"
"""As the engine names it: the server imports nothing that needs Keras."""

MOST_LISTED = 1000
CHUNK_BYTES = 1 << 18
FASTEST = 1
"""The level of compression: curves shrink well with any, and the network waits."""


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """A file as it was when it was looked at: one that is being written grows, and only this much of it is sent."""

    path: Path
    name: str
    size: int
    changed_ns: int

    @property
    def etag(self) -> str:
        return f'"{self.changed_ns:x}-{self.size:x}"'

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.changed_ns / 1e9, UTC)


def find_files_folder(run_folder: Path, attempt_id: str | None) -> Path | None:
    """Where the newest files are. An attempt that goes on has those of the one before, once it has begun."""
    folders = [one / FILES_FOLDER for one in run_folder.glob("*") if (one / FILES_FOLDER).is_dir()]
    return max(folders, key=lambda one: (one.parent.name == attempt_id, one.stat().st_mtime_ns), default=None)


def list_files(run_id: str, folder: Path | None) -> RunFiles:
    """All files of a run."""
    found = [] if folder is None else sorted(_walk(folder), key=lambda one: one.name)
    address = f"/api/runs/{run_id}"
    items = [
        RunFile(path=one.name, size=one.size, changed_at=one.changed_at, url=f"{address}/files/{quote(one.name)}")
        for one in found[:MOST_LISTED]
    ]
    size = sum(one.size for one in found)
    return RunFiles(items=items, total=len(found), total_size=size, archive_url=f"{address}/archive")


def find_file(run_id: str, folder: Path | None, path: str) -> FileOnDisk:
    """One file. Raises `EngineError` (`not_found`)."""
    inside = _confine(run_id, folder, path)
    found = None if inside is None or not inside.is_file() else _look(inside, path)
    if found is None:
        raise _not_found(run_id, "file", path)
    return found


def find_files_below(run_id: str, folder: Path | None, path: str) -> list[FileOnDisk]:
    """The files in a folder of the run, `""` for all, with names that begin at that folder.

    Raises:
        EngineError: `not_found`; also where there is no file in it.
    """
    inside = _confine(run_id, folder, path)
    found = [] if inside is None or not inside.is_dir() else sorted(_walk(inside), key=lambda one: one.name)
    if not found:
        raise _not_found(run_id, "folder with files", path)
    return found


def read_file(file: FileOnDisk) -> Iterator[bytes]:
    """The file piece by piece, as long as it was when it was looked at."""
    with file.path.open("rb") as opened:
        yield from _read(opened, file.size)


def zip_files(files: list[FileOnDisk]) -> Iterator[bytes]:
    """A zip archive piece by piece: neither memory nor disk has to hold it. A file that has gone is left out."""
    written = _Pieces()
    with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=FASTEST) as archive:
        for file in files:
            try:
                opened = file.path.open("rb")
            except FileNotFoundError:
                continue
            entry = ZipInfo(file.name, max(file.changed_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with opened, archive.open(entry, "w", force_zip64=True) as target:
                for piece in _read(opened, file.size):
                    target.write(piece)
                    yield written.take()
    yield written.take()


class _Pieces:
    """What a zip archive is written to, and taken from while it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """What was written is still to be taken."""

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _walk(folder: Path) -> Iterator[FileOnDisk]:
    """The regular files below; links are not followed, wherever they lead."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if (found := _look(path, path.relative_to(folder).as_posix())) is not None:
                yield found


def _look(path: Path, name: str) -> FileOnDisk | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode) or not _is_sayable(name):
        return None
    return FileOnDisk(path, name, status.st_size, status.st_mtime_ns)


def _is_sayable(name: str) -> bool:
    """Whether the name can stand in JSON; Python of a person may have given it any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _confine(run_id: str, folder: Path | None, path: str) -> Path | None:
    """The path inside the folder; None where there is no folder. Raises `EngineError` (`not_found`)."""
    if folder is None:
        return None
    try:
        inside = (folder / path).resolve()
        # Also where the name is longer than any can be.
        inside.lstat()
    except (OSError, ValueError):
        raise _not_found(run_id, "file", path) from None
    if not inside.is_relative_to(folder.resolve()):
        raise _not_found(run_id, "file", path)
    return inside


def _read(opened: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := opened.read(min(CHUNK_BYTES, size))):
        size -= len(piece)
        yield piece


def _not_found(run_id: str, what: str, path: str) -> EngineError:
    return EngineError(
        "not_found", f"The run has no {what} {path[:200]!r}.", f"GET /api/runs/{run_id}/files lists what there is."
    )
