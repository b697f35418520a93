"""Data sets by name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import HTTPConnection

from engine.data.schema import DatasetPreview, DatasetSummary
from server.dependencies import CompilerDep
from server.jobs.compiler import DatasetQuestion, Operation, find_dataset
from server.jobs.data_downloads import DatasetDownloads
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.data_jobs import DataJob

router = APIRouter(prefix="/datasets", tags=["datasets"], responses=COMPILER_PROBLEMS)

DatasetName = Annotated[str, Path(max_length=200, description="The data set's name, such as `digits`.")]


def get_downloads(connection: HTTPConnection) -> DatasetDownloads:
    """What fetches data sets."""
    downloads: DatasetDownloads = connection.app.state.dataset_downloads
    return downloads


DownloadsDep = Annotated[DatasetDownloads, Depends(get_downloads)]


def _answer_json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


@router.get("", summary="List data sets", response_model=list[DatasetSummary])
async def list_datasets(compiler: CompilerDep) -> Response:
    """Those that come with Layerloom, and those of `keras.datasets`, which may have to be downloaded first."""
    return _answer_json(await compiler.call(Operation.LIST_DATASETS, b""))


@router.get("/{name}", summary="Preview a data set", response_model=DatasetPreview, responses=problems(404, 409))
async def preview_dataset(
    name: DatasetName,
    compiler: CompilerDep,
    rows: Annotated[int, Query(ge=0, le=200, description="How many samples to show.")] = 20,
) -> Response:
    """The first samples, statistics and classes. 409 where the data set has not been downloaded."""
    question = DatasetQuestion(name=name, rows=rows)
    return _answer_json(await compiler.call(Operation.PREVIEW_DATASET, question.model_dump_json().encode()))


@router.post(
    "/{name}/download",
    status_code=202,
    summary="Download a data set",
    responses=problems(404, 429),
)
async def download_dataset(
    name: DatasetName, response: Response, downloads: DownloadsDep, compiler: CompilerDep
) -> DataJob:
    """Begins to fetch the data set, and the words of its texts, into Keras's cache folder, and answers the job, whose
    progress in bytes is at `Location`. Where that is under way already, it answers that job.
    """
    job = downloads.begin(await find_dataset(compiler, name))
    response.headers["Location"] = f"/api/datasets/jobs/{job.id}"
    return job
