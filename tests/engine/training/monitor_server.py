"""A server that keeps what `RemoteMonitor` sends, or answers it badly."""

import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True)
class Received:
    """One request: its path, its headers with names in lower case, and the message in it."""

    path: str
    headers: Mapping[str, str]
    message: JsonValue


class MonitorServer(http.server.ThreadingHTTPServer):
    """`status` is what it answers; with `location` it sends elsewhere. While `answers` is not set, it hangs."""

    daemon_threads = True

    def __init__(self, status: int = 200, location: str | None = None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.location = location
        self.answers = threading.Event()
        self.answers.set()
        self.received: list[Received] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: MonitorServer

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_json = headers["content-type"].startswith("application/json")
        text = body if is_json else urllib.parse.parse_qs(body)["data"][0]
        self.server.received.append(Received(self.path, headers, json.loads(text)))
        self.server.answers.wait()
        self.send_response(self.server.status)
        if self.server.location is not None:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@contextmanager
def serve_monitor(status: int = 200, location: str | None = None) -> Iterator[MonitorServer]:
    """A monitor that listens."""
    with MonitorServer(status, location) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.answers.set()
            server.shutdown()
            thread.join()
