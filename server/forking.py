"""Runs that start from a checkpoint of another: its weights, where they still fit, are copied for the new run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from engine.graph.document import Graph
from engine.graph.learned import carry_learned
from engine.models.weight_results import WeightsFit
from server.checkpoint_files import CheckpointOnDisk, find_checkpoint_file
from server.dependencies import SettingsDep
from server.model_graphs import read_run_graph, read_trained_graph
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.run_start import NewLayer, RunStart, StartReport
from server.storage.weights import Fork
from server.weight_dependencies import WeightServiceDep


class Forks:
    """Prepares forks."""

    def __init__(
        self, runs: RunStoreDep, checkpoints: CheckpointStoreDep, weights: WeightServiceDep, settings: SettingsDep
    ):
        self._runs = runs
        self._checkpoints = checkpoints
        self._weights = weights
        self._settings = settings

    @asynccontextmanager
    async def open(self, start: RunStart, graph: Graph) -> AsyncIterator[Fork]:
        """What a run of this graph starts with; gone where nobody keeps it.

        Raises `EngineError`: `not_found`; `conflict` where the checkpoint is damaged; `weights_do_not_fit` where no
        layer has its name and shapes any more.
        """
        run = await run_in_threadpool(self._runs.get, start.run_id)
        before = await run_in_threadpool(read_run_graph, self._runs, start.run_id)
        file = await run_in_threadpool(
            find_checkpoint_file, self._checkpoints, self._settings.runs_folder, start.run_id, start.checkpoint_id
        )
        trained = await run_in_threadpool(read_trained_graph, self._runs, start.run_id, file.path)
        # Weights behind a vocabulary belong to its words: both are taken, or neither.
        carried = carry_learned(graph, before, trained)
        async with self._weights.pick_fitting(carried, file.path, trained) as written:
            report = _report(start, run.name, file, written.stored.fit)
            yield Fork(written, report, None if carried is graph else carried)


def _report(start: RunStart, run_name: str, file: CheckpointOnDisk, fit: WeightsFit) -> StartReport:
    return StartReport(
        run_id=start.run_id,
        run_name=run_name,
        checkpoint_id=start.checkpoint_id,
        epoch=file.epoch,
        step=file.step,
        kept=fit.kept,
        new=[NewLayer(layer=one.layer, reason=one.message or "") for one in fit.not_kept if one.fit != "unknown"],
        unused=[one.layer for one in fit.not_kept if one.fit == "unknown"],
    )


ForksDep = Annotated[Forks, Depends()]
