"""What a session's model is made from: a graph, compile settings and weights, found by the ids of a request."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from engine.errors import EngineError
from engine.evaluation.session_schema import SessionStart
from server.dependencies import ModelStoreDep, VersionStoreDep, WeightStoreDep
from server.jobs.batch_sessions import BatchSessions, SessionOrigin
from server.model_graphs import read_graph
from server.schemas.sessions import SessionCreate
from server.trained_models import TrainedModelsDep


@dataclass(frozen=True, slots=True)
class SessionSource:
    start: SessionStart
    origin: SessionOrigin


class SessionSources:
    """Raises `EngineError`: `not_found`, `no_compile_settings`, and what `TrainedModels` raises."""

    def __init__(
        self, models: ModelStoreDep, versions: VersionStoreDep, weights: WeightStoreDep, trained: TrainedModelsDep
    ):
        self._models = models
        self._versions = versions
        self._weights = weights
        self._trained = trained

    async def find(self, wanted: SessionCreate) -> SessionSource:
        """What the request names."""
        if wanted.run_id is not None:
            return await self._find_run(wanted, wanted.run_id)
        return await run_in_threadpool(self._find_model, wanted, wanted.model_id or "")

    async def _find_run(self, wanted: SessionCreate, run_id: str) -> SessionSource:
        found = await self._trained.find(run_id, wanted.checkpoint_id)
        start = SessionStart(
            graph=found.model.graph,
            compile=wanted.compile or found.model.config.compile,
            weights=found.model.weights,
            optimizer_state=wanted.compile is None,
            precision=wanted.precision or found.model.config.precision,
            seed=wanted.seed,
        )
        origin = SessionOrigin(found.run.model_id, found.run.version_id, run_id, found.checkpoint_id)
        return SessionSource(start, origin)

    def _find_model(self, wanted: SessionCreate, model_id: str) -> SessionSource:
        model = self._models.get(model_id)
        settings = wanted.compile or (None if model.training is None else model.training.compile)
        if settings is None:
            raise EngineError(
                "no_compile_settings",
                f"The model {model.name!r} has no training settings; expected `compile` with a loss.",
                'Such as {"optimizer": "adam", "loss": "mean_squared_error"}.',
            )
        stored = None if wanted.new_weights else self._weights.find(model_id)
        precision = wanted.precision or ("float32" if model.training is None else model.training.precision)
        start = SessionStart(
            graph=read_graph(self._models, self._versions, model_id, wanted.version_id),
            compile=settings,
            weights=None if stored is None else stored.path,
            precision=precision,
            seed=wanted.seed,
        )
        return SessionSource(start, SessionOrigin(model_id, wanted.version_id, None, None))


def get_sessions(connection: HTTPConnection) -> BatchSessions:
    """The open sessions."""
    sessions: BatchSessions = connection.app.state.sessions
    return sessions


SessionsDep = Annotated[BatchSessions, Depends(get_sessions)]
SessionSourcesDep = Annotated[SessionSources, Depends()]
