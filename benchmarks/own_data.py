"""Data of a person's own, from files to a trained epoch, through a real server: what the benchmarks of it share."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.graphs import Json
from benchmarks.serving import ServerProcess, post_json, run_server

POLL_S = 0.2
LIMIT_S = 1_800.0
JOB_OVER = {"finished", "failed", "cancelled"}
RUN_OVER = {"finished", "failed", "stopped"}


@contextmanager
def serve_folder(home: Path, folder: Path) -> Iterator[ServerProcess]:
    """A Layerloom that may use the files of a folder where they lie."""

    def make_command(port: int) -> list[str]:
        allowed = f"LAYERLOOM_DATA_FOLDERS={json.dumps([str(folder)])}"
        arguments = ["serve", "--port", str(port), "--home", str(home)]
        return ["env", allowed, sys.executable, "-m", "server", *arguments]

    with run_server(make_command, "/api/health", home / "server.log") as server:
        yield server


class ProcessWatch:
    """The most memory, and the processor time, of each process that a server starts while this is watching."""

    def __init__(self, server: ServerProcess):
        self._server = psutil.Process(server.process.pid)
        self._known = {one.pid for one in self._server.children(recursive=True)}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peaks: dict[int, float] = {}
        """MB by process: the kernel's own count, so that nothing between two looks is missed but the very end."""
        self.processor_seconds: dict[int, float] = {}

    def __enter__(self) -> "ProcessWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_S / 4):
            for child in self._server.children(recursive=True):
                if child.pid not in self._known:
                    self._look(child)

    def _look(self, child: psutil.Process) -> None:
        try:
            status = Path(f"/proc/{child.pid}/status").read_text()
            times = child.cpu_times()
        except (OSError, psutil.Error):
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.peaks[child.pid] = max(self.peaks.get(child.pid, 0.0), int(line.split()[1]) * 1024 / 1e6)
        self.processor_seconds[child.pid] = times.user + times.system


@dataclass(frozen=True)
class Prepared:
    """A data set that was made: how long that took, and what its process needed at the most."""

    manifest: dict[str, Any]
    seconds: float
    peak_megabytes: float
    busy_cores: float


@dataclass(frozen=True)
class Trained:
    """A run that has finished. `seconds` are those of its epochs."""

    plan: dict[str, Any]
    seconds: float
    worker_megabytes: float


def prepare(server: ServerProcess, client: httpx.Client, name: str, path: Path, definition: object) -> Prepared:
    """Makes a data set of a file or folder of the server's machine. Raises ValueError where that fails."""
    files = [{"path": str(path)}]
    # The process that looks at files is started for it, and must not be taken for the one that prepares them.
    definition = post_json(client, "/api/datasets/inspect", {"files": files, "definition": definition})["definition"]
    body = {"name": name, "title": name, "files": files, "definition": definition}
    began = time.monotonic()
    with ProcessWatch(server) as watch:
        job = post_json(client, "/api/datasets", body)
        job = wait_until_over(client, f"/api/datasets/jobs/{job['id']}", "state", JOB_OVER)
        seconds = time.monotonic() - began
    if job["state"] != "finished":
        raise ValueError(f"The data set was not made: {job['reason']}")
    manifest = client.get(f"/api/datasets/{name}/manifest").raise_for_status().json()
    busy = max(watch.processor_seconds.values(), default=0.0) / seconds
    return Prepared(manifest, seconds, max(watch.peaks.values(), default=0.0), busy)


def train(client: httpx.Client, name: str, graph: Json, config: Json) -> Trained:
    """Trains a new model to the end. Raises ValueError where the run does not finish."""
    model = post_json(client, "/api/models", {"name": name, "graph": graph})
    run_id = str(post_json(client, "/api/runs", {"model_id": model["id"], "config": config})["id"])
    run = wait_until_over(client, f"/api/runs/{run_id}", "status", RUN_OVER)
    if run["status"] != "finished":
        raise ValueError(f"The run did not finish: {run['reason']}")
    epochs = client.get(f"/api/runs/{run_id}/events", params={"type": "epoch"}).raise_for_status().json()["items"]
    return Trained(run["plan"], sum(one["seconds"] for one in epochs), run["plan"]["peak_memory"] / 1e6)


def wait_until_over(client: httpx.Client, path: str, key: str, over: set[str]) -> dict[str, Any]:
    """What is there once it has come to its end. Raises TimeoutError."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        found: dict[str, Any] = client.get(path).raise_for_status().json()
        if found[key] in over:
            return found
        time.sleep(POLL_S)
    raise TimeoutError(f"{path} is {found[key]} after {LIMIT_S:.0f} s.")
