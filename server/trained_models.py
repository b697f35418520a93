"""Finds a run's trained model: its graph, its config, and the checkpoint that was asked for."""

import math
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from server.checkpoint_files import CheckpointOnDisk, find_checkpoint_file, list_present
from server.dependencies import SettingsDep
from server.jobs.evaluation_questions import TrainedModel
from server.model_graphs import read_trained_graph
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.run import CheckpointPublic, RunPublic
from server.storage.pages import PageRequest

BEST = "best"
LAST = "last"
MOST_LISTED = 500
GREATER_IS_BETTER = ("acc", "auc", "precision", "recall", "f1", "iou", "r2")


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A run's model with the id of the checkpoint that was chosen."""

    run: RunPublic
    checkpoint_id: str
    checkpoint: CheckpointOnDisk
    model: TrainedModel


class TrainedModels:
    """Raises `EngineError`: `not_found`; `conflict` where there is no checkpoint yet, or a damaged one."""

    def __init__(self, runs: RunStoreDep, checkpoints: CheckpointStoreDep, settings: SettingsDep):
        self._runs = runs
        self._checkpoints = checkpoints
        self._folder = settings.runs_folder

    async def find(self, run_id: str, checkpoint_id: str | None) -> FoundModel:
        """`checkpoint_id` is a checkpoint's, `last`, or `best` (also None): the best value of what the run watches."""
        return await run_in_threadpool(self._find, run_id, checkpoint_id)

    def _find(self, run_id: str, checkpoint_id: str | None) -> FoundModel:
        run = self._runs.get(run_id)
        if checkpoint_id in (None, BEST, LAST):
            checkpoint_id = self._choose(run, last=checkpoint_id == LAST)
        file = find_checkpoint_file(self._checkpoints, self._folder, run_id, checkpoint_id)
        model = TrainedModel(
            graph=read_trained_graph(self._runs, run_id, file.path), config=run.config, weights=file.path
        )
        return FoundModel(run, checkpoint_id, file, model)

    def _choose(self, run: RunPublic, *, last: bool) -> str:
        newest_first = PageRequest(MOST_LISTED, None, "-step")
        present = list_present(self._checkpoints, self._folder, run.id, newest_first).items
        if not present:
            raise EngineError(
                "conflict",
                f"Run {run.id!r} has no checkpoint yet.",
                "Wait until it has saved one; GET /api/runs/{id}/checkpoints lists them.",
            )
        return present[0].id if last else pick_best(present, run).id


def pick_best(checkpoints: list[CheckpointPublic], run: RunPublic) -> CheckpointPublic:
    """The one with the best value of the metric that the run watches; of equal ones the first, which is the newest."""
    settings = run.config.checkpoints
    monitor = settings.monitor or ("val_loss" if any("val_loss" in one.logs for one in checkpoints) else "loss")
    rises = settings.mode == "max" or (settings.mode == "auto" and any(w in monitor.lower() for w in GREATER_IS_BETTER))

    def score(checkpoint: CheckpointPublic) -> float:
        value = checkpoint.logs.get(monitor, math.nan)
        if math.isnan(value):
            return math.inf
        return -value if rises else value

    return min(checkpoints, key=score)


TrainedModelsDep = Annotated[TrainedModels, Depends()]
