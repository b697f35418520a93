"""The weights of a model: looked at, downloaded, uploaded, taken from a run, forgotten."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from engine.models.weight_results import LayerWeightsDescription, WeightsDescription
from server.checkpoint_files import find_checkpoint_file
from server.content_disposition import format_attachment
from server.dependencies import ModelStoreDep, SettingsDep
from server.json_body import StrictRoute
from server.model_graphs import read_trained_graph
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.weight_examples import FROM_RUN
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.weights import WeightsFromRun, WeightsReceipt, WeightsSource
from server.uploads import receive_upload
from server.weight_dependencies import WeightServiceDep
from server.weights import find_layer, without_histograms

router = APIRouter(
    prefix="/models/{model_id}/weights", tags=["weights"], route_class=StrictRoute, responses=problems(404)
)

NPZ = "application/octet-stream"
FILE_ANSWER: dict[int | str, dict[str, object]] = {
    200: {"content": {NPZ: {}}, "description": "The `.npz` file."},
}
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {NPZ: {"schema": {"type": "string", "format": "binary"}}},
    }
}
LayerPath = Annotated[str, Path(max_length=200, description="The layer's Keras name.")]


@router.get("", summary="Describe a model's weights", responses=COMPILER_PROBLEMS)
async def describe_weights(model_id: str, weights: WeightServiceDep) -> WeightsDescription:
    """Shapes and statistics of every layer's weights, and how what is stored fits the draft.

    Where nothing is stored (`stored` is false) these are the shapes that the draft asks for, without statistics.
    Histograms come with a single layer's description. 422 with the issues where the draft does not build.
    """
    return without_histograms(await weights.describe(model_id))


@router.get("/file", summary="Download a model's weights", response_class=FileResponse, responses=FILE_ANSWER)
async def download_weights(model_id: str, models: ModelStoreDep, weights: WeightServiceDep) -> FileResponse:
    """All weights as npz, the arrays named `{layer}/{index}` in the order of `layer.get_weights()`."""
    model = await run_in_threadpool(models.get, model_id)
    found = await weights.find_file(model_id)
    headers = {
        "Content-Disposition": format_attachment(f"{model.name}.weights.npz"),
        "ETag": f'"{found.weights.sha256}"',
    }
    return FileResponse(found.path, media_type=NPZ, headers=headers)


@router.put(
    "/file",
    summary="Upload a model's weights",
    openapi_extra=FILE_BODY,
    responses={**problems(413), **COMPILER_PROBLEMS},
)
async def upload_weights(
    model_id: str,
    request: Request,
    weights: WeightServiceDep,
    settings: SettingsDep,
    filename: Annotated[str, Query(max_length=200, description="What the file is called, for the reader.")] = "weights",
    strict: Annotated[
        bool, Query(description="False takes what fits; the other layers keep their weights, or get new ones.")
    ] = True,
) -> WeightsReceipt:
    """The body is the file: npz as it is downloaded, `.weights.h5`, `.keras`, or the `.h5` of Keras 2. What it is is
    seen in its content. Layers are found by their names.

    422 where it does not fit the draft, with an issue on the node of every layer that gets no weights.
    """
    await weights.check_model(model_id)
    async with receive_upload(request, settings) as upload:
        source = WeightsSource(kind="upload", name=filename)
        return await weights.replace_all(model_id, upload, source, strict=strict)


@router.post("", summary="Take the weights of a run's checkpoint", responses=COMPILER_PROBLEMS)
async def take_weights(
    model_id: str,
    body: Annotated[WeightsFromRun, Body(openapi_examples=FROM_RUN)],
    weights: WeightServiceDep,
    runs: RunStoreDep,
    checkpoints: CheckpointStoreDep,
    settings: SettingsDep,
) -> WeightsReceipt:
    """Layers of the draft that have the same name and shapes as in the checkpoint get its weights; `fit` says which.

    The others keep what they have, or get new weights. 422 where no layer fits.
    """
    run = await run_in_threadpool(runs.get, body.run)
    file = await run_in_threadpool(find_checkpoint_file, checkpoints, settings.runs_folder, body.run, body.checkpoint)
    graph = await run_in_threadpool(read_trained_graph, runs, body.run, file.path)
    source = WeightsSource(kind="run", name=run.name, run_id=run.id, checkpoint_id=body.checkpoint, step=file.step)
    return await weights.take_checkpoint(model_id, file.path, graph, source)


@router.delete("", status_code=204, summary="Forget a model's weights")
async def delete_weights(model_id: str, weights: WeightServiceDep) -> None:
    """The model has none then. A run that started with them keeps its copy."""
    await weights.forget(model_id)


@router.get("/{layer}", summary="Describe one layer's weights", responses=COMPILER_PROBLEMS)
async def describe_layer_weights(model_id: str, layer: LayerPath, weights: WeightServiceDep) -> LayerWeightsDescription:
    """Shapes, statistics and a histogram of each variable. (A layer called `file` is in the whole list only.)"""
    return find_layer(await weights.describe(model_id), layer)


@router.get(
    "/{layer}/file",
    summary="Download one layer's weights",
    response_class=Response,
    responses={**FILE_ANSWER, **COMPILER_PROBLEMS},
)
async def download_layer_weights(
    model_id: str, layer: LayerPath, models: ModelStoreDep, weights: WeightServiceDep
) -> Response:
    """The layer's arrays as npz, named `0`, `1`, … in the order of `layer.get_weights()`."""
    model = await run_in_threadpool(models.get, model_id)
    content = await weights.pack_layer(model_id, layer)
    headers = {"Content-Disposition": format_attachment(f"{model.name} {layer}.npz")}
    return Response(content, media_type=NPZ, headers=headers)


@router.put(
    "/{layer}/file",
    summary="Upload one layer's weights",
    openapi_extra=FILE_BODY,
    responses={**problems(413), **COMPILER_PROBLEMS},
)
async def upload_layer_weights(
    model_id: str, layer: LayerPath, request: Request, weights: WeightServiceDep, settings: SettingsDep
) -> WeightsReceipt:
    """The body is an npz file with the arrays of `layer.get_weights()`, named `0`, `1`, … or as `numpy.savez` does it
    (`arr_0`, …). The other layers keep their weights or, where the model had none, get new ones.
    """
    await weights.check_model(model_id)
    async with receive_upload(request, settings) as upload:
        return await weights.replace_layer(model_id, layer, upload)
