"""Where workers wait for commands: whoever stores one wakes those that wait for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import EngineError
from engine.training.commands import Command
from server.storage.attempts import AttemptStore
from server.storage.commands import CommandStore


class CommandBoard:
    """All waiting workers. Used from the event loop only; a wait costs no thread and no connection to the database."""

    def __init__(self, commands: CommandStore, attempts: AttemptStore):
        self._commands = commands
        self._attempts = attempts
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._closing = False

    def wake(self, run_id: str) -> None:
        """There is something new for the run."""
        for news in self._waiting.get(run_id, ()):
            news.set()

    def close(self) -> None:
        """The server is about to stop: whoever waits gets an answer now."""
        self._closing = True
        for run_id in self._waiting:
            self.wake(run_id)

    async def follow(self, run_id: str, token: str, after: int, wait_s: float) -> list[Command]:
        """The open commands after number `after`: at once where there are any, else as soon as one comes.

        None after `wait_s` seconds.

        Raises:
            EngineError: `not_found`; `forbidden` where the token is not that of the run's open attempt.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        with self._listen(run_id) as news:
            while True:
                news.clear()
                found = await asyncio.to_thread(self._read, run_id, token, after)
                left = deadline - loop.time()
                if found or left <= 0 or self._closing:
                    return found
                try:
                    await asyncio.wait_for(news.wait(), left)
                except TimeoutError:
                    return []

    @contextmanager
    def _listen(self, run_id: str) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._waiting.setdefault(run_id, set()).add(news)
        try:
            yield news
        finally:
            others = self._waiting[run_id]
            others.discard(news)
            if not others:
                del self._waiting[run_id]

    def _read(self, run_id: str, token: str, after: int) -> list[Command]:
        if not self._attempts.is_token_of(run_id, token):
            raise EngineError(
                "forbidden",
                f"Expected the token of the attempt that trains run {run_id!r}; what came is not it.",
                "An attempt's token is refused once the attempt is over.",
            )
        return self._commands.list_open(run_id, after)
