"""Which names the server answers to.

A page on a hostile site can point its own host name at 127.0.0.1 (DNS rebinding) and is then of the server's origin;
only the `Host` header gives it away.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from server.settings import LOOPBACK_HOSTS, Settings

WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # to tell them apart, not to bind to them


class HostRule:
    """Loopback names, the address that the server listens on, and the configured names."""

    def __init__(self, settings: Settings):
        self._names = LOOPBACK_HOSTS | {settings.host.lower(), *(name.lower() for name in settings.allowed_hosts)}
        self._any_address = settings.host in WILDCARDS

    def allows(self, host: str | None) -> bool:
        """Whether a request may carry this `Host` header. An address cannot be rebound, a name can."""
        name = parse_host(host)
        if name is None:
            return False
        return name in self._names or _is_loopback(name) or (self._any_address and _is_address(name))


def parse_host(host: str | None) -> str | None:
    """The name or address in a `Host` header, in lower case and without port; None where it is no such header."""
    if not host or any(c in host for c in "/?#@\\ ,"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname


def _is_loopback(name: str) -> bool:
    return _is_address(name) and ip_address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
