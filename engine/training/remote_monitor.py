"""Keras's `RemoteMonitor` for runs: it sends beside the training, and only to where it may."""

import contextlib
import json
import queue
import threading
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import keras
import numpy as np

from engine.training.config import KerasObject
from engine.training.keras_objects import ConfigIssues
from engine.training.monitor_addresses import explain_refused_header, explain_refused_path, explain_refused_root

SEND_SECONDS = 3.0
"""As long as this the other end may take to answer one message."""

FINISH_SECONDS = 3.0
"""As long as this the end of a training waits for messages that are still to be sent; its worker may have to leave."""

MOST_WAITING = 1000
"""So many messages wait at most; more are not sent, so that a slow monitor costs no memory."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where and how messages are sent, in the words of Keras's callback."""

    address: str
    field: str
    headers: dict[str, str]
    as_json: bool

    def send(self, client: httpx.Client, message: dict[str, Any]) -> None:
        """Posts a message; what is answered is not read. Raises httpx.HTTPError and ValueError."""
        content: dict[str, Any] = {"json": message} if self.as_json else {"data": {self.field: json.dumps(message)}}
        with client.stream("POST", self.address, headers=self.headers, **content) as answer:
            answer.raise_for_status()


class Outbox:
    """Sends one message after the other in a thread of its own, which the process does not wait for."""

    def __init__(self, delivery: Delivery):
        self._delivery = delivery
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="remote-monitor", daemon=True)
        self._thread.start()
        self.lost = 0
        """How many messages were not sent."""
        self.problem: str | None = None
        """Why the newest of them was not."""

    def put(self, message: dict[str, Any]) -> None:
        """Takes a message, and never waits."""
        try:
            self._messages.put_nowait(message)
        except queue.Full:
            self._lose("it is slower than the training")

    def finish(self) -> None:
        """Waits for what is still to be sent, for a while."""
        deadline = time.monotonic() + FINISH_SECONDS
        with contextlib.suppress(queue.Full):
            self._messages.put(None, timeout=FINISH_SECONDS)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive():
            self.problem = self.problem or f"it has not answered within {FINISH_SECONDS:g} seconds"
            self.lost += self._messages.qsize()

    def _run(self) -> None:
        # Neither proxies nor passwords of this machine's settings: what is sent goes to the address alone.
        with httpx.Client(timeout=SEND_SECONDS, trust_env=False, follow_redirects=False) as client:
            while (message := self._messages.get()) is not None:
                try:
                    self._delivery.send(client, message)
                except (httpx.HTTPError, ValueError) as error:
                    self._lose(str(error).splitlines()[0] if str(error) else type(error).__name__)

    def _lose(self, problem: str) -> None:
        self.lost += 1
        self.problem = problem


class RemoteMonitor(keras.callbacks.RemoteMonitor):
    """Keras's callback, whose messages are sent while training goes on: a monitor that hangs holds up nothing.

    Where messages do not arrive there is one warning, and one at the end of the training that counts them. Redirects
    are not followed: where to is for the owner of the server to allow.
    """

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        del logs
        delivery = Delivery(self.root + self.path, self.field, dict(self.headers or {}), bool(self.send_as_json))
        self._outbox = Outbox(delivery)
        self._has_warned = False

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        plain = {
            name: value.item() if isinstance(value, np.ndarray | np.generic) else value
            for name, value in (logs or {}).items()
        }
        self._outbox.put({"epoch": epoch, **plain})
        if self._outbox.problem is not None and not self._has_warned:
            self._has_warned = True
            self._warn(f"{self._outbox.problem}. Training goes on.")

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        del logs
        self._outbox.finish()
        if self._outbox.lost:
            self._warn(f"{self._outbox.lost} messages were not received: {self._outbox.problem}")

    def _warn(self, text: str) -> None:
        warnings.warn(f"Could not reach RemoteMonitor root server at {self.root}: {text}", stacklevel=3)


def check_remote_monitor(reference: KerasObject, path: str) -> None:
    """Makes sure that a run's callback may send what it would send to where it would.

    Raises:
        ConfigError: the issues name the setting (`callbacks.0.root`).
    """
    problems = ConfigIssues()
    given = keras.callbacks.RemoteMonitor(**reference.config)
    for name, value in (("root", given.root), ("path", given.path), ("field", given.field)):
        if not isinstance(value, str):
            message = f"{name} of RemoteMonitor: expected a text; received {value!r}."
            problems.add("invalid_argument", f"{path}.{name}", message)
    problems.raise_if_any()
    if refusal := explain_refused_root(given.root):
        problems.add("refused_address", f"{path}.root", *refusal)
    if fault := explain_refused_path(given.path):
        problems.add("refused_path", f"{path}.path", fault)
    headers = given.headers or {}
    if not isinstance(headers, dict):
        message = f"headers of RemoteMonitor: expected an object of texts; received {headers!r}."
        problems.add("invalid_argument", f"{path}.headers", message)
        headers = {}
    for name, value in headers.items():
        if refused := explain_refused_header(name, value):
            hint = "Leave it out; from Python, fit_model takes any callback object."
            problems.add("refused_header", f"{path}.headers.{name}", refused, hint)
    problems.raise_if_any()


def send_aside(callback: "keras.callbacks.RemoteMonitor") -> RemoteMonitor:
    """The same callback as one that holds up nothing."""
    return RemoteMonitor(callback.root, callback.path, callback.field, callback.headers, callback.send_as_json)
