"""What a run goes on from: its newest checkpoint that is there and whole, or the one that a person chose."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from server.checkpoint_files import CheckpointOnDisk, find_checkpoint_file
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
    fold: int | None = None


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
            return ResumePoint(path, one.epoch, one.step, tuple(refused), one.fold)
        refused.append(damage)
    return ResumePoint(None, 0, 0, tuple(refused))


def find_chosen(store: CheckpointStore, runs_folder: Path, run_id: str, checkpoint_id: str) -> CheckpointOnDisk:
    """The checkpoint of this run that somebody chose, read whole.

    Raises:
        EngineError: `conflict` where it is damaged, of which the newest whole one before it is named; gone; not of
            this run; or where training cannot go on from it.
    """
    try:
        chosen = find_checkpoint_file(store, runs_folder, run_id, checkpoint_id)
    except EngineError as error:
        # The run itself is there, so it is not the address that was wrong.
        raise EngineError("conflict", error.message, error.hint) from error
    if any(one.id == checkpoint_id for one in store.list_resumable(run_id)):
        return chosen
    if store.has_position(checkpoint_id):
        why = "the run went on from an earlier one since, so what came before it is no longer this run's"
    else:
        why = "it holds weights, but not where in the data training was"
    raise EngineError(
        "conflict",
        f"Run {run_id!r} cannot go on from checkpoint {checkpoint_id!r}: {why}.",
        "A new run can begin with its weights: POST /api/runs with start.",
    )


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
