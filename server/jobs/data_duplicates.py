"""Looking through data sets for copies."""

import asyncio
from dataclasses import dataclass

from engine.data.duplicate_results import DuplicateReport
from engine.data.schema import DatasetSummary
from server.duplicate_reports import DuplicateReports
from server.jobs.data_child import DataWork, Hear, run_in_process
from server.jobs.data_jobs import DataJobs, NewJob
from server.jobs.data_questions import DuplicatesQuestion
from server.jobs.duplicates_process import find_duplicates
from server.jobs.processes import ProcessContext
from server.schemas.data_jobs import DataJob
from server.schemas.duplicates import DuplicatesRequest
from server.settings import Settings


class DuplicateSearch:
    """Begins to look."""

    def __init__(self, jobs: DataJobs, processes: ProcessContext, settings: Settings, reports: DuplicateReports):
        self._jobs = jobs
        self._processes = processes
        self._settings = settings
        self.reports = reports

    def begin(self, dataset: DatasetSummary, wanted: DuplicatesRequest) -> DataJob:
        """Puts a look in the line.

        Raises:
            EngineError: `too_many`.
        """
        question = DuplicatesQuestion(
            name=dataset.name,
            arguments=wanted.arguments,
            split=wanted.split,
            library=self._settings.library_folder,
        )
        return self._jobs.begin(
            NewJob(
                kind="duplicates",
                name=dataset.name,
                title=dataset.title,
                work=Looking(self._processes, self._settings, self.reports, question),
                seconds=self._settings.data_timeout_s,
                variable="LAYERLOOM_DATA_TIMEOUT_S",
            )
        )

    def find_open(self, name: str) -> DataJob | None:
        """The look that is under way."""
        return self._jobs.find_open("duplicates", name)


@dataclass(frozen=True, slots=True)
class Looking:
    """One look through a data set."""

    processes: ProcessContext
    settings: Settings
    reports: DuplicateReports
    question: DuplicatesQuestion

    async def do(self, hear: Hear) -> None:
        """Reads all of it, and keeps what was found."""
        work = DataWork(
            "layerloom-duplicates",
            f"Looking through {self.question.name!r}",
            find_duplicates,
            self.settings.compiler_memory_bytes,
            self.question.model_dump_json().encode(),
            self.settings.data_silence_s,
        )
        answer = await run_in_process(self.processes, work, hear)
        await asyncio.to_thread(self.reports.keep, DuplicateReport.model_validate_json(answer))

    async def clean_up(self) -> None:
        """Nothing was written."""
