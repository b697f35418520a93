"""What a model with stored weights is worth, without any run: evaluated on a data set, asked about what is sent."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from engine.errors import EngineError
from server.dependencies import CompilerDep
from server.disconnects import work_while_connected
from server.jobs.compiler import Operation
from server.jobs.evaluation_questions import EvaluateQuestion, PredictQuestion
from server.json_body import StrictRoute
from server.predict_bodies import read_predict_body
from server.routes.evaluation_examples import EVALUATE_MODEL, describe_predict_body
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.model_evaluation import (
    EvaluateModel,
    ModelChoice,
    ModelEvaluation,
    ModelPredictions,
    PredictModel,
    VersionChoice,
)
from server.stored_models import StoredModel, StoredModelsDep

router = APIRouter(
    prefix="/models/{model_id}",
    tags=["evaluation"],
    route_class=StrictRoute,
    responses={**problems(404), **COMPILER_PROBLEMS},
)


@router.post("/evaluate", summary="Evaluate a model with its stored weights", response_model=ModelEvaluation)
async def evaluate_model(
    model_id: str,
    body: Annotated[EvaluateModel, Body(openapi_examples=EVALUATE_MODEL)],
    request: Request,
    models: StoredModelsDep,
    compiler: CompilerDep,
) -> Response:
    """The same as of a run, for weights that were imported, uploaded, or taken from a checkpoint.

    422 where the model has no weights, where they do not fit the version, and where neither the body nor the model's
    training settings name a data set and a loss.
    """
    found = await models.find(model_id, body, body.validation_split)
    question = EvaluateQuestion(**dict(found.model), request=body.to_request())
    work = compiler.call(Operation.EVALUATE, question.model_dump_json().encode())
    return _answer(found, await work_while_connected(request, work))


@router.post(
    "/predict",
    summary="Ask a model with its stored weights",
    response_model=ModelPredictions,
    openapi_extra={"requestBody": describe_predict_body(PredictModel)},
    responses=problems(413),
)
async def predict_with_model(
    model_id: str,
    request: Request,
    models: StoredModelsDep,
    compiler: CompilerDep,
    version_id: Annotated[VersionChoice, Query(description="Where the body names none; the draft without it.")] = None,
    invert: Annotated[bool, Query(description="Swap black and white of an image.")] = False,
    black: Annotated[float | None, Query(allow_inf_nan=False, description="The number for black in an image.")] = None,
    white: Annotated[float | None, Query(allow_inf_nan=False, description="The number for white in an image.")] = None,
) -> Response:
    """The same as of a run. Rows, arrays and lines need no data set; an image needs one, or `black` and `white`.

    Without a data set outputs are read by their loss and their range: shares that add up to one are classes.
    """
    asked = await read_predict_body(request, PredictModel, invert=invert, limits=_pair_limits(black, white))
    choice = asked.body or ModelChoice()
    if choice.version_id is None:
        choice = choice.model_copy(update={"version_id": version_id})
    found = await models.find(model_id, choice)
    question = PredictQuestion(**dict(found.model), request=asked.request)
    work = compiler.call(Operation.PREDICT, question.model_dump_json().encode())
    return _answer(found, await work_while_connected(request, work))


def _pair_limits(black: float | None, white: float | None) -> tuple[float, float] | None:
    if black is None and white is None:
        return None
    if black is None or white is None:
        missing = "black" if black is None else "white"
        raise EngineError("invalid_request", f"The number for {missing} is missing: `black` and `white` go together.")
    return black, white


def _answer(found: StoredModel, body: bytes) -> Response:
    """The body as the process wrote it, with what was asked."""
    used = orjson.dumps({"version_id": found.version_id, "weights": found.weights})
    return Response(used[:-1] + b"," + body[1:], media_type="application/json")
