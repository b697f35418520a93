"""Finds a model with its stored weights, for questions that need no run."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.evaluation.settings import SubjectSettings
from engine.training.config import FitSettings
from server.dependencies import ModelStoreDep, VersionStoreDep, WeightStoreDep
from server.jobs.evaluation_questions import TrainedModel
from server.model_graphs import DRAFT, read_graph
from server.schemas.model import ModelPublic
from server.schemas.model_evaluation import ModelChoice


@dataclass(frozen=True, slots=True)
class StoredModel:
    """The model; `weights` is the SHA-256 of what is stored, `version_id` None for the draft."""

    version_id: str | None
    weights: str
    model: TrainedModel


class StoredModels:
    """Raises `EngineError`: `not_found`; `no_weights` where the model has none; `no_loss` and `no_data`."""

    def __init__(self, models: ModelStoreDep, versions: VersionStoreDep, weights: WeightStoreDep):
        self._models = models
        self._versions = versions
        self._weights = weights

    async def find(self, model_id: str, wanted: ModelChoice, validation_split: float | None = None) -> StoredModel:
        """The graph that is wanted, with the model's weights and the settings that are left out."""
        return await run_in_threadpool(self._find, model_id, wanted, validation_split)

    def _find(self, model_id: str, wanted: ModelChoice, validation_split: float | None) -> StoredModel:
        model = self._models.get(model_id)
        version_id = None if wanted.version_id == DRAFT else wanted.version_id
        graph = read_graph(self._models, self._versions, model_id, version_id)
        stored = self._weights.find(model_id)
        if stored is None:
            raise EngineError(
                "no_weights",
                f"The model {model.name!r} has no weights stored, so there is nothing to ask.",
                "Upload some, take those of a run's checkpoint, or ask a run: POST /api/runs/{id}/evaluate.",
            )
        settings = _complete(model, wanted, validation_split)
        return StoredModel(
            version_id, stored.weights.sha256, TrainedModel(graph=graph, config=settings, weights=stored.path)
        )


def _complete(model: ModelPublic, wanted: ModelChoice, validation_split: float | None) -> SubjectSettings:
    """What is wanted; the rest as the model trains."""
    known = model.training
    settings = SubjectSettings(
        compile=wanted.compile or (known and known.compile),
        data=wanted.data or (known and known.data),
        data_may_miss=wanted.data is None,
        fit=FitSettings() if known is None else known.fit,
        precision="float32" if known is None else known.precision,
    )
    if validation_split is None:
        return settings
    return settings.model_copy(update={"fit": settings.fit.model_copy(update={"validation_split": validation_split})})


StoredModelsDep = Annotated[StoredModels, Depends()]
