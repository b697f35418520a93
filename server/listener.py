"""The socket that the server listens on."""

import errno
import socket

from server.cannot_serve import CannotServeError
from server.settings import Settings

BACKLOG = 2048


def open_listener(settings: Settings) -> socket.socket:
    """A socket that listens on the settings' address. Whoever connects before the server is ready waits.

    Raises:
        CannotServeError: the port is taken or not ours to take, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotServeError(_explain_failure(error, settings)) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotServeError(_explain_failure(error, settings)) from error
    return listener


def _explain_failure(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} on {settings.host} is taken by another program;"
            " choose another one with --port (`make run PORT=…`)."
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} needs more rights than this user has; choose one from 1024 on with --port."
    return f"Cannot listen on {settings.host} ({error.strerror}); choose an address of this machine with --host."
