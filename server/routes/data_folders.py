"""Folders of the server whose files may become data sets without being sent."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool

from server.data_folders import DataFolders
from server.dependencies import SettingsDep
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.schemas.data_folders import FolderListing

router = APIRouter(prefix="/data-folders", tags=["datasets"], route_class=StrictRoute)


@router.get("", summary="What lies in the server's folders of data?", responses=problems(403, 404))
async def list_data_folder(
    settings: SettingsDep,
    path: Annotated[
        str | None, Query(min_length=1, max_length=4096, description="A folder; without it, those that are allowed.")
    ] = None,
) -> FolderListing:
    """The files and folders that `{"path": …}` may name where a data set is made.

    The list of folders is empty unless whoever started the server allowed some by `LAYERLOOM_DATA_FOLDERS`. 403 for a
    folder elsewhere, also one to which a link leads.
    """
    return await run_in_threadpool(DataFolders(settings.data_folders).look, path)
