"""A worker that was started by a server that is gone: found again by process id and creation time, and watched."""

import asyncio
import contextlib
import os

import psutil

CREATION_TOLERANCE_S = 2.0
"""The clock's corrections move creation times a little; process ids are not used again that fast."""


class AdoptedProcess:
    """A process that is not our child: its end can be seen, its exit code cannot."""

    def __init__(self, process: psutil.Process):
        self._process = process
        self.pid: int = process.pid

    async def wait(self) -> None:
        """Returns when the process is gone."""
        if not hasattr(os, "pidfd_open"):
            await asyncio.to_thread(self._process.wait)
            return
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(descriptor, ended.set)
        try:
            # The number may have gone to another process just before it was opened.
            if self._process.is_running():
                await ended.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)

    def terminate(self) -> None:
        """Asks the process to end (SIGTERM)."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.terminate()

    def kill(self) -> None:
        """Ends the process (SIGKILL)."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.kill()


def find_process(pid: int, started: float) -> AdoptedProcess | None:
    """The process with this id that was created at `started` (seconds since 1970), where it still runs."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < CREATION_TOLERANCE_S
        alive = process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return AdoptedProcess(process) if same and alive else None
