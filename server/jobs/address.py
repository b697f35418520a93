"""Where workers find the server: in a small file, as the next server may listen elsewhere."""

import os
from pathlib import Path

ADDRESS_NAME = "server.address"


class ServerAddress:
    """The server's URL: what the file says, or `url` where there is none (on another machine, say)."""

    def __init__(self, url: str, file: Path | None = None):
        self._url = url
        self._file = file

    def read(self) -> str:
        """The URL as it is now."""
        try:
            content = self._file.read_text().strip() if self._file is not None else ""
        except OSError:
            content = ""
        return (content or self._url).rstrip("/")


def publish_address(home: Path, url: str) -> None:
    """Tells the workers of a server before this one where the server is now. Raises `OSError`."""
    unfinished = home / f".{ADDRESS_NAME}.{os.getpid()}"
    unfinished.write_text(f"{url}\n")
    unfinished.replace(home / ADDRESS_NAME)
