"""Where `RemoteMonitor` may send to: the addresses that whoever runs Layerloom has allowed. Imports no Keras."""

import re
from collections.abc import Iterable

SETTING = "--remote-monitor"
VARIABLE = "LAYERLOOM_REMOTE_MONITORS"

_PLAIN_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[\w.-]+|\[[0-9a-f:.]+\])(:(?P<port>\d{1,5}))?(/[\w./~-]*)?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN_PATH = re.compile(r"(/[\w.~-]+)*/?", re.ASCII)
_USUAL_PORTS = {"http": 80, "https": 443}

_SECRETS = re.compile(r"auth(?!ors?\b)|cookie|token|secret|password|credential|session|api-?key", re.IGNORECASE)
_OF_HTTP = {"host", "connection", "content-length", "content-type", "transfer-encoding", "te", "upgrade", "expect"}
_HEADER_NAME = re.compile(r"[\w-]{1,100}", re.ASCII)
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,1000}")


class _Allowed:
    """What this process may send to."""

    origins: frozenset[str] = frozenset()


def allow_remote_monitors(addresses: Iterable[str]) -> None:
    """From now on the callbacks of runs in this process may send to these addresses, and to no others.

    Raises:
        ValueError: one is no address.
    """
    _Allowed.origins = frozenset(read_origin(one) for one in addresses)


def read_origin(address: str) -> str:
    """Scheme, host and port of an address, such as `http://monitor.lan:9000`.

    Raises:
        ValueError: it is no plain http or https address; a user name, a query or anything that two programs could read
            in two ways is none.
    """
    match = _PLAIN_ADDRESS.fullmatch(address)
    port = 0 if match is None else int(match["port"] or _USUAL_PORTS[match["scheme"].lower()])
    if match is None or not 0 < port < 65536:
        raise ValueError(f"expected an address such as http://127.0.0.1:9000; received {address[:200]!r}")
    return f"{match['scheme']}://{match['host']}:{port}".lower()


def explain_refused_root(root: str) -> tuple[str, str] | None:
    """What is wrong with sending to a root, and what to do about it; None where it may be done."""
    try:
        origin = read_origin(root)
    except ValueError as error:
        return f"RemoteMonitor cannot send to this root: {error}.", "Name scheme, host and port."
    if origin in _Allowed.origins:
        return None
    expected = f"expected one of: {', '.join(sorted(_Allowed.origins))}" if _Allowed.origins else "no address has been"
    return (
        f"RemoteMonitor would send to {origin}, which has not been allowed ({SETTING}); {expected}.",
        f"Whoever runs the server can start it with {SETTING} {origin}, or with {VARIABLE}='[\"{origin}\"]'.",
    )


def explain_refused_path(path: str) -> str | None:
    """What is wrong with the path that follows the root."""
    if _PLAIN_PATH.fullmatch(path) and path and ".." not in path.split("/"):
        return None
    return f"RemoteMonitor got path={path[:200]!r}; expected a path such as '/publish/epoch/end/', of plain characters."


def explain_refused_header(name: str, value: object) -> str | None:
    """What is wrong with a header of a run's config, which everybody reads who may see the run."""
    if not _HEADER_NAME.fullmatch(name) or not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
        return f"RemoteMonitor got the header {name[:100]!r}: {str(value)[:100]!r}; expected plain text for both."
    if _SECRETS.search(name):
        # The value is not repeated.
        return f"The header {name!r} holds a secret, and the config of a run is shown to all who may see it."
    if name.lower() in _OF_HTTP:
        return f"The header {name!r} belongs to the transfer itself; expected another, such as X-Experiment."
    return None
