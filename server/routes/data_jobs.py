"""Work on data that takes longer than a request: what is under way, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection

from server.jobs.data_jobs import DataJobs
from server.routes.problems import problems
from server.schemas.data_jobs import DataJob

router = APIRouter(prefix="/datasets/jobs", tags=["datasets"])


def get_data_jobs(connection: HTTPConnection) -> DataJobs:
    """The work on data."""
    jobs: DataJobs = connection.app.state.data_jobs
    return jobs


DataJobsDep = Annotated[DataJobs, Depends(get_data_jobs)]
JobId = Annotated[str, Path(max_length=100, description="The job's id.")]


@router.get("", summary="List the work on data")
async def list_data_jobs(jobs: DataJobsDep) -> list[DataJob]:
    """The newest first; of those that are over the last hundred, also after a restart of the server."""
    return jobs.list()


@router.get("/{job_id}", summary="How far is work on data?", responses=problems(404))
async def read_data_job(job_id: JobId, jobs: DataJobsDep) -> DataJob:
    """State and progress. Where it failed, the reason says why, and the issues which file, row and column."""
    return jobs.get(job_id)


@router.delete("/{job_id}", summary="Cancel work on data", responses=problems(404))
async def cancel_data_job(job_id: JobId, jobs: DataJobsDep) -> DataJob:
    """Ends its process and removes what it has written. Nothing happens to a job that is over."""
    return await jobs.cancel(job_id)
