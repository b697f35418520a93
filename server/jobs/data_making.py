"""Making a data set of people's own files: whole, or not there at all."""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from engine.data.library.manifest import PlacedFile, StoredFile
from engine.data.library.store import LibraryStore, taken
from server.jobs.data_child import DataWork, Hear, run_in_process
from server.jobs.data_jobs import DataJobs, NewJob
from server.jobs.data_questions import MakeQuestion, NamedPath
from server.jobs.making_process import SET_NAME, make_dataset
from server.jobs.processes import ProcessContext
from server.schemas.data_jobs import DataJob
from server.schemas.own_datasets import NewDataset, UploadedFile
from server.settings import Settings
from server.uploads_store import UploadStore

SHOWN_FILES = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A file to make a data set of: what is kept about it, and where it is."""

    kept: StoredFile | PlacedFile
    name: str
    path: Path


def name_files(sources: Sequence[Source]) -> str:
    """The files by their names, for a message; of many only the first ones."""
    more = f" and {len(sources) - SHOWN_FILES:,} more files" if len(sources) > SHOWN_FILES else ""
    return ", ".join(repr(one.name) for one in sources[:SHOWN_FILES]) + more


class DatasetMaker:
    """Begins to make data sets."""

    def __init__(
        self,
        jobs: DataJobs,
        processes: ProcessContext,
        settings: Settings,
        library: LibraryStore,
        uploads: UploadStore,
    ):
        self._jobs = jobs
        self._processes = processes
        self._settings = settings
        self._library = library
        self._uploads = uploads

    def begin(self, new: NewDataset, sources: Sequence[Source]) -> DataJob:
        """Puts a data set in the line. It holds its files until it is over.

        Raises:
            EngineError: `conflict` where its name is taken, `too_many` where too many are in the line.
        """
        if self._library.has(new.name) or self._jobs.find_open("make", new.name):
            raise taken(new.name)
        held = ExitStack()
        held.enter_context(self._uploads.hold(one.kept.sha256 for one in sources if isinstance(one.kept, StoredFile)))
        making = Making(self._processes, self._settings, self._library, self._uploads, new, sources)
        job = NewJob(
            kind="make",
            name=new.name,
            title=new.title,
            work=making,
            seconds=self._settings.data_timeout_s,
            variable="LAYERLOOM_DATA_TIMEOUT_S",
            release=held.close,
        )
        try:
            return self._jobs.begin(job)
        except BaseException:
            held.close()
            raise


@dataclass
class Making:
    """One data set on its way; `_folder` is where it is made."""

    processes: ProcessContext
    settings: Settings
    library: LibraryStore
    uploads: UploadStore
    new: NewDataset
    sources: Sequence[Source]
    _folder: Path | None = None

    async def do(self, hear: Hear) -> str:
        """Makes the data set, and gives it its name once it is whole."""
        self._folder = await asyncio.to_thread(self.library.begin)
        question = await self._ask(self._folder)
        work = DataWork(
            "layerloom-data",
            f"Preparing {name_files(self.sources)}",
            make_dataset,
            self.settings.data_memory_bytes,
            question.model_dump_json().encode(),
            self.settings.data_silence_s,
        )
        await run_in_process(self.processes, work, hear)
        await asyncio.to_thread(self.library.publish, self._folder / SET_NAME, self.new.name)
        sent = [one.upload for one in self.new.files if isinstance(one, UploadedFile)]
        await asyncio.to_thread(self.uploads.release, sent)
        return self.new.name

    async def clean_up(self) -> None:
        """Removes what was not published."""
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _ask(self, folder: Path) -> MakeQuestion:
        used = await asyncio.to_thread(self.uploads.measure)
        return MakeQuestion(
            name=self.new.name,
            title=self.new.title,
            description=self.new.description,
            sources=[one.kept for one in self.sources],
            files=[NamedPath(name=one.name, path=one.path) for one in self.sources],
            definition=self.new.definition,
            folder=folder,
            room=max(0, self.settings.max_data_bytes - used),
            min_free_bytes=self.settings.min_free_bytes,
        )
