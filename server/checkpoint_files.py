"""Checkpoint files on disk: found inside their run's folder only, and compared with what the worker reported."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import EngineError
from server.schemas.run import CheckpointPage
from server.storage.checkpoints import CheckpointFile, CheckpointStore
from server.storage.pages import PageRequest

REMEMBERED_HASHES = 4096


@dataclass(frozen=True, slots=True)
class CheckpointOnDisk:
    """A checkpoint that is whole."""

    path: Path
    sha256: str
    epoch: int
    step: int
    fold: int | None = None


def list_present(store: CheckpointStore, runs_folder: Path, run_id: str, page: PageRequest) -> CheckpointPage:
    """A page of the run's checkpoints without those whose files are gone. Raises `EngineError` (`invalid_cursor`)."""
    return store.list(run_id, page, lambda stored: _look_whole(runs_folder / run_id, stored))


def find_checkpoint_file(
    store: CheckpointStore, runs_folder: Path, run_id: str, checkpoint_id: str
) -> CheckpointOnDisk:
    """The file of one checkpoint, read whole to compare its hash.

    Raises:
        EngineError: `not_found`; `conflict` where the file is not the one that was saved: the message names the newest
            whole one before it.
    """
    folder = runs_folder / run_id
    stored = store.get_file(run_id, checkpoint_id)
    path = _confine(folder, stored.path)
    if not path.is_file():
        raise EngineError(
            "not_found",
            f"The file of checkpoint {checkpoint_id!r} is gone: a worker keeps the newest few and the best one.",
            f"GET /api/runs/{run_id}/checkpoints lists those that are there.",
        )
    found = _hash(path)
    if found != stored.sha256:
        raise EngineError(
            "conflict",
            f"The file of checkpoint {checkpoint_id!r} is damaged: expected {stored.size} bytes with SHA-256"
            f" {stored.sha256}, found {path.stat().st_size} with {found}.",
            _offer_earlier(store, folder, run_id, checkpoint_id),
        )
    return CheckpointOnDisk(path, stored.sha256, stored.epoch, stored.step, stored.fold)


def _offer_earlier(store: CheckpointStore, folder: Path, run_id: str, checkpoint_id: str) -> str:
    for earlier in store.list_earlier(run_id, checkpoint_id):
        path = _confine(folder, earlier.path)
        if path.is_file() and _hash(path) == earlier.sha256:
            return (
                f"The newest whole checkpoint before it is {earlier.id!r}, of epoch {earlier.epoch + 1} after step"
                f" {earlier.step}."
            )
    return "There is no whole checkpoint before it."


def _look_whole(folder: Path, stored: CheckpointFile) -> bool | None:
    """Whether the file is what was written, None where it is gone.

    A list is asked for again and again: a file is read once for it, and again only when its size or date changes.
    """
    path = _confine(folder, stored.path)
    try:
        status = path.stat()
        if not path.is_file():
            return None
        if status.st_size != stored.size:
            return False
        return _recall_hash(path, status.st_ino, status.st_mtime_ns, status.st_size) == stored.sha256
    except FileNotFoundError:
        return None


@lru_cache(maxsize=REMEMBERED_HASHES)
def _recall_hash(path: Path, inode: int, changed_ns: int, size: int) -> str:
    del inode, changed_ns, size
    return _hash(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _confine(folder: Path, relative: str) -> Path:
    """The path inside the folder.

    Raises:
        EngineError: `not_found` where it leads out of the folder, by itself or through a link.
    """
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise EngineError("not_found", f"The checkpoint's path {relative!r} leads out of its run's folder.")
    return path
