"""Data sets by name."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from engine.data.schema import DatasetPreview, DatasetSummary
from server.dependencies import CompilerDep
from server.jobs.compiler import DatasetQuestion, Operation
from server.routes.problems import COMPILER_PROBLEMS, problems

router = APIRouter(prefix="/datasets", tags=["datasets"], responses=COMPILER_PROBLEMS)

DatasetName = Annotated[str, Path(max_length=200, description="The data set's name, such as `digits`.")]


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


@router.post("/{name}/download", summary="Download a data set", response_model=DatasetSummary, responses=problems(404))
async def download_dataset(name: DatasetName, compiler: CompilerDep) -> Response:
    """Fetches the data set into Keras's cache folder, and answers once it is there."""
    question = DatasetQuestion(name=name)
    return _answer_json(await compiler.call(Operation.DOWNLOAD_DATASET, question.model_dump_json().encode()))
