"""Where runs train: a queue, and a place for some of them at a time."""

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import psutil
from sqlalchemy.exc import SQLAlchemyError
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from engine.errors import EngineError
from server.jobs.adopted import find_process
from server.jobs.attempt import RunningAttempt, StopWish
from server.jobs.endings import EndingWriter
from server.jobs.processes import ProcessContext
from server.jobs.worker import WorkerJob, run_worker
from server.settings import Settings
from server.storage.attempts import AttemptStore, OpenRun

logger = logging.getLogger(__name__)

TOKEN_BYTES = 32
SERVER_STOPPED = "The server was stopped."
STOPPED_BY_PERSON = "Stopped on request."
STOPPED_IN_QUEUE = "Stopped before it began."

Work = Callable[[RunningAttempt], Awaitable[None]]


class Executor(Protocol):
    """What launches and stops runs."""

    def submit(self, run_id: str) -> None:
        """Queues a run."""

    async def stop(self, run_id: str) -> None:
        """Asks a run to stop. Raises `EngineError` (`conflict`) where it neither waits nor trains."""


class LocalExecutor:
    """Trains each run in a worker process on this machine, `parallel_runs` at once: first come, first served."""

    def __init__(self, processes: ProcessContext, attempts: AttemptStore, endings: EndingWriter, settings: Settings):
        self._processes = processes
        self._attempts = attempts
        self._endings = endings
        self._settings = settings
        self._queue: deque[str] = deque()
        self._running: dict[str, RunningAttempt] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    async def recover(self) -> None:
        """Takes up the runs that a server before this one left open.

        Those that wait are queued again, those whose worker lives are watched again, the others are closed with what
        their spool has.
        """
        for run in await asyncio.to_thread(self._attempts.list_open):
            if run.status == "queued" and run.pid is None:
                self._queue.append(run.run_id)
            else:
                self._occupy_place(run.run_id, partial(self._watch_again, run))
        self._fill_places()

    def submit(self, run_id: str) -> None:
        """See `Executor`."""
        self._queue.append(run_id)
        self._fill_places()

    async def stop(self, run_id: str) -> None:
        """See `Executor`."""
        if run_id in self._queue:
            self._queue.remove(run_id)
            await self._endings.close_run(run_id, "stopped", STOPPED_IN_QUEUE)
        elif run_id in self._running:
            self._running[run_id].stop(StopWish(STOPPED_BY_PERSON, self._settings.stop_grace_s))
        else:
            raise EngineError("conflict", f"Run {run_id!r} neither waits nor trains, so there is nothing to stop.")

    def explain_stop(self, run_id: str) -> str | None:
        """See `Supervisor`."""
        attempt = self._running.get(run_id)
        return attempt.wish.reason if attempt is not None and attempt.wish is not None else None

    def expect_end(self, run_id: str) -> None:
        """See `Supervisor`."""
        if run_id in self._running:
            self._running[run_id].expect_end(self._settings.stop_grace_s)

    async def close(self) -> None:
        """Stops all workers and writes the ends of their runs. What waits stays queued, for the next server."""
        self._closing = True
        self._queue.clear()
        for run_id, attempt in self._running.items():
            attempt.stop(StopWish(SERVER_STOPPED, self._settings.worker_shutdown_grace_s))
            if attempt.is_starting:
                self._tasks[run_id].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _fill_places(self) -> None:
        while self._queue and len(self._running) < self._settings.parallel_runs and not self._closing:
            self._occupy_place(self._queue.popleft(), self._train)

    def _occupy_place(self, run_id: str, work: Work) -> None:
        attempt = RunningAttempt(run_id)
        self._running[run_id] = attempt
        self._tasks[run_id] = asyncio.get_running_loop().create_task(self._keep_place(attempt, work))

    async def _keep_place(self, attempt: RunningAttempt, work: Work) -> None:
        try:
            await work(attempt)
        except EngineError as error:
            # Somebody deleted the run while its worker was on the way out.
            logger.info("run %s ended early: %s", attempt.run_id, error.message)
        except Exception:
            logger.exception(
                "run %s could not be brought to its end; the next start of the server does", attempt.run_id
            )
        finally:
            del self._running[attempt.run_id]
            del self._tasks[attempt.run_id]
            self._fill_places()

    async def _train(self, attempt: RunningAttempt) -> None:
        attempt.is_starting = True
        token = secrets.token_urlsafe(TOKEN_BYTES)
        job = await asyncio.to_thread(self._make_job, attempt.run_id, token)
        try:
            child = await self._processes.start(f"layerloom-run-{attempt.run_id}", run_worker, job)
        except OSError as error:
            await asyncio.to_thread(self._attempts.revoke, attempt.run_id)
            await self._endings.close_run(attempt.run_id, "failed", f"No worker process could be started: {error}.")
            return
        attempt.attach(child)
        await asyncio.to_thread(self._note_process, attempt.run_id, child.pid)
        exit_code = await attempt.wait()
        await self._end(attempt, Path(job.directory), exit_code)

    async def _watch_again(self, run: OpenRun, attempt: RunningAttempt) -> None:
        process = None if run.pid is None else find_process(run.pid, run.process_started or 0)
        if process is not None:
            attempt.attach(process)
            await attempt.wait()
        await self._end(attempt, self._folder_of(run.run_id, run.attempt_id or ""), None)

    async def _end(self, attempt: RunningAttempt, directory: Path, exit_code: int | None) -> None:
        """Ends the attempt, again and again while the database cannot be written (a full disk, say)."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(SQLAlchemyError),
            wait=wait_exponential(multiplier=0.2, max=30),
            stop=lambda state: self._closing and state.attempt_number > 1,
            reraise=True,
        )
        await retrying(self._endings.end_attempt, attempt, directory, exit_code)

    def _make_job(self, run_id: str, token: str) -> WorkerJob:
        begun = self._attempts.begin(run_id, token)
        directory = self._folder_of(run_id, begun.attempt_id)
        directory.mkdir(parents=True)
        return WorkerJob(
            run_id=run_id,
            attempt_id=begun.attempt_id,
            first_seq=begun.first_seq,
            server_url=self._settings.worker_url,
            token=token,
            directory=str(directory),
            graph=begun.graph,
            config=begun.config,
            allow_code=self._settings.allow_code,
            weights=None if begun.weights is None else str(self._settings.weights_file(begun.weights)),
        )

    def _folder_of(self, run_id: str, attempt_id: str) -> Path:
        return self._settings.runs_folder / run_id / attempt_id

    def _note_process(self, run_id: str, pid: int) -> None:
        # A worker that is gone already needs no note: its end is on its way.
        with contextlib.suppress(psutil.NoSuchProcess):
            self._attempts.note_process(run_id, pid, psutil.Process(pid).create_time())
