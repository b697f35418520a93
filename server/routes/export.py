"""Models as files."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from engine.graph.document import Graph
from server.content_disposition import format_attachment
from server.dependencies import CompilerDep, ModelStoreDep, VersionStoreDep
from server.jobs.compiler import ExportQuestion
from server.jobs.compiler import export_graph as ask_export
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.export import ExportFormat
from server.storage.models import ModelStore
from server.storage.versions import VersionStore

router = APIRouter(prefix="/models/{model_id}/export", tags=["export"], responses=COMPILER_PROBLEMS)


@router.get(
    "",
    summary="Export a model",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {"application/octet-stream": {}}}, **problems(404)},
)
async def export_model(
    model_id: str,
    models: ModelStoreDep,
    versions: VersionStoreDep,
    compiler: CompilerDep,
    format: Annotated[ExportFormat, Query(description="The kind of file.")],  # noqa: A002
    version_id: Annotated[str | None, Query(description="Which version; none for the draft.")] = None,
) -> Response:
    """The model as Keras saves it, as Python code, or as a drawing. Untrained: a run's checkpoints hold the weights.

    422 with the issues where the graph does not build.
    """
    model = await run_in_threadpool(models.get, model_id)
    graph = await run_in_threadpool(_read_graph, models, versions, model_id, version_id)
    question = ExportQuestion(graph=graph, format=format, name=model.name, training=model.training)
    file = await ask_export(compiler, question)
    headers = {"Content-Disposition": format_attachment(file.filename)}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _read_graph(models: ModelStore, versions: VersionStore, model_id: str, version_id: str | None) -> Graph:
    if version_id is None:
        return models.get_draft(model_id).to_draft().graph
    return versions.get(model_id, version_id).graph
