"""What a model costs, and Keras's summary of it."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from fastapi.concurrency import run_in_threadpool

from engine.models.cost_results import CostResult, CostSettings, SummaryResult
from server.dependencies import CompilerDep, ModelStoreDep, VersionStoreDep
from server.jobs.compiler import Operation
from server.jobs.report_questions import CostQuestion, SummaryQuestion
from server.json_body import StrictRoute
from server.model_graphs import read_graph
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.report_examples import GRAPH_COSTS, MODEL_COSTS
from server.schemas.report import GraphCostRequest, ModelCostRequest

router = APIRouter(tags=["costs"], route_class=StrictRoute, responses=COMPILER_PROBLEMS)


def _answer_json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


@router.post("/costs", summary="Count what a graph costs", response_model=CostResult)
async def count_costs(
    body: Annotated[GraphCostRequest, Body(openapi_examples=GRAPH_COSTS)], compiler: CompilerDep
) -> Response:
    """FLOPs of a forward pass, memory of a batch's activations, of parameters, gradients and the optimizer.

    Nothing is allocated. A graph with issues is answered with 200 too: what cannot be called has no costs.
    """
    settings = CostSettings(batch_size=body.batch_size, dims=body.dims, precision=body.precision)
    question = CostQuestion(graph=body.graph, settings=settings, optimizer=body.optimizer)
    return _answer_json(await compiler.call(Operation.COSTS, question.model_dump_json().encode()))


@router.post(
    "/models/{model_id}/costs", summary="Count what a model costs", response_model=CostResult, responses=problems(404)
)
async def count_model_costs(
    model_id: str,
    models: ModelStoreDep,
    versions: VersionStoreDep,
    compiler: CompilerDep,
    body: Annotated[ModelCostRequest, Body(openapi_examples=MODEL_COSTS)] = ModelCostRequest(),  # noqa: B008
) -> Response:
    """The same for the draft or a version, with batch size, optimizer and precision of the model's training config."""
    model = await run_in_threadpool(models.get, model_id)
    graph = await run_in_threadpool(read_graph, models, versions, model_id, body.version_id)
    settings, optimizer = body.complete(model.training)
    question = CostQuestion(graph=graph, settings=settings, optimizer=optimizer)
    return _answer_json(await compiler.call(Operation.COSTS, question.model_dump_json().encode()))


@router.get(
    "/models/{model_id}/summary", summary="Summarise a model", response_model=SummaryResult, responses=problems(404)
)
async def summarize_model(
    model_id: str,
    models: ModelStoreDep,
    versions: VersionStoreDep,
    compiler: CompilerDep,
    version_id: Annotated[str | None, Query(description="Which version; none for the draft.")] = None,
) -> Response:
    """Keras's own table as text, and one row for each node. 422 with the issues where the graph does not build."""
    model = await run_in_threadpool(models.get, model_id)
    graph = await run_in_threadpool(read_graph, models, versions, model_id, version_id)
    question = SummaryQuestion(graph=graph, name=model.name)
    return _answer_json(await compiler.call(Operation.SUMMARY, question.model_dump_json().encode()))
