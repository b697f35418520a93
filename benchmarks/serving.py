"""A server process of one's own, on a free port and an empty data folder."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_server

import httpx
import psutil

START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0
POLL_S = 0.002


@dataclass(frozen=True)
class ServerProcess:
    """A running server; `seconds_to_answer` from starting the process to its first 200."""

    process: subprocess.Popen[bytes]
    port: int
    seconds_to_answer: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/stream"

    def resident_megabytes(self) -> float:
        """Resident memory of the server process alone, in MB."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6


@contextmanager
def run_layerloom() -> Iterator[ServerProcess]:
    """A Layerloom with an empty database."""
    with make_home() as home, run_layerloom_in(home) as server:
        yield server


@contextmanager
def make_home() -> Iterator[Path]:
    """An empty data folder."""
    with tempfile.TemporaryDirectory(prefix="layerloom-bench-") as home:
        yield Path(home)


@contextmanager
def run_layerloom_in(home: Path) -> Iterator[ServerProcess]:
    """A Layerloom with the data of a folder."""

    def make_command(port: int) -> list[str]:
        return [sys.executable, "-m", "server", "serve", "--port", str(port), "--home", str(home)]

    with run_server(make_command, "/api/health", home / "server.log") as server:
        yield server


@contextmanager
def run_server(make_command: Callable[[int], Sequence[str]], path: str, log: Path) -> Iterator[ServerProcess]:
    """Any server that answers 200 at `path`. Raises TimeoutError with the log's end where it does not."""
    port = find_free_port()
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(make_command(port), stdout=output, stderr=subprocess.STDOUT)
        try:
            while not answers(port, path):
                if time.perf_counter() - began > START_LIMIT_S or process.poll() is not None:
                    raise TimeoutError(f"The server did not start: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(POLL_S)
            yield ServerProcess(process, port, time.perf_counter() - began)
        finally:
            stop(process)


def answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=START_LIMIT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server and whatever it started."""
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in psutil.wait_procs(children, timeout=5)[1]:
        child.kill()


def find_free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def post_json(client: httpx.Client, path: str, body: object) -> dict[str, object]:
    """The answer of a request that has to succeed. Raises httpx.HTTPStatusError with the problem document."""
    response = client.post(path, json=body)
    if response.is_error:
        raise httpx.HTTPStatusError(response.text[:2000], request=response.request, response=response)
    answer: dict[str, object] = response.json()
    return answer
