"""Checks graphs, and graphs together with a training config."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.results import CheckResult, CompileResult
from engine.training.config import RunConfig
from server.dependencies import CompilerDep, ModelStoreDep, WeightStoreDep
from server.jobs.compiler import UNREADABLE_GRAPH, Operation, check_training
from server.json_body import StrictRoute, parse_body, validate_body
from server.launch import refuse_training
from server.routes.examples import GRAPH_BODY, RUN_CONFIG
from server.routes.problems import COMPILER_PROBLEMS, problems

router = APIRouter(tags=["check"], route_class=StrictRoute, responses=COMPILER_PROBLEMS)


def _answer_json(body: bytes) -> Response:
    # The process that has Keras has made it from the model that is documented; making it once more costs time only.
    return Response(body, media_type="application/json")


@router.post(
    "/check",
    summary="Check a graph",
    response_model=CheckResult,
    openapi_extra={"requestBody": GRAPH_BODY},
)
async def check_graph(request: Request, compiler: CompilerDep) -> Response:
    """Shapes, dtypes and parameters per node, and every issue with a hint.

    A graph with issues is answered with 200 too: the report about it succeeded.
    """
    body = await parse_body(request)
    try:
        # The process that has Keras reads the document: reading a large one here as well would double the wait.
        return _answer_json(await compiler.call(Operation.CHECK, await request.body()))
    except EngineError as error:
        if error.code == UNREADABLE_GRAPH:
            await run_in_threadpool(validate_body, Graph, body)
        raise


@router.post(
    "/models/{model_id}/check", summary="Check a model's draft", response_model=CheckResult, responses=problems(404)
)
async def check_model(model_id: str, store: ModelStoreDep, compiler: CompilerDep) -> Response:
    """The same for the stored draft."""
    draft = await run_in_threadpool(store.get_draft, model_id)
    return _answer_json(await compiler.call(Operation.CHECK, draft.graph.encode()))


@router.post(
    "/models/{model_id}/compile", summary="Check a model's draft with a training config", responses=problems(404)
)
async def compile_model(
    model_id: str,
    body: Annotated[RunConfig, Body(openapi_examples=RUN_CONFIG)],
    store: ModelStoreDep,
    weights: WeightStoreDep,
    compiler: CompilerDep,
) -> CompileResult:
    """What would be trained: Keras's summary, samples, steps. 422 with the issues where it would not train.

    An issue may carry `fixes`: patches (RFC 6902) on `{"graph", "training"}` that were tried and mend it.
    """
    # Parsing a large draft takes long enough for others to notice, so it is done beside the event loop too.
    graph = await run_in_threadpool(lambda: store.get_draft(model_id).to_draft().graph)
    path = await run_in_threadpool(weights.find_file, body.weights)
    result = await check_training(compiler, graph, body, path)
    if not result.ok:
        raise refuse_training(result)
    return result
