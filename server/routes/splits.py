"""Splits of data sets: tried, stored under a name, listed and deleted."""

import shutil
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.concurrency import run_in_threadpool

from engine.training.split_manifest import SplitReport, StoredSplitInfo
from server.dependencies import CompilerDep, DatabaseDep, SettingsDep
from server.jobs.compiler import Operation, find_dataset
from server.jobs.split_questions import DivideQuestion
from server.json_body import StrictRoute
from server.routes.datasets import DatasetName
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.splits import NewSplit, SplitTrial
from server.splits import SplitStore
from server.storage.dataset_users import DatasetUsers

router = APIRouter(prefix="/datasets/{name}/splits", tags=["datasets"], route_class=StrictRoute)


def get_split_store(settings: SettingsDep) -> SplitStore:
    """The folder of stored splits."""
    return SplitStore(settings.data_folder)


SplitStoreDep = Annotated[SplitStore, Depends(get_split_store)]
SplitName = Annotated[str, Path(max_length=200, description="The name of a stored split.")]


@router.get("", summary="List stored splits", responses={**problems(404), **COMPILER_PROBLEMS})
async def list_splits(name: DatasetName, compiler: CompilerDep, splits: SplitStoreDep) -> list[StoredSplitInfo]:
    """By name, each with the sizes of its sides and how many samples of each class are there."""
    await find_dataset(compiler, name)
    return await run_in_threadpool(splits.list, name)


@router.post(
    "/try",
    summary="Divide a data set, without storing it",
    response_model=SplitReport,
    responses={**problems(404, 409), **COMPILER_PROBLEMS},
)
async def try_split(name: DatasetName, wanted: SplitTrial, compiler: CompilerDep) -> Response:
    """The sizes of the sides, and how many samples of each class are there. 422 says why it cannot be divided so."""
    question = DivideQuestion(dataset=name, arguments=wanted.arguments, definition=wanted.definition)
    answer = await compiler.call(Operation.DIVIDE_DATASET, question.model_dump_json().encode())
    return Response(answer, media_type="application/json")


@router.post(
    "",
    status_code=201,
    summary="Store a split",
    responses={**problems(404, 409, 507), **COMPILER_PROBLEMS},
)
async def create_split(
    name: DatasetName, new: NewSplit, response: Response, compiler: CompilerDep, splits: SplitStoreDep
) -> StoredSplitInfo:
    """Divides the data set once: every run whose `data.split` names it has the same samples on the same side.

    Where the data set changes, such runs are refused. 409 where there is a split of this name.
    """
    await run_in_threadpool(splits.refuse_taken, name, new.name)
    folder = await run_in_threadpool(splits.begin)
    try:
        question = DivideQuestion(
            dataset=name, arguments=new.arguments, definition=new.definition, name=new.name, folder=folder
        )
        answer = await compiler.call(Operation.DIVIDE_DATASET, question.model_dump_json().encode())
        await run_in_threadpool(splits.publish, folder, name, new.name)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)
    response.headers["Location"] = f"/api/datasets/{name}/splits/{new.name}"
    return StoredSplitInfo.model_validate_json(answer)


@router.get("/{split}", summary="Read a stored split", responses=problems(404))
async def read_split(name: DatasetName, split: SplitName, splits: SplitStoreDep) -> StoredSplitInfo:
    """How it was made, the sizes of its sides, and how many samples of each class are there."""
    return await run_in_threadpool(splits.read, name, split)


@router.delete("/{split}", status_code=204, summary="Delete a stored split", responses=problems(404, 409))
async def delete_split(name: DatasetName, split: SplitName, splits: SplitStoreDep, database: DatabaseDep) -> None:
    """409 while a run that is not over uses it."""

    def delete() -> None:
        with DatasetUsers(database).refuse_used_split(name, split):
            splits.delete(name, split)

    await run_in_threadpool(delete)
