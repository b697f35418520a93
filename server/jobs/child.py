"""A child process that the event loop watches: no thread waits for it, no timer looks at it."""

import asyncio
import threading
from multiprocessing.process import BaseProcess


class Child:
    """A running child process. Make it in the event loop that shall watch it.

    `polling` guards `multiprocessing`'s own bookkeeping, which reads an exit code once and must not do so in two
    threads at the same time.
    """

    def __init__(self, process: BaseProcess, polling: threading.Lock):
        if process.pid is None:
            raise ValueError("a child is watched once it has been started; this one has no process id yet")
        self.pid: int = process.pid
        self._process = process
        self._polling = polling
        self._loop = asyncio.get_running_loop()
        self._exit_code: asyncio.Future[int] = self._loop.create_future()
        self._sentinel = process.sentinel
        self._reading: asyncio.Task[None] | None = None
        self._loop.add_reader(self._sentinel, self._notice_end)

    @property
    def ended(self) -> bool:
        return self._exit_code.done()

    async def wait(self) -> int:
        """The exit code, once the process is gone: negative for the signal that killed it."""
        return await asyncio.shield(self._exit_code)

    async def wait_for(self, seconds: float) -> int | None:
        """The exit code, or None where the process still runs after so many seconds."""
        try:
            return await asyncio.wait_for(self.wait(), seconds)
        except TimeoutError:
            return None

    def terminate(self) -> None:
        """Asks the process to end (SIGTERM)."""
        if not self.ended:
            self._process.terminate()

    def kill(self) -> None:
        """Ends the process (SIGKILL)."""
        if not self.ended:
            self._process.kill()

    def _notice_end(self) -> None:
        self._loop.remove_reader(self._sentinel)
        self._reading = self._loop.create_task(self._read_exit_code())

    async def _read_exit_code(self) -> None:
        self._exit_code.set_result(await asyncio.to_thread(self._collect))

    def _collect(self) -> int:
        with self._polling:
            self._process.join()
            code = self._process.exitcode
            self._process.close()
        return 0 if code is None else code
