"""A small real HTTP server that stores the events of one run, hands out commands, and can misbehave."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from engine.training.commands import COMMANDS, Action, Command
from engine.training.events import EVENTS, Event
from server.schemas.run import EventsReceipt

TOKEN = "token-of-the-attempt"


class EventServer:
    """Stores each number once, as the real one does.

    `answers` are statuses that are given, one each, instead of storing anything; `lost_answers` counts the next
    requests that are stored and then cut off without an answer. `changed` is notified after every request.
    """

    def __init__(self, last_seq: int = 0):
        self.events: list[Event] = []
        self.last_seq = last_seq
        self.answers: list[int] = []
        self.lost_answers = 0
        self.requests = 0
        self.commands: list[Command] = []
        self.changed = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listens, on the same port as before where it listened already."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, content = outer._handle(self.path, self.headers["Authorization"], body)
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                with outer.changed:
                    outer.changed.notify_all()

            def do_GET(self) -> None:
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    self.send_error(401)
                    return
                query = parse_qs(urlsplit(self.path).query)
                content = outer._wait_for_commands(int(query["after"][0]), float(query["wait"][0]))
                # A worker that is gone waits no more.
                with contextlib.suppress(ConnectionError):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def ask(self, action: Action) -> None:
        """Hands out a command."""
        with self.changed:
            self.commands.append(Command(number=len(self.commands) + 1, action=action))
            self.changed.notify_all()

    def wait_for(self, condition, timeout: float = 60.0) -> None:
        """Returns once `condition(self)` holds, which is looked at after every request."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), timeout), "the server waited in vain"

    def _wait_for_commands(self, after: int, wait: float) -> bytes:
        with self.changed:
            self.changed.wait_for(lambda: len(self.commands) > after, wait)
            return COMMANDS.dump_json(self.commands[after:])

    def _handle(self, path: str, authorization: str | None, body: bytes) -> tuple[int, bytes]:
        self.requests += 1
        if self.answers:
            return self.answers.pop(0), b"{}"
        if authorization != f"Bearer {TOKEN}" or not path.endswith("/events"):
            return 401, b"{}"
        for event in EVENTS.validate_json(body):
            if event.seq == self.last_seq + 1:
                self.events.append(event)
                self.last_seq = event.seq
        if self.lost_answers:
            self.lost_answers -= 1
            return 0, b""
        return 200, EventsReceipt(stored=self.last_seq).model_dump_json().encode()
