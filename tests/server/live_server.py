"""A server in a process of its own, with real children, that a test may kill and start again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import websockets.sync.client

START_TIMEOUT_S = 60
WAIT_TIMEOUT_S = 100

DIGITS: dict[str, object] = {
    "layers": [
        {"id": "pixels", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
        {"id": "flat", "class_name": "Flatten"},
        {"id": "digit", "class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
    ],
    "nodes": [{"id": name, "layer": name} for name in ("pixels", "flat", "digit")],
    "edges": [
        {"id": "e1", "source": "pixels", "target": "flat"},
        {"id": "e2", "source": "flat", "target": "digit"},
    ],
}


def make_config(epochs: int, loss: str = "sparse_categorical_crossentropy", **settings: object) -> dict[str, object]:
    """A config; `settings` are further parts of it."""
    return {
        "compile": {"optimizer": "adam", "loss": loss, "metrics": ["accuracy"]},
        "fit": {"epochs": epochs, "batch_size": 64, "validation_split": 0.2},
        "data": {"dataset": "digits"},
        **settings,
    }


class RunIsOver(AssertionError):  # noqa: N818 - what is expected, mostly
    """No process trains the run."""


class LiveServer:
    """A server with a data folder of its own on a port that it keeps over restarts."""

    def __init__(self, home: Path, **settings: str):
        """`settings` are environment variables without `LAYERLOOM_`."""
        self.home = home
        self.environment = {"LAYERLOOM_PARALLEL_RUNS": "2", "PYTHONUNBUFFERED": "1"} | {
            f"LAYERLOOM_{name}": value for name, value in settings.items()
        }
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._family: list[psutil.Process] = []
        self.api = httpx.Client(timeout=60)

    def start(self) -> None:
        """Returns when the server answers."""
        command = [sys.executable, "-m", "server", "serve", "--port", str(self.port), "--home", str(self.home)]
        environment = {**os.environ, **self.environment}
        log = (self.home / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=environment, start_new_session=True
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        assert "http://127.0.0.1:" in line, f"the server did not start: {self.read_log()}"
        self.port = int(line.split("http://127.0.0.1:")[1].split()[0])
        self.api.base_url = httpx.URL(f"http://127.0.0.1:{self.port}/api")

    def connect(self, timeout: float = 120) -> httpx.Client:
        """A client as a browser is one: its addresses begin with `/api`. Whoever asks for it closes it."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=timeout)

    def kill(self) -> None:
        """As the kernel does when memory is short."""
        self._end(signal.SIGKILL)

    def interrupt(self) -> None:
        """As Ctrl-C does, which reaches every process of the terminal."""
        assert self._process is not None
        self.find_family()
        os.killpg(self._process.pid, signal.SIGINT)
        self._await_end()

    def close(self) -> None:
        """Ends the server and, without mercy, whatever it left behind."""
        self._end(signal.SIGTERM)
        for process in self._family:
            if process.is_running():
                process.kill()
        self.api.close()

    def find_family(self) -> list[psutil.Process]:
        """All processes that the server has started so far, and theirs."""
        if self._process is not None and self._process.poll() is None:
            self._family = list({*self._family, *psutil.Process(self._process.pid).children(recursive=True)})
        return self._family

    def read_log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")

    def create_model(self) -> str:
        model = self.api.post("/models", json={"name": "Digits", "graph": DIGITS}).raise_for_status().json()
        return str(model["id"])

    def terminate(self) -> None:
        """As a service manager does, which tells the server alone."""
        self._end(signal.SIGTERM)

    def launch(self, model_id: str, epochs: int, **settings: object) -> str:
        """The id of a new run; `settings` are further parts of its config."""
        body = {"model_id": model_id, "config": make_config(epochs) | settings}
        return str(self.api.post("/runs", json=body).raise_for_status().json()["id"])

    def read_run(self, run_id: str) -> dict[str, object]:
        run: dict[str, object] = self.api.get(f"/runs/{run_id}").raise_for_status().json()
        return run

    def wait_for(self, run_id: str, condition: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """Follows the run on the stream until it is as wanted; the answer is the run then."""
        address = f"ws://127.0.0.1:{self.port}/api/stream"
        deadline = time.monotonic() + WAIT_TIMEOUT_S
        with websockets.sync.client.connect(address, max_size=None) as socket:
            socket.send(f'{{"type":"subscribe","run_id":"{run_id}","after":0}}')
            while not condition(run := self.read_run(run_id)):
                socket.recv(timeout=max(0, deadline - time.monotonic()))
        return run

    def wait_until_over(self, run_id: str) -> dict[str, object]:
        return self.wait_for(run_id, lambda run: run["status"] in {"finished", "failed", "stopped"})

    def ask(self, run_id: str, what: str, **body: object) -> dict[str, object]:
        """Asks something of a run, such as `pause`."""
        run: dict[str, object] = self.api.post(f"/runs/{run_id}/{what}", json=body or None).raise_for_status().json()
        return run

    def wait_for_event(self, run_id: str, event_type: str, **fields: object) -> dict[str, object]:
        """Follows the run on the stream until it has such an event; the answer is that."""
        address = f"ws://127.0.0.1:{self.port}/api/stream"
        deadline = time.monotonic() + WAIT_TIMEOUT_S
        with websockets.sync.client.connect(address, max_size=None) as socket:
            socket.send(f'{{"type":"subscribe","run_id":"{run_id}","after":0}}')
            while True:
                told = json.loads(socket.recv(timeout=max(0, deadline - time.monotonic())))
                for event in told["events"]:
                    if event["type"] == event_type and all(event[name] == value for name, value in fields.items()):
                        found: dict[str, object] = event
                        return found

    def read_history(self, run_id: str) -> dict[str, object]:
        history: dict[str, object] = self.api.get(f"/runs/{run_id}/history").raise_for_status().json()
        return history

    def read_events(self, run_id: str) -> list[dict[str, object]]:
        events: list[dict[str, object]] = []
        after: int | None = 0
        while after is not None:
            page = self.api.get(f"/runs/{run_id}/events", params={"after": after}).raise_for_status().json()
            events += page["items"]
            after = page["next_after"]
        return events

    def find_worker(self, run_id: str) -> psutil.Process:
        """The process that trains the run, told by its output file, as soon as there is one.

        Raises `RunIsOver` where there will be none.
        """
        deadline = time.monotonic() + WAIT_TIMEOUT_S
        while time.monotonic() < deadline and self.read_run(run_id)["finished_at"] is None:
            for process in self.find_family():
                # A worker that has just been killed is still there for a moment.
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    if any(run_id in file.path for file in process.open_files()):
                        return process
        raise RunIsOver(f"no process trains run {run_id}: {self.read_log()}")

    def _end(self, number: int) -> None:
        self.find_family()
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)
            self._await_end()

    def _await_end(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.wait(timeout=WAIT_TIMEOUT_S)
        self._process.stdout.close()


def wait_until_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after a while."""
    _, alive = psutil.wait_procs(processes, timeout=20)
    return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


@contextlib.contextmanager
def serve(home: Path, **settings: str) -> Iterator[LiveServer]:
    """A server that answers, and is ended afterwards with all that it has started."""
    server = LiveServer(home, **settings)
    try:
        server.start()
        yield server
    finally:
        server.close()
