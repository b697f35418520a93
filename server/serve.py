"""Serves the application until somebody stops it, or says in one sentence why it cannot be served."""

import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click
import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp

from server.cannot_serve import CannotServeError
from server.home import HomeError, hold_home
from server.listener import open_listener
from server.log_format import set_up_logging
from server.security.kept_token import keep_token
from server.settings import Settings

if TYPE_CHECKING:
    # Loaded later, behind the listening socket.
    from fastapi import FastAPI

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve_until_stopped(settings: Settings) -> None:
    """Serves until a signal comes, then ends requests, workers and database in order.

    Raises:
        CannotServeError: the address, the data folder or the database cannot be used.
    """
    set_up_logging(settings.log_level)
    _require_token(settings)
    listener = open_listener(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    try:
        with listener, hold_home(settings.home, settings.min_free_bytes):
            kept = keep_token(settings.home) if _lacks_token(settings) else None
            settings = settings.model_copy(update={"token": kept or settings.token})
            Server(settings, _load_application(settings), _format_address(settings, kept)).run(sockets=[listener])
    except HomeError as error:
        raise CannotServeError(str(error)) from error


class Server(uvicorn.Server):
    """Says where it is once it answers, and takes a signal as the wish to stop, not as a failure."""

    def __init__(self, settings: Settings, app: "FastAPI", address: str):
        self._address = address
        self._app = app
        super().__init__(_configure(settings, app))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then prints the address."""
        await super().startup(sockets)
        click.echo(f"Layerloom is at {self._address} (Ctrl-C stops it)")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers the workers that wait for commands, then ends: nothing else would end their waiting."""
        self._app.state.board.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's own, does not raise the signals again at the end: stopping when asked is success."""
        before = {number: signal.signal(number, self._stop) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        # The end is short and bounded, so a second Ctrl-C must not leave processes behind to make it shorter.
        self.should_exit = True


def _load_application(settings: Settings) -> "FastAPI":
    # Imports make next to no garbage, and the collector would look through all of them again and again.
    gc.disable()
    try:
        from server.loading import load_application

        return load_application(settings)
    finally:
        gc.enable()


def _configure(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=settings.max_message_bytes,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_grace_s)),
    )


def _lacks_token(settings: Settings) -> bool:
    return not settings.is_loopback and settings.token is None


def _require_token(settings: Settings) -> None:
    if _lacks_token(settings) and not settings.keep_token:
        raise CannotServeError(
            f"Listening on {settings.host} lets other machines in, so a token is needed:"
            " set LAYERLOOM_TOKEN (or --token), or LAYERLOOM_KEEP_TOKEN=1 to have one made, or leave --host out."
        )


def _format_address(settings: Settings, shown_token: SecretStr | None) -> str:
    """Where a browser on this machine finds the pages; with the token where nobody but the server knows it."""
    query = f"/?token={shown_token.get_secret_value()}" if shown_token else ""
    return f"{settings.worker_url}{query}"
