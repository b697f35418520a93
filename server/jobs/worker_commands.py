"""What people ask of a run, on the worker's side: a thread that waits for it, and where training looks for it."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from types import FrameType

import httpx
from pydantic import ValidationError
from tenacity import Retrying, retry_if_exception_type, wait_random_exponential

from engine.training.commands import COMMANDS, Command
from server.jobs.address import ServerAddress
from server.jobs.sender import FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, REVOKED, RevokedError

WAIT_SECONDS = 25
TIMEOUT = httpx.Timeout(WAIT_SECONDS + 15.0, connect=3.0)


class WorkerCommands:
    """A `CommandSource` that any thread and a signal handler may fill: neither waits for a lock."""

    def __init__(self, waiting: Sequence[Command] = ()):
        self._queue: SimpleQueue[Command | None] = SimpleQueue()
        self._taken: deque[Command] = deque(waiting)
        self._leaving = False

    @property
    def is_leaving(self) -> bool:
        """See `CommandSource`."""
        return self._leaving

    def add(self, command: Command) -> None:
        """Something was asked."""
        self._queue.put(command)

    def leave(self, signal_number: int = 0, frame: FrameType | None = None) -> None:
        """The process has to end: what SIGTERM does."""
        del signal_number, frame
        self._leaving = True
        # Whoever waits looks up.
        self._queue.put(None)

    def take(self) -> Sequence[Command]:
        """See `CommandSource`."""
        while not self._queue.empty():
            self._keep(self._queue.get())
        taken, self._taken = self._taken, deque()
        return tuple(taken)

    def wait(self, seconds: float) -> None:
        """See `CommandSource`."""
        if self._taken or self._leaving:
            return
        with contextlib.suppress(Empty):
            self._keep(self._queue.get(timeout=seconds))

    def _keep(self, command: Command | None) -> None:
        if command is not None:
            self._taken.append(command)


class CommandListener:
    """Asks the server for commands after number `after`, again and again, and hands each to `take` once.

    A server that is away is asked until it is back. Where it revokes the attempt, `on_revoked` is called with its
    answer, and asking ends.
    """

    def __init__(
        self,
        address: ServerAddress,
        path: str,
        token: str,
        after: int,
        take: Callable[[Command], None],
        on_revoked: Callable[[str], None],
    ):
        self._address = address
        self._path = path
        self._token = token
        self._after = after
        self._take = take
        self._on_revoked = on_revoked
        self._thread = threading.Thread(target=self._run, name="command-listener", daemon=True)
        self._retrying = Retrying(
            retry=retry_if_exception_type((httpx.TransportError, httpx.HTTPStatusError, ValidationError)),
            wait=wait_random_exponential(multiplier=FIRST_RETRY_SECONDS, max=LONGEST_RETRY_SECONDS),
        )

    def start(self) -> None:
        """Listens for as long as the process lives."""
        self._thread.start()

    def _run(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        # The environment's proxies are for the outside world, not for the way to our own server.
        with httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False) as client:
            try:
                while True:
                    for command in self._retrying(self._ask, client):
                        self._after = max(self._after, command.number)
                        self._take(command)
            except RevokedError as error:
                self._on_revoked(str(error))

    def _ask(self, client: httpx.Client) -> list[Command]:
        response = client.get(self._address.read() + self._path, params={"after": self._after, "wait": WAIT_SECONDS})
        if response.status_code in REVOKED:
            raise RevokedError(f"the server answered {response.status_code}: {response.text[:500]}")
        response.raise_for_status()
        return COMMANDS.validate_json(response.content)
