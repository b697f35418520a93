"""The graph and the weights that a question about values is about: a draft's, a version's or a checkpoint's."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from engine.graph.document import Graph
from server.checkpoint_files import find_checkpoint_file
from server.dependencies import ModelStoreDep, SettingsDep, VersionStoreDep, WeightStoreDep
from server.model_graphs import read_graph, read_trained_graph
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.values import Which


@dataclass(frozen=True, slots=True)
class ValueSource:
    """`weights` is a weights file or a checkpoint, None where there are none."""

    graph: Graph
    weights: Path | None


class ValueSources:
    """Finds what a question names. Raises `EngineError` (`not_found`)."""

    def __init__(
        self,
        models: ModelStoreDep,
        versions: VersionStoreDep,
        runs: RunStoreDep,
        checkpoints: CheckpointStoreDep,
        weights: WeightStoreDep,
        settings: SettingsDep,
    ):
        self.models = models
        self.versions = versions
        self.runs = runs
        self.checkpoints = checkpoints
        self.weights = weights
        self.settings = settings

    async def find(self, model_id: str, which: Which) -> ValueSource:
        """The graph and the weights file."""
        return await run_in_threadpool(self._find, model_id, which)

    def _find(self, model_id: str, which: Which) -> ValueSource:
        stored = self.weights.find(model_id)
        if which.run_id is not None and which.checkpoint_id is not None:
            file = find_checkpoint_file(self.checkpoints, self.settings.runs_folder, which.run_id, which.checkpoint_id)
            return ValueSource(read_trained_graph(self.runs, which.run_id, file.path), file.path)
        path = None if stored is None else stored.path
        return ValueSource(read_graph(self.models, self.versions, model_id, which.version_id), path)


ValueSourcesDep = Annotated[ValueSources, Depends()]
