"""Copies in data sets, and samples of the training part among those for validating and testing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from server.dependencies import CompilerDep
from server.jobs.compiler import find_dataset
from server.jobs.data_duplicates import DuplicateSearch
from server.json_body import StrictRoute
from server.routes.datasets import DatasetName
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.data_jobs import DataJob
from server.schemas.duplicates import DuplicatesFound, DuplicatesRequest

router = APIRouter(prefix="/datasets/{name}/duplicates", tags=["datasets"], route_class=StrictRoute)


def get_search(connection: HTTPConnection) -> DuplicateSearch:
    """What looks for copies."""
    search: DuplicateSearch = connection.app.state.duplicate_search
    return search


SearchDep = Annotated[DuplicateSearch, Depends(get_search)]


@router.post("", status_code=202, summary="Look for duplicates", responses={**problems(404, 429), **COMPILER_PROBLEMS})
async def find_duplicates(
    name: DatasetName, wanted: DuplicatesRequest, response: Response, search: SearchDep, compiler: CompilerDep
) -> DataJob:
    """Begins to compare all samples, byte for byte: within each part, from the training part to the test part, and from
    one side of a split to the other. Answers the job, whose progress is at `Location`.
    """
    job = search.begin(await find_dataset(compiler, name), wanted)
    response.headers["Location"] = f"/api/datasets/jobs/{job.id}"
    return job


@router.get("", summary="Which samples are there twice?", responses=problems(404))
async def read_duplicates(name: DatasetName, search: SearchDep) -> DuplicatesFound:
    """What the last look found: `report` is null before the first one."""
    report = await run_in_threadpool(search.reports.find, name)
    return DuplicatesFound(report=report, job=search.find_open(name))
