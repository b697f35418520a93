"""Data sets of people's own: files are looked at, and prepared once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from engine.data.library.manifest import Inspection, Manifest, StoredFile
from engine.data.library.store import LibraryStore
from server.dependencies import CompilerDep, DatabaseDep, SettingsDep
from server.disconnects import work_while_connected
from server.jobs.data_making import DatasetMaker
from server.json_body import StrictRoute
from server.own_datasets import FileFinder, begin_dataset, look_at_files
from server.own_datasets import delete_dataset as delete_own
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.uploads import UploadStoreDep
from server.schemas.data_jobs import DataJob
from server.schemas.own_datasets import InspectRequest, NewDataset
from server.storage.dataset_users import DatasetUsers

router = APIRouter(prefix="/datasets", tags=["datasets"], route_class=StrictRoute)


def get_library(connection: HTTPConnection) -> LibraryStore:
    """The folder of people's own data."""
    library: LibraryStore = connection.app.state.library
    return library


def get_maker(connection: HTTPConnection) -> DatasetMaker:
    """What makes data sets."""
    maker: DatasetMaker = connection.app.state.dataset_maker
    return maker


LibraryDep = Annotated[LibraryStore, Depends(get_library)]
MakerDep = Annotated[DatasetMaker, Depends(get_maker)]


def get_finder(settings: SettingsDep, library: LibraryDep, uploads: UploadStoreDep) -> FileFinder:
    """What finds the files that a request names."""
    return FileFinder(settings, library, uploads)


FinderDep = Annotated[FileFinder, Depends(get_finder)]
OwnName = Annotated[str, Path(max_length=200, description="The name of a data set of one's own.")]


@router.post(
    "/inspect",
    summary="Look at files before they become a data set",
    response_model=Inspection,
    responses={**problems(403, 404, 409), **COMPILER_PROBLEMS},
)
async def inspect_files(
    wanted: InspectRequest, request: Request, finder: FinderDep, uploads: UploadStoreDep, compiler: CompilerDep
) -> Response:
    """Of what kind they are, what is in them, and which inputs and targets are proposed. Reads their beginning only.

    Send `definition` back with corrections to look again. 422 says which file, row and column cannot be read. Closing
    the connection breaks it off.
    """
    sources = await run_in_threadpool(finder.find, wanted.files)
    with uploads.hold(one.kept.sha256 for one in sources if isinstance(one.kept, StoredFile)):
        answer = await work_while_connected(request, look_at_files(sources, wanted.definition, compiler))
    return Response(answer, media_type="application/json")


@router.post(
    "",
    status_code=202,
    summary="Make a data set",
    responses={**problems(403, 404, 409, 429), **COMPILER_PROBLEMS},
)
async def create_dataset(
    new: NewDataset, response: Response, finder: FinderDep, maker: MakerDep, compiler: CompilerDep
) -> DataJob:
    """Begins to prepare it, in a process of its own, and answers the job, whose progress is at `Location`."""
    sources = await run_in_threadpool(finder.find, new.files)
    job = await begin_dataset(new, sources, compiler, maker)
    response.headers["Location"] = f"/api/datasets/jobs/{job.id}"
    return job


@router.get("/{name}/manifest", summary="What is known of an own data set?", responses=problems(404))
async def read_manifest(name: OwnName, library: LibraryDep) -> Manifest:
    """Files, definition, fields with their statistics, and the arrays that a model is fed with."""
    return await run_in_threadpool(library.read_manifest, name)


@router.delete("/{name}", status_code=204, summary="Delete an own data set", responses=problems(404, 409))
async def delete_dataset(name: OwnName, library: LibraryDep, uploads: UploadStoreDep, database: DatabaseDep) -> None:
    """With its files, where no other data set is made of them. 409 while a run that is not over uses it."""
    await run_in_threadpool(delete_own, name, library, uploads, DatasetUsers(database))
