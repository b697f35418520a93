"""What a run goes on from: its newest checkpoint that is there and whole."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from server.storage.checkpoints import CheckpointStore, ResumableCheckpoint


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """A checkpoint to go on from; `path` is None where training has to start from the beginning.

    `refused` says of each damaged one why it was passed over.
    """

    path: Path | None
    epoch: int
    step: int
    refused: tuple[str, ...]


def find_resume_point(store: CheckpointStore, runs_folder: Path, run_id: str) -> ResumePoint:
    """The newest checkpoint of the run whose file has the hash that was reported. Files are read whole."""
    folder = (runs_folder / run_id).resolve()
    refused: list[str] = []
    for one in store.list_resumable(run_id):
        path = (folder / one.path).resolve()
        # A worker deletes the older ones, so a file that is gone is nothing to speak of.
        if not path.is_relative_to(folder) or not path.is_file():
            continue
        damage = _find_damage(path, one)
        if damage is None:
            return ResumePoint(path, one.epoch, one.step, tuple(refused))
        refused.append(damage)
    return ResumePoint(None, 0, 0, tuple(refused))


def _find_damage(path: Path, reported: ResumableCheckpoint) -> str | None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"The checkpoint after step {reported.step} ({reported.path}) cannot be read: {error.strerror}."
    if digest == reported.sha256:
        return None
    return (
        f"The checkpoint after step {reported.step} ({reported.path}) is damaged:"
        f" expected SHA-256 {reported.sha256}, found {digest}."
    )
