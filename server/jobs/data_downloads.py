"""Fetching Keras's data sets into its cache folder."""

from dataclasses import dataclass

from engine.data.schema import DatasetSummary
from server.jobs.data_child import DataWork, Hear, run_in_process
from server.jobs.data_jobs import DataJobs, NewJob
from server.jobs.data_questions import DownloadQuestion
from server.jobs.download_process import download_dataset
from server.jobs.processes import ProcessContext
from server.schemas.data_jobs import DataJob
from server.settings import Settings

CLEANING_UP_S = 5.0
"""So long Keras may take to remove half a file."""


class DatasetDownloads:
    """Begins to fetch data sets."""

    def __init__(self, jobs: DataJobs, processes: ProcessContext, settings: Settings):
        self._jobs = jobs
        self._processes = processes
        self._settings = settings

    def begin(self, dataset: DatasetSummary) -> DataJob:
        """Puts a download in the line; the one that is under way is answered where there is one.

        Raises:
            EngineError: `too_many`.
        """
        if (job := self._jobs.find_open("download", dataset.name)) is not None:
            return job
        return self._jobs.begin(
            NewJob(
                kind="download",
                name=dataset.name,
                title=dataset.title,
                work=Downloading(self._processes, self._settings, dataset.name),
                seconds=self._settings.download_timeout_s,
                variable="LAYERLOOM_DOWNLOAD_TIMEOUT_S",
            )
        )


@dataclass(frozen=True, slots=True)
class Downloading:
    """One data set on its way."""

    processes: ProcessContext
    settings: Settings
    name: str

    async def do(self, hear: Hear) -> str:
        """Fetches it, where it is not there yet."""
        question = DownloadQuestion(name=self.name, mirror=self.settings.download_mirror)
        work = DataWork(
            "layerloom-download",
            f"Fetching {self.name!r}",
            download_dataset,
            self.settings.compiler_memory_bytes,
            question.model_dump_json().encode(),
            self.settings.data_silence_s,
            grace_s=CLEANING_UP_S,
        )
        await run_in_process(self.processes, work, hear)
        return self.name

    async def clean_up(self) -> None:
        """Keras has cleaned up already."""
