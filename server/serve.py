"""Serves the application until somebody stops it, or says in one sentence why it cannot be served."""

import errno
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
import uvicorn
from pydantic import SecretStr
from sqlalchemy.exc import DatabaseError

from server.app import create_app
from server.home import HomeError, hold_home
from server.log_format import set_up_logging
from server.security.kept_token import keep_token
from server.settings import Settings
from server.storage.database import Database
from server.storage.upgrade import NewerDatabaseError, upgrade_database

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
BACKLOG = 2048


class CannotServeError(Exception):
    """Why it cannot be served: one sentence for the person at the terminal."""


def serve_until_stopped(settings: Settings) -> None:
    """Serves until a signal comes, then ends requests, workers and database in order.

    Raises:
        CannotServeError: the address, the data folder or the database cannot be used.
    """
    set_up_logging(settings.log_level)
    _require_token(settings)
    listener = bind_socket(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    try:
        with listener, hold_home(settings.home, settings.min_free_bytes):
            prepare_database(settings)
            kept = keep_token(settings.home) if _lacks_token(settings) else None
            settings = settings.model_copy(update={"token": kept or settings.token})
            Server(_configure(settings), _format_address(settings, kept)).run(sockets=[listener])
    except HomeError as error:
        raise CannotServeError(str(error)) from error


class Server(uvicorn.Server):
    """Says where it is once it answers, and takes a signal as the wish to stop, not as a failure."""

    def __init__(self, config: uvicorn.Config, address: str):
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then prints the address."""
        await super().startup(sockets)
        click.echo(f"Layerloom is at {self._address} (Ctrl-C stops it)")

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


def bind_socket(settings: Settings) -> socket.socket:
    """A socket bound to the settings' address, before anything that takes time.

    Raises:
        CannotServeError: the port is taken or not ours to take, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise CannotServeError(_explain_bind(error, settings)) from error
    return listener


def prepare_database(settings: Settings) -> None:
    """Brings the database to the newest migration.

    Raises:
        CannotServeError: it is damaged, no database at all, or newer than this Layerloom.
    """
    database = Database.from_settings(settings)
    try:
        upgrade_database(database)
    except NewerDatabaseError as error:
        raise CannotServeError(str(error)) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise CannotServeError(
            f"The database of {settings.home} cannot be opened ({cause}); restore it from a copy,"
            " or choose another data folder with --home."
        ) from error
    finally:
        database.close()


def _configure(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings),
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


def _explain_bind(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} on {settings.host} is taken by another program; choose another one with --port."
    if error.errno == errno.EACCES:
        return f"Port {settings.port} needs more rights than this user has; choose one from 1024 on with --port."
    return f"Cannot listen on {settings.host} ({error.strerror}); choose an address of this machine with --host."


def _format_address(settings: Settings, shown_token: SecretStr | None) -> str:
    """Where a browser on this machine finds the pages; with the token where nobody but the server knows it."""
    query = f"/?token={shown_token.get_secret_value()}" if shown_token else ""
    return f"{settings.worker_url}{query}"
