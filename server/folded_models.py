"""Finds the models of all folds of a run: for each its graph, and the checkpoint that was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.evaluation.requests import FoldModel
from engine.training.config import RunConfig
from server.checkpoint_files import find_checkpoint_file, list_present
from server.dependencies import SettingsDep
from server.model_graphs import read_trained_graph
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.evaluation import FoldCheckpoint
from server.schemas.run import CheckpointPublic, RunPublic
from server.storage.pages import PageRequest
from server.trained_models import BEST, LAST, MOST_LISTED, pick_best


@dataclass(frozen=True, slots=True)
class FoundFolds:
    """The models of a run's folds, in their order, and their checkpoints."""

    config: RunConfig
    models: list[FoldModel]
    checkpoints: list[FoldCheckpoint]


class FoldedModels:
    """Raises `EngineError`: `not_found`; `invalid_request` for one checkpoint alone; `conflict` where a fold has none,
    or a damaged one."""

    def __init__(self, runs: RunStoreDep, checkpoints: CheckpointStoreDep, settings: SettingsDep):
        self._runs = runs
        self._checkpoints = checkpoints
        self._folder = settings.runs_folder

    async def find(self, run_id: str, checkpoint_id: str | None) -> FoundFolds | None:
        """Of each fold its `best` checkpoint (also None), or its `last` one. None: the run has no folds."""
        return await run_in_threadpool(self._find, run_id, checkpoint_id)

    def _find(self, run_id: str, checkpoint_id: str | None) -> FoundFolds | None:
        run = self._runs.get(run_id)
        if run.folds is None or run.folds < 2:
            return None
        if checkpoint_id not in (None, BEST, LAST):
            raise EngineError(
                "invalid_request",
                f"The checkpoint {checkpoint_id!r} is of one fold, and each sample is predicted by the model of its own"
                f" fold; expected {BEST!r} or {LAST!r}, which is of every fold.",
            )
        of_fold = self._list_by_fold(run, run.folds)
        chosen = [one[0] if checkpoint_id == LAST else pick_best(one, run) for one in of_fold]
        models = [self._open(run.id, fold, one.id) for fold, one in enumerate(chosen, 1)]
        used = [
            FoldCheckpoint(fold=fold, checkpoint_id=one.id, epoch=one.epoch, step=one.step)
            for fold, one in enumerate(chosen, 1)
        ]
        return FoundFolds(run.config, models, used)

    def _list_by_fold(self, run: RunPublic, folds: int) -> Sequence[list[CheckpointPublic]]:
        """The checkpoints of each fold, newest first."""
        of_fold: list[list[CheckpointPublic]] = [[] for _ in range(folds)]
        cursor: str | None = None
        while True:
            page = list_present(self._checkpoints, self._folder, run.id, PageRequest(MOST_LISTED, cursor, "-step"))
            for one in page.items:
                if one.fold is not None and one.fold <= folds:
                    of_fold[one.fold - 1].append(one)
            if (cursor := page.next_cursor) is None:
                break
        missing = [str(fold) for fold, one in enumerate(of_fold, 1) if not one]
        if missing:
            which = f"fold {missing[0]}" if len(missing) == 1 else f"the folds {', '.join(missing)}"
            raise EngineError(
                "conflict",
                f"Of {folds} folds there is no checkpoint of {which}, so not every sample can be predicted.",
                "Wait until the run has trained them; a run that was stopped before trains only some.",
            )
        return of_fold

    def _open(self, run_id: str, fold: int, checkpoint_id: str) -> FoldModel:
        file = find_checkpoint_file(self._checkpoints, self._folder, run_id, checkpoint_id)
        return FoldModel(fold=fold, graph=read_trained_graph(self._runs, run_id, file.path), weights=file.path)


FoldedModelsDep = Annotated[FoldedModels, Depends()]
