"""What is remembered of work on data: a small file for each job, so that a restart of the server forgets none."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from engine.errors import EngineError
from server.schemas.data_jobs import DataJob

logger = logging.getLogger(__name__)

KEPT_JOBS = 100
"""So many that are over are remembered."""

INTERRUPTED = "The server ended before it was done, and nothing is left of it. Begin it again."


class DataJobRecords:
    """Jobs by their id. A job's file is written when its state changes, its progress is only held in memory."""

    def __init__(self, folder: Path):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._jobs = {job.id: job for job in sorted(self._read_all(), key=lambda job: job.created_at)}
        for job in list(self._jobs.values()):
            if not job.is_over:
                self.change(job.id, state="failed", reason=INTERRUPTED)
        self._forget_old()

    def list(self) -> list[DataJob]:
        """All of them, the newest first."""
        return list(reversed(self._jobs.values()))

    def get(self, job_id: str) -> DataJob:
        """One job. Raises `EngineError` `not_found`."""
        if (job := self._jobs.get(job_id)) is None:
            raise EngineError(
                "not_found",
                f"There is no job {job_id[:100]!r}.",
                f"The last {KEPT_JOBS} that are over are remembered; GET /api/datasets/jobs lists them.",
            )
        return job

    def add(self, job: DataJob) -> None:
        """Remembers a new one."""
        self._jobs[job.id] = job
        self._write(job)
        self._forget_old()

    def change(self, job_id: str, **changes: object) -> None:
        """Changes what is known of a job."""
        before = self._jobs[job_id]
        after = before.model_copy(update=changes)
        if after.is_over and not before.is_over:
            after.finished_at = datetime.now(UTC)
        self._jobs[job_id] = after
        if after.state != before.state:
            self._write(after)

    def _forget_old(self) -> None:
        over = [job.id for job in self._jobs.values() if job.is_over]
        for job_id in over[: max(0, len(over) - KEPT_JOBS)]:
            del self._jobs[job_id]
            self._place(job_id).unlink(missing_ok=True)

    def _place(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.json"

    def _write(self, job: DataJob) -> None:
        """Whole or not at all. A job whose file cannot be written goes on: it is only forgotten with the server."""
        place = self._place(job.id)
        part = place.with_suffix(".part")
        try:
            part.write_text(job.model_dump_json(), "utf-8")
            os.replace(part, place)
        except OSError as error:
            logger.warning("the job %s will be forgotten when the server ends: %s", job.id, error)

    def _read_all(self) -> Iterator[DataJob]:
        for place in self._folder.glob("*.json"):
            try:
                yield DataJob.model_validate_json(place.read_bytes())
            except (OSError, ValidationError) as error:
                logger.warning("%s was passed over, as it cannot be read: %s", place, error)
