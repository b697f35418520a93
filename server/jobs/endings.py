"""The end of an attempt: what its worker left behind is stored, and the run gets a final status."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.training.events import FINAL_STATUSES, Event, LogEvent, RunStatus, StatusEvent
from server.jobs.attempt import RunningAttempt
from server.jobs.exits import describe_exit
from server.jobs.ingest import EventIngest
from server.jobs.output import read_unreported_output
from server.jobs.spool import SPOOL_NAME, read_spool
from server.storage.attempts import AttemptStore
from server.storage.runs import RunStore

SPOOL_BATCH = 500
LONGEST_QUOTED_LINE = 300


class EndingWriter:
    """Ends attempts in the database."""

    def __init__(self, ingest: EventIngest, attempts: AttemptStore, runs: RunStore, tail_lines: int):
        self._ingest = ingest
        self._attempts = attempts
        self._runs = runs
        self._tail_lines = tail_lines

    async def end_attempt(self, attempt: RunningAttempt, directory: Path, exit_code: int | None) -> None:
        """Stores the rest of a dead worker's spool and its last words; closes the run where it did not do so itself.

        Raises:
            EngineError: `not_found`.
        """
        run_id = attempt.run_id
        await asyncio.to_thread(self._attempts.revoke, run_id)
        await self._take_over_spool(run_id, directory / SPOOL_NAME)
        if (await asyncio.to_thread(self._runs.get, run_id)).status in FINAL_STATUSES:
            return
        last_words = await asyncio.to_thread(read_unreported_output, directory)
        if last_words:
            await self._ingest.append(run_id, lambda seq: [_make_log(seq, last_words)])
        await self.close_run(run_id, *await self._judge(attempt, exit_code))

    async def close_run(self, run_id: str, status: RunStatus, reason: str) -> None:
        """Writes the final status. Only while no worker reports. Raises `EngineError` (`not_found`)."""
        await self._ingest.append(
            run_id, lambda seq: [StatusEvent(seq=seq, time=datetime.now(UTC), status=status, reason=reason)]
        )

    async def _take_over_spool(self, run_id: str, path: Path) -> None:
        last_seq = (await asyncio.to_thread(self._runs.get, run_id)).last_seq
        left = read_spool(path, last_seq)
        while batch := await asyncio.to_thread(_take, left, SPOOL_BATCH):
            await self._ingest.take_over(run_id, batch)

    async def _judge(self, attempt: RunningAttempt, exit_code: int | None) -> tuple[RunStatus, str]:
        if attempt.wish is not None:
            late = f"; its worker did not end within {attempt.wish.grace_s:g} s and was killed"
            return "stopped", attempt.wish.reason + (late if attempt.was_killed else "")
        how = describe_exit(exit_code)
        tail = await asyncio.to_thread(self._runs.read_log_tail, attempt.run_id, self._tail_lines)
        quoted = "\n".join(line[:LONGEST_QUOTED_LINE] for line in tail)
        return "failed", f"The worker died: {how}." + (f"\nIts last lines:\n{quoted}" if quoted else "")


def _take(events: Iterator[Event], count: int) -> Sequence[Event]:
    return [event for _, event in zip(range(count), events, strict=False)]


def _make_log(seq: int, message: str) -> LogEvent:
    return LogEvent(seq=seq, time=datetime.now(UTC), level="error", message=message)
