"""Data sets in the making: each in a process of its own, told of while it goes on, and whole or not there at all."""

import asyncio
import logging
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from engine.data.library.manifest import PlacedFile, StoredFile
from engine.data.library.store import LibraryStore, taken
from engine.errors import EngineError, IssuesError
from server.jobs.child import Child
from server.jobs.data_process import PROGRESS, SET_NAME, make_dataset
from server.jobs.data_questions import MakeQuestion, NamedPath
from server.jobs.exits import describe_exit
from server.jobs.processes import ProcessContext
from server.jobs.refusals import Outcome, decode_refusal
from server.schemas.own_datasets import DataJob, NewDataset, UploadedFile
from server.settings import Settings
from server.uploads_store import UploadStore

logger = logging.getLogger(__name__)

KEPT_JOBS = 100
"""So many that are over are remembered."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to make a data set of: what is kept about it, and where it is."""

    kept: StoredFile | PlacedFile
    name: str
    path: Path


class DataJobs:
    """Prepares one data set after the other. Jobs are forgotten with the server; what is half done is removed."""

    def __init__(self, processes: ProcessContext, settings: Settings, library: LibraryStore, uploads: UploadStore):
        self._processes = processes
        self._settings = settings
        self._library = library
        self._uploads = uploads
        self._jobs: dict[str, DataJob] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    def list(self) -> list[DataJob]:
        """All jobs, the newest first."""
        return list(reversed(self._jobs.values()))

    def get(self, job_id: str) -> DataJob:
        """One job. Raises `EngineError` `not_found`."""
        if (job := self._jobs.get(job_id)) is None:
            raise EngineError("not_found", f"There is no job {job_id!r}; jobs are forgotten when the server ends.")
        return job

    def begin(self, new: NewDataset, sources: Sequence[Source]) -> DataJob:
        """Puts a data set in the line. It holds its files until it is over.

        Raises:
            EngineError: `conflict` where its name is taken, `too_many` where too many are in the line.
        """
        if self._library.has(new.name) or any(self._jobs[one].name == new.name for one in self._tasks):
            raise taken(new.name)
        if len(self._tasks) >= self._settings.max_data_jobs:
            raise EngineError(
                "too_many",
                f"{len(self._tasks)} data sets are being prepared, as many as may be (LAYERLOOM_MAX_DATA_JOBS).",
                "Wait for one of them, or cancel it.",
            )
        job = DataJob(
            id=uuid4().hex, name=new.name, title=new.title, state="waiting", progress=0, created_at=datetime.now(UTC)
        )
        self._jobs[job.id] = job
        held = ExitStack()
        held.enter_context(self._uploads.hold(one.kept.sha256 for one in sources if isinstance(one.kept, StoredFile)))
        task = asyncio.get_running_loop().create_task(self._work(job.id, new, sources))
        self._tasks[job.id] = task
        task.add_done_callback(lambda _: self._end(job.id, held))
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
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, job_id: str, held: ExitStack) -> None:
        held.close()
        self._tasks.pop(job_id, None)
        if self._jobs[job_id].state in {"waiting", "running"}:
            # It was cancelled before it began.
            self._change(job_id, state="cancelled")
        over = [one for one in self._jobs if one not in self._tasks]
        for forgotten in over[: max(0, len(over) - KEPT_JOBS)]:
            del self._jobs[forgotten]

    def _change(self, job_id: str, **changes: object) -> None:
        if changes.get("state") in {"finished", "failed", "cancelled"}:
            changes["finished_at"] = datetime.now(UTC)
        self._jobs[job_id] = self._jobs[job_id].model_copy(update=changes)

    async def _work(self, job_id: str, new: NewDataset, sources: Sequence[Source]) -> None:
        async with self._turn:
            self._change(job_id, state="running")
            folder = await asyncio.to_thread(self._library.begin)
            outcome: dict[str, object] = {"state": "cancelled"}
            try:
                outcome = await self._try_to_make(job_id, new, sources, folder)
            finally:
                # Whoever sees that it is over finds nothing left of it.
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
                self._change(job_id, **outcome)

    async def _try_to_make(
        self, job_id: str, new: NewDataset, sources: Sequence[Source], folder: Path
    ) -> dict[str, object]:
        """What changes in the job."""
        try:
            async with asyncio.timeout(self._settings.data_timeout_s):
                await self._make(job_id, new, sources, folder)
            await asyncio.to_thread(self._library.publish, folder / SET_NAME, new.name)
            sent = [one.upload for one in new.files if isinstance(one, UploadedFile)]
            await asyncio.to_thread(self._uploads.release, sent)
        except TimeoutError:
            limit = f"{self._settings.data_timeout_s:g} s (LAYERLOOM_DATA_TIMEOUT_S)"
            return {"state": "failed", "reason": f"It took longer than {limit} and was broken off."}
        except EngineError as error:
            reason = f"{error.message} {error.hint}" if error.hint else error.message
            return {
                "state": "failed",
                "reason": reason,
                "issues": error.issues if isinstance(error, IssuesError) else [],
            }
        except Exception as error:
            logger.exception("the data set %r could not be prepared", new.name)
            reason = f"A fault of the server ({type(error).__name__}: {error}); its log has the details."
            return {"state": "failed", "reason": reason}
        return {"state": "finished", "progress": 1.0, "dataset": new.name}

    async def _make(self, job_id: str, new: NewDataset, sources: Sequence[Source], folder: Path) -> None:
        used = await asyncio.to_thread(self._uploads.measure)
        question = MakeQuestion(
            name=new.name,
            title=new.title,
            description=new.description,
            sources=[one.kept for one in sources],
            files=[NamedPath(name=one.name, path=one.path) for one in sources],
            definition=new.definition,
            folder=folder,
            room=max(0, self._settings.max_data_bytes - used),
            min_free_bytes=self._settings.min_free_bytes,
        )
        ours, theirs = Pipe(duplex=False)
        try:
            memory = self._settings.data_memory_bytes
            payload = question.model_dump_json().encode()
            child = await self._processes.start("layerloom-data", make_dataset, theirs, memory, payload)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        try:
            await self._listen(job_id, child, ours)
        finally:
            child.kill()
            await asyncio.shield(child.wait())
            ours.close()

    async def _hear(self, heard: asyncio.Event) -> None:
        """Waits for the next message. The libraries that read files may loop for ever over a damaged one."""
        silence = self._settings.data_silence_s
        try:
            async with asyncio.timeout(silence):
                await heard.wait()
        except TimeoutError:
            raise EngineError(
                "no_progress",
                f"It came no further for {silence:g} s (LAYERLOOM_DATA_SILENCE_S) and was broken off.",
                "A file may be damaged.",
            ) from None

    async def _listen(self, job_id: str, child: Child, pipe: Connection) -> None:
        """Hears of progress until the process has said how it ended. Raises what it refused."""
        heard = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(pipe.fileno(), heard.set)
        try:
            while True:
                await self._hear(heard)
                heard.clear()
                try:
                    message = pipe.recv_bytes()
                except (EOFError, OSError):
                    code = await child.wait()
                    raise EngineError(
                        "process_died",
                        f"The process that prepared it died: {describe_exit(code)}.",
                        "Out of memory? It may take LAYERLOOM_DATA_MEMORY_BYTES.",
                    ) from None
                kind, body = message[:1], message[1:]
                if kind == PROGRESS:
                    self._change(job_id, progress=float(body))
                elif kind == Outcome.ANSWER:
                    return
                elif kind == Outcome.REFUSAL:
                    raise decode_refusal(body)
                else:
                    logger.error("the data set could not be prepared:\n%s", body.decode("utf-8", "replace"))
                    last = body.decode("utf-8", "replace").strip().splitlines()[-1]
                    raise EngineError("fault", f"A fault while the data was prepared ({last}).", "The log says more.")
        finally:
            loop.remove_reader(pipe.fileno())
