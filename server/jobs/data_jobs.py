"""Work on data that takes longer than a request: in a process of its own, told of while it goes on, remembered."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

from engine.errors import EngineError, IssuesError
from server.jobs.data_child import Hear
from server.jobs.data_job_records import INTERRUPTED, DataJobRecords
from server.schemas.data_jobs import DataJob, DataJobKind, JobProgress

logger = logging.getLogger(__name__)


class Work(Protocol):
    """What is done in a job."""

    async def do(self, hear: Hear) -> str | None:
        """Returns the name of the data set that is ready now, where one is. Raises `EngineError` where it cannot."""

    async def clean_up(self) -> None:
        """Removes what nobody needs any more, whatever became of the work."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work on the data set `name` that may take so many seconds; `variable` is the setting that says so.

    `release` is called once it is over, also where it never began.
    """

    kind: DataJobKind
    name: str
    title: str
    work: Work
    seconds: float
    variable: str
    release: Callable[[], None] = field(default=lambda: None)


class DataJobs:
    """Does one piece of work of each kind after the other. What is half done when the server ends has failed then."""

    def __init__(self, records: DataJobRecords, most: int):
        """At most `most` of them wait or run at the same time."""
        self._records = records
        self._most = most
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turns: dict[DataJobKind, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._closing = False

    def list(self) -> list[DataJob]:
        """All jobs, the newest first."""
        return self._records.list()

    def get(self, job_id: str) -> DataJob:
        """One job. Raises `EngineError` `not_found`."""
        return self._records.get(job_id)

    def find_open(self, kind: DataJobKind, name: str) -> DataJob | None:
        """The job of this kind on this data set that is not over."""
        jobs = (self._records.get(one) for one in self._tasks)
        return next((job for job in jobs if (job.kind, job.name) == (kind, name)), None)

    def begin(self, new: NewJob) -> DataJob:
        """Puts work in the line.

        Raises:
            EngineError: `too_many` where too much is in the line.
        """
        if len(self._tasks) >= self._most:
            raise EngineError(
                "too_many",
                f"{len(self._tasks)} jobs are under way or wait, as many as may be (LAYERLOOM_MAX_DATA_JOBS).",
                "Wait for one of them, or cancel it.",
            )
        job = DataJob(
            id=uuid4().hex,
            kind=new.kind,
            name=new.name,
            title=new.title,
            state="waiting",
            created_at=datetime.now(UTC),
        )
        self._records.add(job)
        task = asyncio.get_running_loop().create_task(self._work(job.id, new))
        self._tasks[job.id] = task
        task.add_done_callback(lambda _: self._end(job.id, new))
        return job

    async def cancel(self, job_id: str) -> DataJob:
        """Ends a job that is not over, and returns once nothing is left of it. Raises `EngineError` `not_found`."""
        self.get(job_id)
        if (task := self._tasks.get(job_id)) is not None:
            task.cancel()
            await asyncio.wait({task})
        return self.get(job_id)

    async def close(self) -> None:
        """Ends all jobs."""
        self._closing = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, job_id: str, new: NewJob) -> None:
        new.release()
        self._tasks.pop(job_id, None)
        if not self._records.get(job_id).is_over:
            # It was broken off before it began.
            self._records.change(job_id, **self._say_broken_off())

    def _say_broken_off(self) -> dict[str, object]:
        return {"state": "failed", "reason": INTERRUPTED} if self._closing else {"state": "cancelled"}

    async def _work(self, job_id: str, new: NewJob) -> None:
        async with self._turns[new.kind]:
            self._records.change(job_id, state="running")
            outcome: dict[str, object] | None = None
            try:
                outcome = await self._try(job_id, new)
            finally:
                # Whoever sees that it is over finds nothing left of it.
                await asyncio.shield(new.work.clean_up())
                self._records.change(job_id, **(outcome or self._say_broken_off()))

    async def _try(self, job_id: str, new: NewJob) -> dict[str, object]:
        """What changes in the job."""

        def hear(told: JobProgress) -> None:
            self._records.change(job_id, **told.model_dump())

        try:
            async with asyncio.timeout(new.seconds):
                dataset = await new.work.do(hear)
        except TimeoutError:
            limit = f"{new.seconds:g} s ({new.variable})"
            return {"state": "failed", "reason": f"It took longer than {limit} and was broken off."}
        except EngineError as error:
            reason = f"{error.message} {error.hint}" if error.hint else error.message
            return {
                "state": "failed",
                "reason": reason,
                "issues": error.issues if isinstance(error, IssuesError) else [],
            }
        except Exception as error:
            logger.exception("work of the kind %s on the data set %r failed", new.kind, new.name)
            reason = f"A fault of the server ({type(error).__name__}: {error}); its log has the details."
            return {"state": "failed", "reason": reason}
        return {"state": "finished", "progress": 1.0, "dataset": dataset}
