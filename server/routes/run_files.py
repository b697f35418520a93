"""The files that a run's callbacks have written: listed, downloaded one by one or as an archive."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from server.content_disposition import format_attachment
from server.dependencies import DatabaseDep, SettingsDep
from server.routes.problems import problems
from server.run_dependencies import RunStoreDep
from server.run_files import find_file, find_files_below, find_files_folder, list_files, read_file, zip_files
from server.schemas.run_files import RunFiles
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.database import Database

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"], responses=problems(404))


@router.get("/files", summary="List the files of a run's callbacks")
def list_run_files(run_id: str, database: DatabaseDep, settings: SettingsDep) -> RunFiles:
    """What CSVLogger, ModelCheckpoint, TensorBoard and the like have written so far, the first 1000 by path."""
    return list_files(run_id, _find_folder(run_id, database, settings))


@router.get(
    "/files/{path:path}",
    summary="Download a file of a run's callbacks",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file."}},
)
def download_run_file(
    run_id: str, path: str, runs: RunStoreDep, database: DatabaseDep, settings: SettingsDep
) -> StreamingResponse:
    """The file as it is now; one that is still written to may end in the midst of a line."""
    run = runs.get(run_id)
    file = find_file(run_id, _find_folder(run_id, database, settings), path)
    headers = {
        "Content-Disposition": format_attachment(f"{run.name} {file.path.name}"),
        "Content-Length": str(file.size),
        "ETag": file.etag,
    }
    return StreamingResponse(read_file(file), media_type="application/octet-stream", headers=headers)


@router.get(
    "/archive",
    summary="Download the files of a run's callbacks together",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A zip archive."}},
)
def download_run_files(
    run_id: str,
    runs: RunStoreDep,
    database: DatabaseDep,
    settings: SettingsDep,
    folder: Annotated[str, Query(max_length=1000, description="Only what is in this folder, such as `logs`.")] = "",
) -> StreamingResponse:
    """Unpacked, the folder of a `TensorBoard` is what `tensorboard --logdir` takes."""
    run = runs.get(run_id)
    files = find_files_below(run_id, _find_folder(run_id, database, settings), folder)
    name = f"{run.name} {folder.strip('/') or 'files'}.zip"
    headers = {"Content-Disposition": format_attachment(name)}
    return StreamingResponse(zip_files(files), media_type="application/zip", headers=headers)


def _find_folder(run_id: str, database: Database, settings: Settings) -> Path | None:
    return find_files_folder(settings.runs_folder / run_id, AttemptStore(database).find_newest(run_id))
