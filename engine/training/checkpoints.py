"""Checkpoints that are either whole or not there: written beside their place, forced to disk, then put into it."""

import hashlib
import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import keras

from engine.training.reporting import Reporter

CHECKPOINTS_FOLDER = "checkpoints"
KEPT = 3
SECONDS_BETWEEN = 10.0


@dataclass(frozen=True, slots=True)
class SavedCheckpoint:
    """A checkpoint on disk. `score` is what the best one has least of: `val_loss` or, without validation, `loss`."""

    path: Path
    score: float


class CheckpointKeeper:
    """Saves a model in Keras's own format and keeps the newest `KEPT` files and the best one.

    Where there is no room, the earlier files stay as they are, the run's log says so, and training goes on.
    """

    def __init__(self, directory: Path, report: Reporter, *, seconds_between: float = SECONDS_BETWEEN):
        self._root = directory
        self._folder = directory / CHECKPOINTS_FOLDER
        self._report = report
        self._seconds_between = seconds_between
        self._last_time = time.monotonic()
        self._saved: list[SavedCheckpoint] = []

    @property
    def is_due(self) -> bool:
        """Whether the last one is old enough for another."""
        return time.monotonic() - self._last_time >= self._seconds_between

    def save(self, model: "keras.Model", epoch: int, step: int, logs: Mapping[str, float]) -> Path | None:
        """Saves and reports; returns the file, None where that failed (the run's log then says why)."""
        path = self._folder / f"epoch-{epoch:04d}-step-{step:08d}.keras"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            size, digest = _save_atomically(model, path)
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            self._report.log(f"The checkpoint after step {step} could not be saved: {error}", "error")
            return None
        finally:
            self._last_time = time.monotonic()
        self._report.checkpoint(
            {
                "epoch": epoch,
                "step": step,
                "path": path.relative_to(self._root).as_posix(),
                "size": size,
                "sha256": digest,
                "logs": logs,
            }
        )
        self._saved.append(SavedCheckpoint(path, _score(logs)))
        self._forget_old()
        return path

    def _forget_old(self) -> None:
        best = min(self._saved, key=lambda one: one.score)
        kept = [one for index, one in enumerate(self._saved) if one is best or index >= len(self._saved) - KEPT]
        for one in self._saved:
            if one not in kept:
                one.path.unlink(missing_ok=True)
        self._saved = kept


def _score(logs: Mapping[str, float]) -> float:
    score = logs.get("val_loss", logs.get("loss", math.inf))
    return math.inf if math.isnan(score) else score


def _save_atomically(model: "keras.Model", path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of the file, which is at `path` once it is whole and on disk.

    Raises:
        OSError, RuntimeError: there is no room. TypeError, ValueError: Keras cannot save the model.
    """
    unfinished = path.with_name(f".unfinished-{path.name}")
    try:
        model.save(unfinished)
        with unfinished.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return size, digest


def _sync_folder(folder: Path) -> None:
    """Forces the new name to disk, not only the file's content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
