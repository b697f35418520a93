"""The version of Layerloom that is installed."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

SOURCE_TREE = "0+source"


@cache
def get_version() -> str:
    """The installed distribution's version; `0+source` where the code runs without being installed."""
    try:
        return version("layerloom")
    except PackageNotFoundError:
        return SOURCE_TREE
