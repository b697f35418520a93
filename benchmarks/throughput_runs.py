"""Layerloom's own training: real runs of a real server, timed by their own events."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.graphs import Json
from benchmarks.reference_data import FOLDER_VARIABLE
from benchmarks.reference_models import ReferenceModel, find_model
from benchmarks.serving import ServerProcess, make_home, post_json, run_server

SEED = 7
POLL_S = 0.5
RUN_LIMIT_S = 180.0
MANY_EPOCHS = 1_000_000
LAST_EVENTS = 40
FINAL_STATUSES = {"finished", "failed", "stopped"}


@contextmanager
def run_layerloom_with(data: Path) -> Iterator[ServerProcess]:
    """A Layerloom with an empty database that has the reference models' data."""

    def make_command(port: int) -> list[str]:
        arguments = ["serve", "--port", str(port), "--home", str(home)]
        return [sys.executable, "-m", "benchmarks.throughput_server", *arguments]

    before = os.environ.get(FOLDER_VARIABLE)
    os.environ[FOLDER_VARIABLE] = str(data)
    try:
        with make_home() as home, run_server(make_command, "/api/health", home / "server.log") as server:
            # Made once for a new home, by a process that would take a processor from the first training.
            httpx.get(f"{server.url}/api/catalogue", timeout=RUN_LIMIT_S).raise_for_status()
            yield server
    finally:
        os.environ.pop(FOLDER_VARIABLE) if before is None else os.environ.update({FOLDER_VARIABLE: before})


@dataclass(frozen=True)
class TimedRun:
    """`first_epoch_s` from the request to the end of the first epoch; `steps_per_second` once the plan is settled."""

    first_epoch_s: float
    steps_per_second: float
    plan: str
    mode: str | None
    history: dict[str, list[float]]


def describe_as_graph(name: str) -> Json:
    """The Graph document of a reference model, as the import of its Keras model gives it. Needs Keras."""
    import json

    from engine.models.importing.configs import import_config

    graph: Json = import_config(json.loads(find_model(name).build().to_json())).graph.model_dump(mode="json")
    return graph


class LayerloomRuns:
    """The runs of one model."""

    def __init__(self, client: httpx.Client, model: ReferenceModel, graph: Json):
        self._client = client
        self._model = model
        self._id = str(post_json(client, "/api/models", {"name": model.name, "graph": graph})["id"])

    def train(self, epochs: int, *, shuffle: bool = True, mode: str | None = None) -> TimedRun:
        """Trains to the end, by a plan of that mode where one is named. Raises ValueError where it does not finish."""
        began = time.time()
        run_id = self._launch(epochs, shuffle=shuffle, mode=mode)
        self._wait_until_ended(run_id, "finished")
        return self._read(run_id, began)

    def train_for(self, seconds: float) -> TimedRun:
        """Trains for so long, and for two epochs at least, once the plan is settled. It is stopped then: plans are
        chosen for long trainings, and this is one that is cut short. Raises ValueError where the run goes wrong.
        """
        began = time.time()
        run_id = self._launch(MANY_EPOCHS, shuffle=True)
        deadline = time.monotonic() + RUN_LIMIT_S
        while not is_long_enough(self._read_events(run_id), seconds):
            run = self._client.get(f"/api/runs/{run_id}").raise_for_status().json()
            if run["status"] in FINAL_STATUSES or time.monotonic() > deadline:
                break
            time.sleep(POLL_S)
        self._client.post(f"/api/runs/{run_id}/stop")
        self._wait_until_ended(run_id, "stopped")
        return self._read(run_id, began)

    def _launch(self, epochs: int, *, shuffle: bool, mode: str | None = None) -> str:
        config = {
            "compile": self._model.compile_settings,
            "fit": {"epochs": epochs, "batch_size": self._model.batch_size, "shuffle": shuffle},
            "data": {"dataset": self._model.name},
            "seed": SEED,
            "plan": "auto" if mode is None else {"mode": mode},
        }
        return str(post_json(self._client, "/api/runs", {"model_id": self._id, "config": config})["id"])

    def _wait_until_ended(self, run_id: str, expected: str) -> None:
        deadline = time.monotonic() + RUN_LIMIT_S
        while True:
            run = self._client.get(f"/api/runs/{run_id}").raise_for_status().json()
            if run["status"] in FINAL_STATUSES:
                break
            if time.monotonic() > deadline:
                self._client.post(f"/api/runs/{run_id}/stop")
                raise ValueError(f"The run of {self._model.title} did not end within {RUN_LIMIT_S:.0f} s.")
            time.sleep(POLL_S)
        if run["status"] != expected:
            raise ValueError(f"The run of {self._model.title} is {run['status']}, expected {expected}: {run['reason']}")

    def _read(self, run_id: str, began: float) -> TimedRun:
        events = self._read_events(run_id)
        ends = read_ends(events)
        if not ends:
            raise ValueError(f"The run of {self._model.title} ended no epoch.")
        plans = [event for event in events if event["type"] == "plan"]
        history = self._client.get(f"/api/runs/{run_id}/history").raise_for_status().json()["history"]
        rate = measure_rate(ends, plans)
        plan = plans[-1] if plans else None
        return TimedRun(ends[0][1] - began, rate, describe_plan(plan), plan["mode"] if plan else None, history)

    def _read_events(self, run_id: str) -> list[dict[str, Any]]:
        """Plans, and some of the epochs: of a fast model there are thousands, and reading all would cost the run."""
        plans = self._read_page(run_id, 0, "plan")
        epochs = self._read_page(run_id, 0, "epoch")
        for plan in plans:
            epochs += self._read_page(run_id, plan["seq"], "epoch")
        last = self._client.get(f"/api/runs/{run_id}").raise_for_status().json()["last_seq"]
        epochs += self._read_page(run_id, max(0, last - LAST_EVENTS), "epoch")
        return [*plans, *epochs]

    def _read_page(self, run_id: str, after: int, kind: str) -> list[dict[str, Any]]:
        parameters: dict[str, int | str] = {"after": after, "type": kind, "limit": 50}
        page = self._client.get(f"/api/runs/{run_id}/events", params=parameters).raise_for_status().json()
        items: list[dict[str, Any]] = page["items"]
        return items


def read_ends(events: Sequence[dict[str, Any]]) -> list[tuple[int, float]]:
    """Number of steps done and time, at the end of each epoch that is known."""
    return sorted({(event["step"], read_time(event)) for event in events if event["type"] == "epoch"})


def is_long_enough(events: Sequence[dict[str, Any]], seconds: float) -> bool:
    """Whether two epochs and so many seconds were trained by the plan that was settled on."""
    plans = [event for event in events if event["type"] == "plan"]
    if not plans:
        return False
    settled_at = find_settled(plans)
    ends = [end for _, end in read_ends(events) if end >= settled_at]
    return len(ends) > 1 and ends[-1] - ends[0] >= seconds


def measure_rate(ends: Sequence[tuple[int, float]], plans: Sequence[dict[str, Any]]) -> float:
    """Steps per second between ends of epochs (step, time), from the first one after the plan was settled on."""
    settled_at = find_settled(plans) if plans else 0.0
    settled = [(step, end) for step, end in ends if end >= settled_at]
    (first_step, first_end), (last_step, last_end) = (settled if len(settled) > 1 else ends)[0], ends[-1]
    return (last_step - first_step) / (last_end - first_end) if last_end > first_end else 0.0


def find_settled(plans: Sequence[dict[str, Any]]) -> float:
    """When the last plan was told first: it is told once more at the end, with what it took."""
    first = plans[-1]
    for plan in reversed(plans):
        if (plan["mode"], plan["data"]) != (first["mode"], first["data"]):
            break
        first = plan
    return read_time(first)


def read_time(event: dict[str, Any]) -> float:
    """Seconds since 1970, by the worker's clock, which is this machine's."""
    return datetime.fromisoformat(event["time"]).timestamp()


def describe_plan(plan: dict[str, Any] | None) -> str:
    if plan is None:
        return "no plan"
    return f"{plan['mode']}, {plan['steps_per_chunk']} steps a chunk, {plan['data']}"
