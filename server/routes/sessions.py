"""Models that somebody drives from outside: one batch at a time, with all state kept in between."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Response

from engine.errors import EngineError
from engine.evaluation.session_schema import Batch, BatchLogs, BatchPredictions, Inputs, TrainingBatch
from engine.models.weight_results import StoredWeights
from server.dependencies import SettingsDep
from server.jobs.batch_sessions import BatchSession
from server.jobs.compiler import Operation
from server.jobs.evaluation_questions import SaveQuestion
from server.json_body import StrictRoute
from server.routes.evaluation_examples import BATCH, INPUTS, SESSION_CREATE
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.sessions import SessionCreate, SessionList, SessionPublic
from server.schemas.weights import WeightsReceipt, WeightsSource
from server.session_sources import SessionsDep, SessionSourcesDep
from server.settings import Settings
from server.weight_dependencies import WeightServiceDep

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=StrictRoute)

ON_SESSION = {**problems(404), **COMPILER_PROBLEMS}


@router.post("", status_code=201, summary="Open a session", responses={**problems(404, 409, 429), **COMPILER_PROBLEMS})
async def create_session(
    body: Annotated[SessionCreate, Body(openapi_examples=SESSION_CREATE)],
    sources: SessionSourcesDep,
    sessions: SessionsDep,
    settings: SettingsDep,
    response: Response,
) -> SessionPublic:
    """Builds and compiles the model in a process of its own, which keeps weights, optimizer and metrics.

    429 where there are as many sessions already as the server allows. 422 with the issues where the model does not
    build, or the weights do not fit.
    """
    source = await sources.find(body)
    session = await sessions.open(source.start, source.origin)
    response.headers["Location"] = f"/api/sessions/{session.id}"
    return _to_public(session, settings)


@router.get("", summary="List sessions")
async def list_sessions(sessions: SessionsDep, settings: SettingsDep) -> SessionList:
    """Those that are open, the oldest first."""
    return SessionList(items=[_to_public(session, settings) for session in sessions.list()])


@router.get("/{session_id}", summary="Read a session", responses=problems(404))
async def read_session(session_id: str, sessions: SessionsDep, settings: SettingsDep) -> SessionPublic:
    """The model's inputs and outputs, and how many updates it has had."""
    return _to_public(sessions.get(session_id), settings)


@router.delete("/{session_id}", status_code=204, summary="End a session", responses=problems(404))
async def delete_session(session_id: str, sessions: SessionsDep) -> None:
    """Ends its process. What was not saved is lost."""
    await sessions.close_session(session_id)


@router.post("/{session_id}/train_on_batch", summary="Train on one batch", responses=ON_SESSION)
async def train_on_batch(
    session_id: str, body: Annotated[TrainingBatch, Body(openapi_examples=BATCH)], sessions: SessionsDep
) -> BatchLogs:
    """Keras's `train_on_batch`: one update, and the logs."""
    answer = await sessions.call(session_id, Operation.TRAIN_ON_BATCH, body.model_dump_json().encode())
    logs = BatchLogs.model_validate_json(answer)
    sessions.count_steps(session_id, logs.steps)
    return logs


@router.post("/{session_id}/test_on_batch", summary="Test on one batch", responses=ON_SESSION)
async def test_on_batch(
    session_id: str, body: Annotated[Batch, Body(openapi_examples=BATCH)], sessions: SessionsDep
) -> BatchLogs:
    """Keras's `test_on_batch`: the loss and the metrics, without an update."""
    answer = await sessions.call(session_id, Operation.TEST_ON_BATCH, body.model_dump_json().encode())
    return BatchLogs.model_validate_json(answer)


@router.post("/{session_id}/predict_on_batch", summary="Predict one batch", responses=ON_SESSION)
async def predict_on_batch(
    session_id: str, body: Annotated[Inputs, Body(openapi_examples=INPUTS)], sessions: SessionsDep
) -> BatchPredictions:
    """Keras's `predict_on_batch`: what each output answers."""
    answer = await sessions.call(session_id, Operation.PREDICT_ON_BATCH, body.model_dump_json().encode())
    return BatchPredictions.model_validate_json(answer)


@router.post("/{session_id}/save", summary="Save a session's weights", responses={**problems(409), **ON_SESSION})
async def save_session(session_id: str, sessions: SessionsDep, weights: WeightServiceDep) -> WeightsReceipt:
    """They become the weights of the model that the session was made from. 409 where that was deleted."""
    model_id = sessions.get(session_id).origin.model_id

    async def write(destination: Path) -> StoredWeights:
        payload = SaveQuestion(destination=destination).model_dump_json().encode()
        return StoredWeights.model_validate_json(await sessions.call(session_id, Operation.SAVE_SESSION, payload))

    if model_id is None:
        raise EngineError("conflict", "The model that the session was made from was deleted.")
    return await weights.keep(model_id, WeightsSource(kind="session", name=session_id), write)


def _to_public(session: BatchSession, settings: Settings) -> SessionPublic:
    origin = session.origin
    return SessionPublic(
        **session.facts.model_dump(),
        id=session.id,
        model_id=origin.model_id,
        version_id=origin.version_id,
        run_id=origin.run_id,
        checkpoint_id=origin.checkpoint_id,
        idle_timeout_s=settings.session_idle_s,
        created_at=session.created_at,
        used_at=session.used_at,
    )
