"""Models as files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.models.formats import ExportChoices
from server.checkpoint_files import find_checkpoint_file
from server.content_disposition import format_attachment
from server.dependencies import CompilerDep, ModelStoreDep, SettingsDep, VersionStoreDep, WeightStoreDep
from server.disconnects import work_while_connected
from server.jobs.compiler import ExportQuestion, ExportsQuestion, list_exports
from server.jobs.compiler import export_graph as ask_export
from server.jobs.framing import FileAnswer
from server.model_graphs import read_graph, read_run_graph, read_trained_graph
from server.routes.problems import COMPILER_PROBLEMS, Responses, problems
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.export import ExportFormat, ExportWeights

router = APIRouter(tags=["export"], responses=COMPILER_PROBLEMS)

FILE: Responses = {200: {"description": "The file.", "content": {"application/octet-stream": {}}}, **problems(404)}
OPTIONS: dict[str, object] = {
    "parameters": [
        {
            "name": "options",
            "in": "query",
            "required": False,
            "style": "form",
            "explode": True,
            "description": "For a drawing: the arguments of `keras.utils.model_to_dot`, each by its own name"
            " (`rankdir=LR&show_dtype=false`). `GET /api/models/{model_id}/exports` lists them.",
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    ]
}
"""OpenAPI's way to say that there are more parameters, whose names only Keras knows."""

FormatQuery = Annotated[ExportFormat, Query(description="The kind of file.")]
VersionQuery = Annotated[str | None, Query(description="Which version; none for the draft.")]


@router.get("/models/{model_id}/exports", summary="List the formats for a model", responses=problems(404))
async def read_exports(
    model_id: str,
    models: ModelStoreDep,
    versions: VersionStoreDep,
    weights: WeightStoreDep,
    compiler: CompilerDep,
    version_id: VersionQuery = None,
) -> ExportChoices:
    """Every format with what keeps the model out of it, said on the nodes, and with what to know of the file.

    What only a converter can know (ONNX, LiteRT) is told when the export is asked for.
    """
    graph = await run_in_threadpool(read_graph, models, versions, model_id, version_id)
    kept = await run_in_threadpool(weights.find, model_id)
    return await list_exports(compiler, ExportsQuestion(graph=graph, weights=kept.path if kept else None))


@router.get(
    "/models/{model_id}/export",
    summary="Export a model",
    response_class=Response,
    responses=FILE,
    openapi_extra=OPTIONS,
)
async def export_model(
    model_id: str,
    request: Request,
    models: ModelStoreDep,
    versions: VersionStoreDep,
    weights: WeightStoreDep,
    compiler: CompilerDep,
    format: FormatQuery,  # noqa: A002
    version_id: VersionQuery = None,
    fill: Annotated[
        ExportWeights, Query(alias="weights", description="The weights kept with the model (where it has any), or new.")
    ] = "model",
) -> Response:
    """The model as Keras saves it, as code, for programs without Keras, or as a drawing.

    422 with the issues where the graph does not build, where the format cannot hold it (the issues are on the nodes),
    or where the weights that are kept with the model do not fit the graph.
    """
    model = await run_in_threadpool(models.get, model_id)
    graph = await run_in_threadpool(read_graph, models, versions, model_id, version_id)
    kept = await run_in_threadpool(weights.find, model_id) if fill == "model" else None
    question = ExportQuestion(
        graph=graph,
        format=format,
        name=model.name,
        training=model.training,
        weights=kept.path if kept else None,
        options=_read_options(request, {"format", "version_id", "weights", "token"}),
    )
    return _send_file(await work_while_connected(request, ask_export(compiler, question)))


@router.get(
    "/runs/{run_id}/checkpoints/{checkpoint_id}/export",
    summary="Export a checkpoint",
    response_class=Response,
    responses={**FILE, **problems(409)},
)
async def export_checkpoint(
    run_id: str,
    checkpoint_id: str,
    request: Request,
    runs: RunStoreDep,
    checkpoints: CheckpointStoreDep,
    settings: SettingsDep,
    compiler: CompilerDep,
    format: FormatQuery,  # noqa: A002
) -> Response:
    """The run's model with the weights of a checkpoint, in any format. 422 as for a model."""
    run = await run_in_threadpool(runs.get, run_id)
    file = await run_in_threadpool(find_checkpoint_file, checkpoints, settings.runs_folder, run_id, checkpoint_id)
    if format == "python" and file.fold is not None:
        # The code trains all folds, and what one of them has learned is not for the others.
        graph = await run_in_threadpool(read_run_graph, runs, run_id)
    else:
        graph = await run_in_threadpool(read_trained_graph, runs, run_id, file.path)
    question = ExportQuestion(graph=graph, format=format, name=run.name, training=run.config, weights=file.path)
    return _send_file(await work_while_connected(request, ask_export(compiler, question)))


def _send_file(file: FileAnswer) -> Response:
    headers = {"Content-Disposition": format_attachment(file.filename)}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _read_options(request: Request, known: set[str]) -> dict[str, str]:
    """The query parameters that the route does not know itself. Raises `EngineError` where one comes twice."""
    options: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in options:
            raise EngineError("invalid_option", f"The option {name[:100]!r} is given twice.", "Give it once.")
        if name not in known:
            options[name] = value
    return options
