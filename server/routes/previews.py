"""What layers that prepare data make of one example."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.evaluation.preprocessing.schema import Preview, PreviewSettings
from engine.graph.document import Graph
from engine.training.config import DataSettings
from server.dependencies import CompilerDep, ModelStoreDep
from server.jobs.compiler import Compiler, Operation
from server.jobs.preview_questions import PreviewQuestion
from server.json_body import StrictRoute
from server.routes.preview_examples import GRAPH_PREVIEW, MODEL_PREVIEW
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.preview import GraphPreviewRequest, ModelPreviewRequest

router = APIRouter(tags=["preview"], route_class=StrictRoute, responses=COMPILER_PROBLEMS | problems(404, 409))


@router.post(
    "/preview", summary="Show one example going through a graph's preprocessing layers", response_model=Preview
)
async def preview_graph(
    body: Annotated[GraphPreviewRequest, Body(openapi_examples=GRAPH_PREVIEW)], compiler: CompilerDep
) -> Response:
    """A real sample before and after every layer that prepares data, and what random layers draw in training.

    Only what comes before the first layer with weights is called. The same seed draws the same.
    """
    return await _preview(compiler, body.graph, body.data, body)


@router.post(
    "/models/{model_id}/preview",
    summary="Show one example going through a model's preprocessing layers",
    response_model=Preview,
)
async def preview_model(
    model_id: str,
    models: ModelStoreDep,
    compiler: CompilerDep,
    body: Annotated[ModelPreviewRequest, Body(openapi_examples=MODEL_PREVIEW)] = ModelPreviewRequest(),  # noqa: B008
) -> Response:
    """The same for the draft, on the data of the model's training config unless another one is named."""
    model = await run_in_threadpool(models.get, model_id)
    data = body.data or (model.training.data if model.training else None)
    if data is None:
        raise EngineError(
            "no_data", "The model has no training config, and no data set is named.", 'Name one: {"data": …}.'
        )
    graph = await run_in_threadpool(lambda: models.get_draft(model_id).to_draft().graph)
    return await _preview(compiler, graph, data, body)


async def _preview(compiler: Compiler, graph: Graph, data: DataSettings, body: PreviewSettings) -> Response:
    settings = PreviewSettings(**{name: getattr(body, name) for name in PreviewSettings.model_fields})
    question = PreviewQuestion(graph=graph, data=data, settings=settings)
    answer = await compiler.call(Operation.PREVIEW, question.model_dump_json().encode())
    return Response(answer, media_type="application/json")
