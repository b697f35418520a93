"""What a health check is told."""

from server.version import get_version

HEALTH_PATH = "/api/health"


def describe_health() -> dict[str, str]:
    """`status` is always `ok`: a server that cannot answer does not answer."""
    return {"status": "ok", "version": get_version()}
