"""Where runs train: a queue, and a place for some of them at a time."""

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import psutil
from sqlalchemy.exc import SQLAlchemyError
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from engine.errors import EngineError
from engine.training.commands import Stop
from engine.training.events import FINAL_STATUSES, RunStatus
from server.jobs.adopted import find_process
from server.jobs.attempt import LeaveWish, RunningAttempt, StopWish
from server.jobs.endings import STOPPED_BY_PERSON, EndingWriter
from server.jobs.job_maker import JobMaker
from server.jobs.processes import ProcessContext
from server.jobs.worker import run_worker
from server.settings import Settings
from server.storage.attempts import AttemptStore, OpenRun

logger = logging.getLogger(__name__)

TOKEN_BYTES = 32
SERVER_STOPPED = "The server was stopped; the run goes on when it is started again."
PAUSED_FOR_LONG = "The run was paused for long."
OTHER_CHECKPOINT = "The run is to go on from another checkpoint."
PLACE_NEEDED = "Another run needed the place."


@dataclass(frozen=True, slots=True)
class EndedWorker:
    """A worker that is gone: the folder of its attempt, and its exit code, None where nobody could read it."""

    directory: Path
    exit_code: int | None


Work = Callable[[RunningAttempt], Awaitable[EndedWorker | None]]


class Executor(Protocol):
    """What launches and stops runs."""

    def submit(self, run_id: str) -> None:
        """Queues a run."""

    def withdraw(self, run_id: str) -> bool:
        """Takes a run out of the queue. False where it does not wait there."""

    def has_worker(self, run_id: str) -> bool:
        """Whether the run has a worker, or one is on its way."""

    async def wait_for_end(self, run_id: str) -> None:
        """Returns when the run has no worker, or another one."""

    def expect_stop(self, run_id: str, stop: Stop) -> None:
        """The run's worker was asked to stop; it is ended where it does not obey."""

    def dismiss(self, run_id: str) -> None:
        """Asks the run's worker to leave; the run stays as it is."""

    def hold(self, run_id: str) -> asyncio.Lock:
        """Who holds this decides about the run: meanwhile it neither loses its worker nor gets another decision."""


class LocalExecutor:
    """Trains each run in a worker process on this machine, `parallel_runs` at once: first come, first served.

    A paused run keeps its place until somebody else needs it.
    """

    def __init__(
        self,
        processes: ProcessContext,
        attempts: AttemptStore,
        jobs: JobMaker,
        endings: EndingWriter,
        settings: Settings,
    ):
        self._processes = processes
        self._attempts = attempts
        self._jobs = jobs
        self._endings = endings
        self._settings = settings
        self._queue: deque[str] = deque()
        self._running: dict[str, RunningAttempt] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._holds: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._closing = False

    async def recover(self) -> None:
        """Takes up the runs that a server before this one left open.

        Those that wait are queued again, those whose worker lives are watched again, those whose worker is gone go on
        from their last checkpoint.
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

    def withdraw(self, run_id: str) -> bool:
        """See `Executor`."""
        if run_id not in self._queue:
            return False
        self._queue.remove(run_id)
        return True

    def has_worker(self, run_id: str) -> bool:
        """See `Executor`."""
        return run_id in self._running

    async def wait_for_end(self, run_id: str) -> None:
        """See `Executor`."""
        task = self._tasks.get(run_id)
        if task is not None:
            await asyncio.wait([task])

    def expect_stop(self, run_id: str, stop: Stop) -> None:
        """See `Executor`."""
        if run_id in self._running:
            grace_s = self._settings.stop_grace_s if stop.when == "step" else None
            self._running[run_id].expect_stop(StopWish(STOPPED_BY_PERSON, grace_s))

    def dismiss(self, run_id: str) -> None:
        """See `Executor`."""
        if run_id in self._running:
            self._running[run_id].leave(LeaveWish(OTHER_CHECKPOINT, self._settings.stop_grace_s))

    def hold(self, run_id: str) -> asyncio.Lock:
        """See `Executor`."""
        return self._holds.setdefault(run_id, asyncio.Lock())

    def explain_stop(self, run_id: str) -> str | None:
        """See `Supervisor`."""
        attempt = self._running.get(run_id)
        return attempt.stop_wish.reason if attempt is not None and attempt.stop_wish is not None else None

    def notice_status(self, run_id: str, status: RunStatus) -> None:
        """See `Supervisor`."""
        attempt = self._running.get(run_id)
        if attempt is None:
            return
        if status in FINAL_STATUSES:
            attempt.expect_end(self._settings.stop_grace_s)
        elif status == "paused":
            wish = LeaveWish(PAUSED_FOR_LONG, self._settings.stop_grace_s)
            attempt.pause(self._settings.paused_worker_minutes * 60, wish)
            self._fill_places()
        else:
            attempt.go_on()

    async def close(self) -> None:
        """Lets all workers write a checkpoint and end. Their runs, and those that wait, are for the next server."""
        self._closing = True
        self._queue.clear()
        for run_id, attempt in self._running.items():
            attempt.leave(LeaveWish(SERVER_STOPPED, self._settings.worker_shutdown_grace_s))
            if attempt.is_starting:
                self._tasks[run_id].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _fill_places(self) -> None:
        while self._queue and len(self._running) < self._settings.parallel_runs and not self._closing:
            self._occupy_place(self._queue.popleft(), self._train)
        self._clear_places()

    def _clear_places(self) -> None:
        """Lets paused workers leave, one for each run that waits for a place."""
        paused = [attempt for attempt in self._running.values() if attempt.is_paused]
        for attempt in paused[: len(self._queue)]:
            attempt.leave(LeaveWish(PLACE_NEEDED, self._settings.stop_grace_s))

    def _occupy_place(self, run_id: str, work: Work) -> None:
        attempt = RunningAttempt(run_id)
        self._running[run_id] = attempt
        self._tasks[run_id] = asyncio.get_running_loop().create_task(self._keep_place(attempt, work))

    async def _keep_place(self, attempt: RunningAttempt, work: Work) -> None:
        try:
            ended = await work(attempt)
            if ended is not None:
                await self._end(attempt, ended)
        except EngineError as error:
            # Somebody deleted the run while its worker was on the way out.
            logger.info("run %s ended early: %s", attempt.run_id, error.message)
        except Exception:
            logger.exception(
                "run %s could not be brought to its end; the next start of the server does", attempt.run_id
            )
        finally:
            self._leave_place(attempt, goes_on=False)

    def _leave_place(self, attempt: RunningAttempt, *, goes_on: bool) -> None:
        if self._running.get(attempt.run_id) is not attempt:
            return
        del self._running[attempt.run_id]
        del self._tasks[attempt.run_id]
        if goes_on and not self._closing:
            self._queue.appendleft(attempt.run_id)
        self._fill_places()

    async def _train(self, attempt: RunningAttempt) -> EndedWorker | None:
        attempt.is_starting = True
        await self._endings.note_beginning(attempt)
        job = await self._jobs.make_job(attempt.run_id, secrets.token_urlsafe(TOKEN_BYTES))
        try:
            child = await self._processes.start(f"layerloom-run-{attempt.run_id}", run_worker, job)
        except OSError as error:
            await asyncio.to_thread(self._attempts.revoke, attempt.run_id)
            await self._endings.close_run(attempt.run_id, "failed", f"No worker process could be started: {error}.")
            return None
        attempt.attach(child)
        await asyncio.to_thread(self._note_process, attempt.run_id, child.pid)
        return EndedWorker(Path(job.directory), await attempt.wait())

    async def _watch_again(self, run: OpenRun, attempt: RunningAttempt) -> EndedWorker:
        process = None if run.pid is None else find_process(run.pid, run.process_started or 0)
        if process is not None:
            for stop in await asyncio.to_thread(self._endings.list_stops, run.run_id):
                self.expect_stop(run.run_id, stop)
            attempt.attach(process)
            if run.status == "paused":
                self.notice_status(run.run_id, "paused")
            await attempt.wait()
        return EndedWorker(self._jobs.folder_of(run.run_id, run.attempt_id or ""), None)

    async def _end(self, attempt: RunningAttempt, ended: EndedWorker) -> None:
        """Ends the attempt, again and again while the database cannot be written (a full disk, say)."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(SQLAlchemyError),
            wait=wait_exponential(multiplier=0.2, max=30),
            stop=lambda state: self._closing and state.attempt_number > 1,
            reraise=True,
        )
        await retrying(self._end_once, attempt, ended)

    async def _end_once(self, attempt: RunningAttempt, ended: EndedWorker) -> None:
        async with self.hold(attempt.run_id):
            goes_on = await self._endings.end_attempt(attempt, ended.directory, ended.exit_code)
            self._leave_place(attempt, goes_on=goes_on)

    def _note_process(self, run_id: str, pid: int) -> None:
        # A worker that is gone already needs no note: its end is on its way.
        with contextlib.suppress(psutil.NoSuchProcess):
            self._attempts.note_process(run_id, pid, psutil.Process(pid).create_time())
