"""Fits the preprocessing layers of a drawing to its data, as each training does where they have learned nothing."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.training.adapt_results import Adaptation
from engine.training.config import FitSettings
from server.dependencies import CompilerDep, ModelStoreDep
from server.disconnects import work_while_connected
from server.jobs.adapt_questions import AdaptQuestion
from server.jobs.compiler import Compiler, Operation
from server.json_body import StrictRoute
from server.routes.adapt_examples import ADAPT_GRAPH, ADAPT_MODEL
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.adapting import GraphAdaptRequest, ModelAdaptRequest

router = APIRouter(tags=["preview"], route_class=StrictRoute, responses=COMPILER_PROBLEMS | problems(404, 409))


@router.post("/adapt", summary="Fit a graph's preprocessing layers to data", response_model=Adaptation)
async def adapt_graph(
    body: Annotated[GraphAdaptRequest, Body(openapi_examples=ADAPT_GRAPH)], request: Request, compiler: CompilerDep
) -> Response:
    """What layers with `adapt` learn from the training samples, as a patch that puts it into the graph.

    Only layers that have learned nothing yet are fitted. 422 with the issues on the nodes where one cannot be.
    """
    return await _adapt(request, compiler, AdaptQuestion(graph=body.graph, data=body.data, fit=body.fit))


@router.post(
    "/models/{model_id}/adapt", summary="Fit a model's preprocessing layers to data", response_model=Adaptation
)
async def adapt_model(
    model_id: str,
    request: Request,
    models: ModelStoreDep,
    compiler: CompilerDep,
    body: Annotated[ModelAdaptRequest, Body(openapi_examples=ADAPT_MODEL)] = ModelAdaptRequest(),  # noqa: B008
) -> Response:
    """The same for the draft, which stays as it is: `changes` can be sent to `PATCH /api/models/{id}/graph`."""
    model = await run_in_threadpool(models.get, model_id)
    settings = model.training
    data = body.data or (settings.data if settings else None)
    if data is None:
        raise EngineError(
            "no_data", "The model has no training config, and no data set is named.", 'Name one: {"data": …}.'
        )
    fit = settings.fit if settings and body.data is None else FitSettings()
    if body.validation_split is not None:
        fit = fit.model_copy(update={"validation_split": body.validation_split})
    graph = await run_in_threadpool(lambda: models.get_draft(model_id).to_draft().graph)
    return await _adapt(request, compiler, AdaptQuestion(graph=graph, data=data, fit=fit))


async def _adapt(request: Request, compiler: Compiler, question: AdaptQuestion) -> Response:
    work = compiler.call(Operation.ADAPT, question.model_dump_json().encode())
    return Response(await work_while_connected(request, work), media_type="application/json")
