"""A run's checkpoints: listed, downloaded, restored to its model."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from server.checkpoint_files import find_checkpoint_file, list_present
from server.content_disposition import format_attachment
from server.dependencies import CursorQuery, DatabaseDep, LimitDep, SettingsDep
from server.model_graphs import read_trained_graph
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.run_dependencies import CheckpointStoreDep, RunStoreDep
from server.schemas.restoring import RestoreReceipt
from server.schemas.run import CheckpointPage
from server.schemas.weights import WeightsSource
from server.storage.pages import PageRequest
from server.storage.restoring import restore_model
from server.weight_dependencies import WeightServiceDep

router = APIRouter(prefix="/runs/{run_id}/checkpoints", tags=["runs"], responses=problems(404))


@router.get("", summary="List checkpoints")
def list_checkpoints(
    run_id: str,
    runs: RunStoreDep,
    store: CheckpointStoreDep,
    settings: SettingsDep,
    limit: LimitDep,
    cursor: CursorQuery = None,
) -> CheckpointPage:
    """The checkpoint files that are there, newest first. A worker keeps the newest few and the best ones."""
    runs.get(run_id)
    return list_present(store, settings.runs_folder, run_id, PageRequest(limit, cursor, "-step"))


@router.get(
    "/{checkpoint_id}/file",
    summary="Download a checkpoint",
    response_class=FileResponse,
    responses={
        **problems(409),
        200: {"content": {"application/octet-stream": {}}, "description": "The `.keras` file."},
    },
)
def download_checkpoint(
    run_id: str, checkpoint_id: str, runs: RunStoreDep, store: CheckpointStoreDep, settings: SettingsDep
) -> FileResponse:
    """The file as Keras saved it. Its SHA-256 is compared first: a damaged file is refused with 409."""
    run = runs.get(run_id)
    file = find_checkpoint_file(store, settings.runs_folder, run_id, checkpoint_id)
    headers = {
        "Content-Disposition": format_attachment(f"{run.name} {file.path.name}"),
        "ETag": f'"{file.sha256}"',
    }
    return FileResponse(file.path, media_type="application/octet-stream", headers=headers)


@router.post(
    "/{checkpoint_id}/restore",
    summary="Take the model back to a checkpoint",
    responses={**problems(409), **COMPILER_PROBLEMS},
)
async def restore_checkpoint(
    run_id: str,
    checkpoint_id: str,
    runs: RunStoreDep,
    store: CheckpointStoreDep,
    settings: SettingsDep,
    database: DatabaseDep,
    weights: WeightServiceDep,
) -> RestoreReceipt:
    """The graph that the run trained becomes the draft of its model, and a version; the checkpoint's weights become the
    model's.

    A draft that was no version yet is saved as one before. Where the model was deleted a new one is made, as
    `is_new_model` says. 409 where the file is damaged.
    """
    run = await run_in_threadpool(runs.get, run_id)
    file = await run_in_threadpool(find_checkpoint_file, store, settings.runs_folder, run_id, checkpoint_id)
    graph = await run_in_threadpool(read_trained_graph, runs, run_id, file.path)
    source = WeightsSource(kind="run", name=run.name, run_id=run.id, checkpoint_id=checkpoint_id, step=file.step)
    async with weights.unpack(graph, file.path, run.model_id) as written:
        receipt = await run_in_threadpool(restore_model, database, run_id, graph, written, source)
    await weights.collect()
    return receipt
