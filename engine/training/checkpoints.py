"""When a training's checkpoints are written, and which of them are kept."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras
from keras.src.callbacks.monitor_callback import MonitorCallback

from engine.graph.document import Graph
from engine.training.checkpoint_files import write_checkpoint
from engine.training.checkpoint_names import name_checkpoint
from engine.training.config import CheckpointSettings
from engine.training.earlier_checkpoints import CHECKPOINTS_FOLDER, read_earlier
from engine.training.events import CheckpointCause
from engine.training.reporting import Reporter
from engine.training.state import TrainingState


@dataclass(frozen=True, slots=True)
class SavedCheckpoint:
    """A checkpoint on disk, and the value by which it is better or worse than others; None where it has none."""

    path: Path
    value: float | None


class CheckpointError(Exception):
    """A checkpoint could not be written; those before it are as they were."""


class CheckpointKeeper:
    """Saves a model in Keras's own format, and keeps the newest files and the best ones.

    Those that earlier attempts of the run left count as well (`engine.training.earlier_checkpoints`). In a K-fold run
    each `fold` has its own; of one that is over, its end and its best ones stay. `graph` goes into every file, where it
    is not that of the run.
    """

    def __init__(
        self,
        directory: Path,
        report: Reporter,
        settings: CheckpointSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        fold: int | None = None,
        graph: Graph | None = None,
    ):
        self._root = directory
        self._folder = directory / CHECKPOINTS_FOLDER
        self._report = report
        self._settings = settings or CheckpointSettings()
        self._clock = clock
        self._graph = graph
        self._last_time = clock()
        self._fold = fold
        self._saved = [SavedCheckpoint(path, self._judge(logs)) for path, logs in read_earlier(directory, fold)]

    @property
    def is_due(self) -> bool:
        """Whether the last one is old enough for another."""
        return self._clock() - self._last_time >= 60 * self._settings.every_minutes

    def save(
        self,
        model: "keras.Model",
        epoch: int,
        step: int,
        logs: Mapping[str, float],
        *,
        cause: CheckpointCause = "interval",
        state: TrainingState | None = None,
        position: int = 0,
    ) -> Path:
        """Saves and reports; returns the file. With `state` a training can go on from it: after step `position`.

        Raises:
            CheckpointError: there is no room for it, or Keras cannot save the model. The run's log says so too.
        """
        path = self._folder / name_checkpoint(self._fold, epoch, step)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            size, digest = write_checkpoint(model, state, path, self._graph)
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            message = f"The checkpoint after step {step} could not be saved: {error}"
            self._report.log(message, "error")
            raise CheckpointError(message) from error
        finally:
            self._last_time = self._clock()
        self._report.checkpoint(
            {
                "epoch": epoch,
                "step": step,
                "path": path.relative_to(self._root).as_posix(),
                "size": size,
                "sha256": digest,
                "logs": logs,
                "cause": cause,
                "position": None if state is None else position,
            }
        )
        self._saved = [one for one in self._saved if one.path != path]
        self._saved.append(SavedCheckpoint(path, self._judge(logs)))
        self._forget_old(model, 1 if cause == "end" and self._ends_fold(state) else self._settings.keep_last)
        return path

    def _judge(self, logs: Mapping[str, float]) -> float | None:
        monitor = self._settings.monitor
        value = logs.get("val_loss", logs.get("loss")) if monitor is None else logs.get(monitor)
        return None if value is None or math.isnan(value) else value

    def _ends_fold(self, state: TrainingState | None) -> bool:
        """Whether nothing is to go on in this fold. One that was stopped can; without a state nothing says so."""
        if self._fold is None:
            return False
        return state is None or state.position.fold is None or state.position.fold.is_over

    def _forget_old(self, model: "keras.Model", keep_last: int) -> None:
        judged = [one for one in self._saved if one.value is not None]
        ranked = sorted(judged, key=lambda one: one.value or 0.0, reverse=self._is_more_better(model))
        kept = {one.path for one in (*self._saved[-keep_last:], *ranked[: self._settings.keep_best])}
        for one in self._saved:
            if one.path not in kept:
                one.path.unlink(missing_ok=True)
        self._saved = [one for one in self._saved if one.path in kept]

    def _is_more_better(self, model: "keras.Model") -> bool:
        if self._settings.mode != "auto" or self._settings.monitor is None:
            return self._settings.mode == "max"
        # Keras knows of its metrics which way is up.
        judge = MonitorCallback(self._settings.monitor)
        judge.set_model(model)
        try:
            judge._set_monitor_op()  # noqa: SLF001 - what its own callbacks call
        except ValueError:
            return False
        return judge.monitor_op is keras.ops.greater
