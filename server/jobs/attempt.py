"""A worker at work, as the executor sees it: a process to wait for, and the wish that it may stop or leave."""

import asyncio
from dataclasses import dataclass
from typing import Protocol


class WorkerProcess(Protocol):
    """A worker's process, our child or adopted."""

    pid: int

    async def wait(self) -> int | None:
        """Returns when the process is gone: its exit code, None where nobody could read it."""

    def terminate(self) -> None:
        """Asks it to write a checkpoint and leave."""

    def kill(self) -> None:
        """Ends it."""


@dataclass(frozen=True, slots=True)
class StopWish:
    """A person wants the run to stop: why, and how long its worker may take, in seconds; None is as long as it takes.

    The worker has it as a command; this is for the case that it does not obey.
    """

    reason: str
    grace_s: float | None


@dataclass(frozen=True, slots=True)
class LeaveWish:
    """The worker has to leave, and its run goes on later: why, and how long it may take, in seconds."""

    reason: str
    grace_s: float


class RunningAttempt:
    """One run that holds a place among those that train. Wishes may come before the process does.

    `is_starting` is set while there may be a process soon, and none that could be asked for anything. `kills_before` is
    how many processes the kernel had ended for lack of memory when it began, None where nobody counts.
    """

    def __init__(self, run_id: str):
        self.run_id = run_id
        self.is_starting = False
        self.is_paused = False
        self.stop_wish: StopWish | None = None
        self.leave_wish: LeaveWish | None = None
        self.was_killed = False
        self.kills_before: int | None = None
        self._process: WorkerProcess | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None

    def attach(self, process: WorkerProcess) -> None:
        """The worker's process is there; it is told at once what somebody wished before."""
        self.is_starting = False
        self._process = process
        if self.stop_wish is not None:
            self.expect_stop(self.stop_wish)
        if self.leave_wish is not None:
            self.leave(self.leave_wish)

    def expect_stop(self, wish: StopWish) -> None:
        """The worker has been asked to stop; it is killed after the time of grace. A later wish may be more urgent."""
        if self.stop_wish is None or self.stop_wish.grace_s is None:
            self.stop_wish = wish
        if wish.grace_s is not None:
            self.expect_end(wish.grace_s)

    def leave(self, wish: LeaveWish) -> None:
        """Asks the worker to leave, and kills it after the time of grace."""
        self.leave_wish = self.leave_wish or wish
        if self._process is not None:
            self._process.terminate()
            self.expect_end(wish.grace_s)

    def pause(self, patience_s: float, wish: LeaveWish) -> None:
        """The training is paused: its worker has to leave after so many seconds."""
        self.is_paused = True
        self._forget_patience()
        self._patience = asyncio.get_running_loop().call_later(patience_s, self.leave, wish)

    def go_on(self) -> None:
        """The training is not paused any more."""
        self.is_paused = False
        self._forget_patience()

    def expect_end(self, grace_s: float) -> None:
        """Kills the worker where it has not ended by itself in `grace_s` seconds. A later time never counts."""
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
            self._forget_patience()
            if self._deadline is not None:
                self._deadline.cancel()

    def _forget_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()

    def _kill(self, process: WorkerProcess) -> None:
        self.was_killed = True
        process.kill()
