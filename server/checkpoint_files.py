"""Checkpoint files on disk: found inside their run's folder only, and compared with what the worker reported."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from server.schemas.run import CheckpointPage
from server.storage.checkpoints import CheckpointStore
from server.storage.pages import PageRequest


@dataclass(frozen=True, slots=True)
class CheckpointOnDisk:
    """A checkpoint that is whole."""

    path: Path
    sha256: str
    step: int


def list_present(store: CheckpointStore, runs_folder: Path, run_id: str, page: PageRequest) -> CheckpointPage:
    """A page of the run's checkpoints without those whose files are gone. Raises `EngineError` (`invalid_cursor`)."""
    return store.list(run_id, page, lambda path: _confine(runs_folder / run_id, path).is_file())


def find_checkpoint_file(
    store: CheckpointStore, runs_folder: Path, run_id: str, checkpoint_id: str
) -> CheckpointOnDisk:
    """The file of one checkpoint.

    Raises:
        EngineError: `not_found`; `conflict` where the file is not the one that was saved.
    """
    stored = store.get_file(run_id, checkpoint_id)
    path = _confine(runs_folder / run_id, stored.path)
    if not path.is_file():
        raise EngineError(
            "not_found",
            f"The file of checkpoint {checkpoint_id!r} is gone: a worker keeps the newest few and the best one.",
            f"GET /api/runs/{run_id}/checkpoints lists those that are there.",
        )
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != stored.sha256:
        raise EngineError(
            "conflict",
            f"The file of checkpoint {checkpoint_id!r} is damaged: expected {stored.size} bytes with SHA-256"
            f" {stored.sha256}, found {path.stat().st_size} with {found}.",
        )
    return CheckpointOnDisk(path, stored.sha256, stored.step)


def _confine(folder: Path, relative: str) -> Path:
    """The path inside the folder.

    Raises:
        EngineError: `not_found` where it leads out of the folder, by itself or through a link.
    """
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise EngineError("not_found", f"The checkpoint's path {relative!r} leads out of its run's folder.")
    return path
