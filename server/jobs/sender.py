"""The thread that brings a worker's events to the server, and keeps at it while the server is away."""

import logging
import threading
from collections.abc import Callable

import httpx
from pydantic import ValidationError
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_when_event_set, wait_random_exponential
from tenacity.nap import sleep_using_event

from server.jobs.address import ServerAddress
from server.jobs.spool import SpoolCursor
from server.schemas.run import EventsReceipt

BATCH_BYTES = 512 * 1024
PAUSE_SECONDS = 0.08
"""Between two batches: what comes in meanwhile goes together, as each request takes the training's processor too."""

FIRST_RETRY_SECONDS = 0.05
LONGEST_RETRY_SECONDS = 2.0
TIMEOUT = httpx.Timeout(15.0, connect=3.0)
REVOKED = frozenset({401, 403, 404, 410})
"""The answers that say that this attempt of the run is not wanted any more."""

logger = logging.getLogger(__name__)


class NotStoredError(Exception):
    """The server answered, but did not store the next events."""


class RevokedError(Exception):
    """The server does not want this attempt's events any more."""


class Sender:
    """Posts what a spool holds to `path` at the server, in order and in batches, and forgets what it says is stored.

    `wake` is called whenever there is something new; it costs next to nothing. While a request is under way what comes
    in gathers for the next one, so a slow server gets larger batches, not more of them. Where the server revokes the
    attempt, `on_revoked` is called with its answer, and sending ends.
    """

    def __init__(
        self, cursor: SpoolCursor, address: ServerAddress, path: str, token: str, on_revoked: Callable[[str], None]
    ):
        self._cursor = cursor
        self._address = address
        self._path = path
        self._token = token
        self._on_revoked = on_revoked
        self._news = threading.Event()
        self._closing = threading.Event()
        self._given_up = threading.Event()
        self._complained: set[int] = set()
        self._thread = threading.Thread(target=self._run, name="event-sender", daemon=True)
        self._retrying = Retrying(
            retry=retry_if_exception_type((httpx.TransportError, NotStoredError)),
            wait=wait_random_exponential(multiplier=FIRST_RETRY_SECONDS, max=LONGEST_RETRY_SECONDS),
            stop=stop_when_event_set(self._given_up),
            sleep=sleep_using_event(self._given_up),
        )

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is something new in the spool."""
        self._news.set()

    def finish(self, timeout: float) -> bool:
        """Sends what is left, for at most `timeout` seconds. Returns whether the server has stored everything."""
        self._closing.set()
        self._news.set()
        self._thread.join(timeout)
        self._given_up.set()
        return not self._thread.is_alive()

    def _run(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        # The environment's proxies are for the outside world, not for the way to our own server.
        with httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False) as client:
            try:
                self._send_until_closed(client)
            except RevokedError as error:
                self._on_revoked(str(error))
            except RetryError:
                logger.warning("The server cannot be reached; it will read the remaining events from the spool.")

    def _send_until_closed(self, client: httpx.Client) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            closing = self._closing.is_set()
            while self._retrying(self._send_batch, client):
                pass
            if closing:
                return
            self._closing.wait(PAUSE_SECONDS)

    def _send_batch(self, client: httpx.Client) -> bool:
        """Sends one batch. False where nothing was left to send."""
        lines = self._cursor.read_batch(BATCH_BYTES)
        if not lines:
            return False
        first = self._cursor.next_seq
        response = client.post(self._address.read() + self._path, content=b"[" + b",".join(lines) + b"]")
        self._cursor.advance(self._read_receipt(response))
        if self._cursor.next_seq <= first:
            raise NotStoredError(f"the server did not store event {first}")
        return True

    def _read_receipt(self, response: httpx.Response) -> int:
        if response.status_code in REVOKED:
            raise RevokedError(f"the server answered {response.status_code}: {response.text[:500]}")
        if not response.is_success:
            self._complain(response)
            raise NotStoredError(f"the server answered {response.status_code}")
        try:
            return EventsReceipt.model_validate_json(response.content).stored
        except ValidationError as error:
            raise NotStoredError("the server's receipt cannot be read") from error

    def _complain(self, response: httpx.Response) -> None:
        """Says once for each status that the server refuses events: it should never, so it must not pass unseen."""
        if response.status_code not in self._complained:
            self._complained.add(response.status_code)
            logger.warning("The server answered %d to the run's events: %s", response.status_code, response.text[:500])
