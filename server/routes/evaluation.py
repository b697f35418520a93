"""What a run's model is worth: evaluated on its data, asked about samples, rows and images."""

from collections.abc import Mapping
from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from engine.evaluation.results import OUT_OF_FOLD
from server.dependencies import CompilerDep
from server.disconnects import work_while_connected
from server.folded_models import FoldedModelsDep
from server.jobs.compiler import Operation
from server.jobs.evaluation_questions import EvaluateFoldsQuestion, EvaluateQuestion, PredictQuestion
from server.json_body import StrictRoute
from server.predict_bodies import read_predict_body
from server.routes.evaluation_examples import EVALUATE, describe_predict_body
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.evaluation import EvaluateRun, PredictRun, RunEvaluation, RunPredictions
from server.trained_models import FoundModel, TrainedModelsDep

router = APIRouter(
    prefix="/runs/{run_id}",
    tags=["evaluation"],
    route_class=StrictRoute,
    responses={**problems(404, 409), **COMPILER_PROBLEMS},
)

CheckpointQuery = Annotated[
    str | None, Query(max_length=100, description="A checkpoint's id, `best` or `last`; where the body names none.")
]


@router.post("/evaluate", summary="Evaluate a run's model", response_model=RunEvaluation)
async def evaluate_run(
    run_id: str,
    body: Annotated[EvaluateRun, Body(openapi_examples=EVALUATE)],
    request: Request,
    models: TrainedModelsDep,
    folded: FoldedModelsDep,
    compiler: CompilerDep,
) -> Response:
    """Keras's own metrics on a part of the data, and for each output scikit-learn's report: a confusion matrix, ROC and
    precision-recall curves, or residuals, and the samples with the highest loss. `out_of_fold` does so for all folds of
    a run together; 409 where a fold has no checkpoint.

    It takes as long as it takes to evaluate; closing the connection breaks it off.
    """
    folds = await folded.find(run_id, body.checkpoint_id) if body.split == OUT_OF_FOLD else None
    if folds is not None:
        asked = EvaluateFoldsQuestion(models=folds.models, config=folds.config, request=body.to_request())
        work = compiler.call(Operation.EVALUATE_FOLDS, asked.model_dump_json().encode())
        used = {
            **dict.fromkeys(("checkpoint_id", "step", "fold")),
            "folds": [one.model_dump() for one in folds.checkpoints],
        }
        return _join(used, await work_while_connected(request, work))
    found = await models.find(run_id, body.checkpoint_id)
    question = EvaluateQuestion(**dict(found.model), request=body.to_request())
    work = compiler.call(Operation.EVALUATE, question.model_dump_json().encode())
    return _join({**_name(found), "folds": []}, await work_while_connected(request, work))


@router.post(
    "/predict",
    summary="Ask a run's model",
    response_model=RunPredictions,
    openapi_extra={"requestBody": describe_predict_body(PredictRun)},
    responses=problems(413),
)
async def predict_with_run(
    run_id: str,
    request: Request,
    models: TrainedModelsDep,
    compiler: CompilerDep,
    checkpoint_id: CheckpointQuery = None,
    invert: Annotated[bool, Query(description="Swap black and white of an image.")] = False,
) -> Response:
    """Classes with probabilities, or numbers, and all that the model answers.

    The body is JSON (samples of the data, whole arrays, or rows; a list alone is rows), CSV (`text/csv`: a line per
    sample, with or without names), or one image (`image/png`, `image/jpeg`), which is brought to the size of the
    input and to the range of the training data. 422 names row and column of what does not fit.
    """
    asked = await read_predict_body(request, PredictRun, invert=invert)
    chosen = None if asked.body is None else asked.body.checkpoint_id
    found = await models.find(run_id, chosen or checkpoint_id)
    question = PredictQuestion(**dict(found.model), request=asked.request)
    work = compiler.call(Operation.PREDICT, question.model_dump_json().encode())
    return _join(_name(found), await work_while_connected(request, work))


def _name(found: FoundModel) -> dict[str, object]:
    """The checkpoint that was taken."""
    return {"checkpoint_id": found.checkpoint_id, "step": found.checkpoint.step, "fold": found.checkpoint.fold}


def _join(used: Mapping[str, object], body: bytes) -> Response:
    """The body as the process wrote it, which a new pydantic model would only write again, with what was used."""
    return Response(orjson.dumps(used)[:-1] + b"," + body[1:], media_type="application/json")
