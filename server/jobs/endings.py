"""The end of an attempt: what its worker left behind is stored, and the run is over, waits, or stays paused."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.training.commands import Command, SetEpochs, Stop
from engine.training.events import FINAL_STATUSES, Event, LogEvent, RunStatus, StatusEvent
from server.jobs.attempt import RunningAttempt
from server.jobs.exits import describe_exit, tells_of_lack_of_memory
from server.jobs.expectations import expect_status
from server.jobs.ingest import EventIngest
from server.jobs.lack_of_memory import MemoryJudge
from server.jobs.leftovers import remove_unlisted
from server.jobs.output import read_unreported_output
from server.jobs.spool import SPOOL_NAME, read_spool
from server.jobs.worker import EXIT_LEFT, RAN_OUT_OF_MEMORY
from server.schemas.run import RunPublic
from server.storage.attempts import AttemptStore
from server.storage.checkpoints import CheckpointStore
from server.storage.commands import CommandStore
from server.storage.runs import RunStore

SPOOL_BATCH = 500
LONGEST_QUOTED_LINE = 300
STOPPED_BY_PERSON = "Stopped on request."
STOPPED_IN_QUEUE = "Stopped before it began."
RESUMED_BY_PERSON = "Resumed on request."
WORKER_LEFT = "The worker was told to end."
MORE_EPOCHS = "More epochs were asked for."


class EndingWriter:
    """Ends attempts in the database."""

    def __init__(
        self,
        ingest: EventIngest,
        attempts: AttemptStore,
        runs: RunStore,
        commands: CommandStore,
        checkpoints: CheckpointStore,
        memory: MemoryJudge,
        tail_lines: int,
    ):
        self._ingest = ingest
        self._attempts = attempts
        self._runs = runs
        self._commands = commands
        self._checkpoints = checkpoints
        self._memory = memory
        self._tail_lines = tail_lines

    async def note_beginning(self, attempt: RunningAttempt) -> None:
        """Keeps what the end is to be compared with."""
        attempt.kills_before = await self._memory.count()

    async def end_attempt(self, attempt: RunningAttempt, directory: Path, exit_code: int | None) -> bool:
        """Stores the rest of a dead worker's spool and its last words, and decides what becomes of the run.

        Returns whether it goes on with another worker; it is queued then.

        Raises:
            EngineError: `not_found`.
        """
        run_id = attempt.run_id
        await asyncio.to_thread(self._attempts.revoke, run_id)
        await self._take_over_spool(run_id, directory / SPOOL_NAME)
        await asyncio.to_thread(remove_unlisted, self._checkpoints, run_id, directory)
        run = await asyncio.to_thread(self._runs.get, run_id)
        waiting = await asyncio.to_thread(self._commands.list_open, run_id)
        if run.status in FINAL_STATUSES:
            return await self._go_on_for_more_epochs(run, waiting)
        last_words = await asyncio.to_thread(read_unreported_output, directory)
        if last_words:
            await self._ingest.append(run_id, lambda seq: [_make_log(seq, last_words)])
        stopped = _judge_stop(attempt, waiting)
        if stopped is not None:
            await self.close_run(run_id, "stopped", stopped)
            return False
        if run.status == "paused":
            return await self._leave_paused(run, waiting)
        if attempt.leave_wish is not None or exit_code == EXIT_LEFT:
            reason = WORKER_LEFT if attempt.leave_wish is None else attempt.leave_wish.reason
            return await self._queue_again(run, reason)
        if not attempt.was_killed and await self._memory.was_ended_by_kernel(exit_code, attempt.kills_before):
            # Another worker would need as much.
            quoted = await self._quote_tail(run_id)
            await self.close_run(run_id, "failed", f"{await self._memory.explain(run)}{quoted}")
            return False
        return await self._replace_dead(run, describe_exit(exit_code), last_words)

    async def close_run(self, run_id: str, status: RunStatus, reason: str) -> None:
        """Writes the final status. Only while no worker reports. Raises `EngineError` (`not_found`)."""
        await self._say_status(run_id, status, reason)

    def list_stops(self, run_id: str) -> list[Stop]:
        """The wishes to stop that the run's worker has not obeyed yet."""
        return [one.action for one in self._commands.list_open(run_id) if isinstance(one.action, Stop)]

    async def _take_over_spool(self, run_id: str, path: Path) -> None:
        last_seq = (await asyncio.to_thread(self._runs.get, run_id)).last_seq
        left = read_spool(path, last_seq)
        while batch := await asyncio.to_thread(_take, left, SPOOL_BATCH):
            await self._ingest.take_over(run_id, batch)

    async def _go_on_for_more_epochs(self, run: RunPublic, waiting: Sequence[Command]) -> bool:
        """More epochs may have been asked for, and promised, just when the worker finished."""
        wanted = [one.action.epochs for one in waiting if isinstance(one.action, SetEpochs)]
        if run.status != "finished" or not run.can_resume or not wanted:
            return False
        ended = (await asyncio.to_thread(self._runs.read_history, run.id)).epoch
        if not ended or wanted[-1] <= ended[-1] + 1:
            return False
        return await self._queue_again(run, MORE_EPOCHS)

    async def _leave_paused(self, run: RunPublic, waiting: Sequence[Command]) -> bool:
        """A paused run needs no worker, unless it was resumed just when its worker left."""
        if expect_status(run.status, waiting) == "paused":
            return False
        return await self._queue_again(run, RESUMED_BY_PERSON)

    async def _replace_dead(self, run: RunPublic, how: str, last_words: str) -> bool:
        quoted = await self._quote_tail(run.id)
        if tells_of_lack_of_memory(last_words):
            await self.close_run(
                run.id, "failed", f"{RAN_OUT_OF_MEMORY} Try a smaller batch size or a smaller model.{quoted}"
            )
            return False
        count = await asyncio.to_thread(self._attempts.count_restart, run.id, run.config.restarts)
        if count is not None:
            return await self._queue_again(run, f"The worker died: {how}.{quoted}")
        most = run.config.restarts
        again = f" It had been replaced {most} {'time' if most == 1 else 'times'} before." if most else ""
        await self.close_run(run.id, "failed", f"The worker died: {how}.{again}{quoted}")
        return False

    async def _quote_tail(self, run_id: str) -> str:
        tail = await asyncio.to_thread(self._runs.read_log_tail, run_id, self._tail_lines)
        quoted = "\n".join(line[:LONGEST_QUOTED_LINE] for line in tail)
        return f"\nIts last lines:\n{quoted}" if quoted else ""

    async def _queue_again(self, run: RunPublic, reason: str) -> bool:
        await self._say_status(run.id, "queued", reason, reopens=True)
        return True

    async def _say_status(self, run_id: str, status: RunStatus, reason: str, *, reopens: bool = False) -> None:
        await self._ingest.append(
            run_id,
            lambda seq: [StatusEvent(seq=seq, time=datetime.now(UTC), status=status, reason=reason)],
            reopens=reopens,
        )


def _judge_stop(attempt: RunningAttempt, waiting: Sequence[Command]) -> str | None:
    """Why the run is over where somebody wanted it to stop at once. The end of an epoch can wait for another worker."""
    wish = attempt.stop_wish
    if wish is not None and wish.grace_s is not None:
        late = f"; its worker did not end within {wish.grace_s:g} s and was killed"
        return wish.reason + (late if attempt.was_killed else "")
    at_once = any(isinstance(one.action, Stop) and one.action.when == "step" for one in waiting)
    return STOPPED_BY_PERSON if at_once else None


def _take(events: Iterator[Event], count: int) -> Sequence[Event]:
    return [event for _, event in zip(range(count), events, strict=False)]


def _make_log(seq: int, message: str) -> LogEvent:
    return LogEvent(seq=seq, time=datetime.now(UTC), level="error", message=message)
