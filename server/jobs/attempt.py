"""A worker at work, as the executor sees it: a process to wait for, and the wish that it may stop."""

import asyncio
from dataclasses import dataclass
from typing import Protocol


class WorkerProcess(Protocol):
    """A worker's process, our child or adopted."""

    pid: int

    async def wait(self) -> int | None:
        """Returns when the process is gone: its exit code, None where nobody could read it."""

    def terminate(self) -> None:
        """Asks it to write a checkpoint and end."""

    def kill(self) -> None:
        """Ends it."""


@dataclass(frozen=True, slots=True)
class StopWish:
    """Somebody wants the run to stop: why, and how long its worker may take, in seconds."""

    reason: str
    grace_s: float


class RunningAttempt:
    """One run that holds a place among those that train. The wish to stop may come before the process does.

    `is_starting` is set while there may be a process soon, and none that could be asked to stop.
    """

    def __init__(self, run_id: str):
        self.run_id = run_id
        self.is_starting = False
        self.wish: StopWish | None = None
        self.was_killed = False
        self._process: WorkerProcess | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def attach(self, process: WorkerProcess) -> None:
        """The worker's process is there; it is asked to stop at once where somebody wished so before."""
        self.is_starting = False
        self._process = process
        if self.wish is not None:
            self.stop(self.wish)

    def stop(self, wish: StopWish) -> None:
        """Asks the worker to stop, and kills it after the time of grace; a later wish can only make that shorter."""
        self.wish = self.wish or wish
        if self._process is not None:
            self._process.terminate()
            self.expect_end(wish.grace_s)

    def expect_end(self, grace_s: float) -> None:
        """Kills the worker where it has not ended by itself in `grace_s` seconds."""
        process, loop = self._process, asyncio.get_running_loop()
        if process is None:
            return
        if self._deadline is not None:
            if self._deadline.when() <= loop.time() + grace_s:
                return
            self._deadline.cancel()
        self._deadline = loop.call_later(grace_s, self._kill, process)

    async def wait(self) -> int | None:
        """Waits for the end of the attached process: its exit code, None where nobody could read it."""
        if self._process is None:
            return None
        try:
            return await self._process.wait()
        finally:
            self._process = None
            if self._deadline is not None:
                self._deadline.cancel()

    def _kill(self, process: WorkerProcess) -> None:
        self.was_killed = True
        process.kill()
