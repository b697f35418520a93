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
POLL_S = 0.1
RUN_LIMIT_S = 240.0
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
            yield server
    finally:
        os.environ.pop(FOLDER_VARIABLE) if before is None else os.environ.update({FOLDER_VARIABLE: before})


@dataclass(frozen=True)
class TimedRun:
    """`first_epoch_s` from the request to the end of the first epoch; `steps_per_second` once the plan is settled."""

    first_epoch_s: float
    steps_per_second: float
    plan: str
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

    def train(self, epochs: int, *, shuffle: bool = True, plan: str = "auto") -> TimedRun:
        """Trains to the end. Raises ValueError where the run does not finish."""
        config = {
            "compile": self._model.compile_settings,
            "fit": {"epochs": epochs, "batch_size": self._model.batch_size, "shuffle": shuffle},
            "data": {"dataset": self._model.name},
            "seed": SEED,
            "plan": plan,
        }
        began = time.time()
        run_id = str(post_json(self._client, "/api/runs", {"model_id": self._id, "config": config})["id"])
        self._wait(run_id)
        return self._read(run_id, began)

    def _wait(self, run_id: str) -> None:
        deadline = time.monotonic() + RUN_LIMIT_S
        while True:
            run = self._client.get(f"/api/runs/{run_id}").raise_for_status().json()
            if run["status"] in FINAL_STATUSES:
                break
            if time.monotonic() > deadline:
                self._client.post(f"/api/runs/{run_id}/stop")
                raise ValueError(f"The run of {self._model.title} did not end within {RUN_LIMIT_S:.0f} s.")
            time.sleep(POLL_S)
        if run["status"] != "finished":
            raise ValueError(f"The run of {self._model.title} did not finish: {run['status']}, {run['reason']}")

    def _read(self, run_id: str, began: float) -> TimedRun:
        events = self._read_events(run_id)
        ends = [(event["step"], read_time(event)) for event in events if event["type"] == "epoch"]
        plans = [event for event in events if event["type"] == "plan"]
        history = self._client.get(f"/api/runs/{run_id}/history").raise_for_status().json()["history"]
        return TimedRun(
            ends[0][1] - began, measure_rate(ends, plans), describe_plan(plans[-1] if plans else None), history
        )

    def _read_events(self, run_id: str) -> list[dict[str, Any]]:
        """Plan and epochs: the steps are many."""
        events: list[dict[str, Any]] = []
        after = 0
        while True:
            parameters: dict[str, int | list[str]] = {"after": after, "type": ["epoch", "plan"], "limit": 200}
            page = self._client.get(f"/api/runs/{run_id}/events", params=parameters).raise_for_status().json()
            events += page["items"]
            if not page["items"]:
                return [event for event in events if event["type"] in ("epoch", "plan")]
            after = page["items"][-1]["seq"]


def measure_rate(ends: Sequence[tuple[int, float]], plans: Sequence[dict[str, Any]]) -> float:
    """Steps per second between ends of epochs (step, time), from the first one after the plan was settled on."""
    settled_at = read_time(plans[-1]) if plans else 0.0
    settled = [(step, end) for step, end in ends if end >= settled_at]
    (first_step, first_end), (last_step, last_end) = (settled if len(settled) > 1 else ends)[0], ends[-1]
    return (last_step - first_step) / (last_end - first_end) if last_end > first_end else 0.0


def read_time(event: dict[str, Any]) -> float:
    """Seconds since 1970, by the worker's clock, which is this machine's."""
    return datetime.fromisoformat(event["time"]).timestamp()


def describe_plan(plan: dict[str, Any] | None) -> str:
    if plan is None:
        return "no plan"
    return f"{plan['mode']}, {plan['steps_per_chunk']} steps a chunk, {plan['data']}"
