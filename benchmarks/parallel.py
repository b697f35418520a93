"""Two runs at the same time: whether each is as fast as its share of the cores explains, and one starves no other."""

import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.graphs import Drawing, Json, draw_digits_mlp
from benchmarks.measurement import Measurement
from benchmarks.serving import ServerProcess, make_home, post_json, run_server

ROUNDS = 3
WATCHED_S = 8.0
WARM_EPOCHS = 2
"""By then plans are settled and programs compiled."""

START_LIMIT_S = 60.0
POLL_S = 0.1
MANY_EPOCHS = 1_000_000
LEAST_SHARE = 0.9
"""Of the speed on half of the cores. Two runs share caches, memory and the server besides, which costs a little."""


@dataclass(frozen=True)
class Workload:
    """What trains. The plan is pinned, so that every run takes the same."""

    name: str
    graph: Json
    batch_size: int
    steps_per_chunk: int


@dataclass(frozen=True)
class Situation:
    """How many runs train at once, on which cores (None: on all), each with the threads of one of `places` runs."""

    runs: int
    places: int
    cores: Sequence[int] | None = None


ALONE = Situation(runs=1, places=1)
ALONE_ON_HALF = Situation(runs=1, places=2, cores=sorted(os.sched_getaffinity(0))[::2])
BOTH = Situation(runs=2, places=2)


def measure() -> list[Measurement]:
    """Steps per second of a run alone, alone on half of the cores, and of each of two, round by round in turn."""
    measurements: list[Measurement] = []
    for workload in (Workload("small MLP", draw_digits_mlp(), 32, 64), Workload("wide MLP", draw_wide_mlp(), 128, 8)):
        alone, halved, both = [], [], []
        for _ in range(ROUNDS):
            alone += train(workload, ALONE)
            halved += train(workload, ALONE_ON_HALF)
            both.append(train(workload, BOTH))
        measurements += compare(workload.name, alone, halved, both)
    return measurements


def compare(
    name: str, alone: Sequence[float], halved: Sequence[float], both: Sequence[Sequence[float]]
) -> list[Measurement]:
    """The speeds, and what becomes of them where two runs train: per round, the slower and both together."""
    half, whole = statistics.median(halved), statistics.median(alone)
    share = f"{len(ALONE_ON_HALF.cores or ())} of {len(os.sched_getaffinity(0))} cores"
    return [
        Measurement(f"{name}: one run alone", "steps/s", alone),
        Measurement(f"{name}: one run alone on {share}", "steps/s", halved),
        Measurement(f"{name}: each of two runs at once", "steps/s", [speed for pair in both for speed in pair]),
        Measurement(
            f"{name}: the slower of two / one on {share}",
            "×",
            [min(pair) / half for pair in both],
            LEAST_SHARE,
            is_floor=True,
        ),
        Measurement(f"{name}: two together / one alone", "×", [sum(pair) / whole for pair in both]),
    ]


def draw_wide_mlp() -> Json:
    """Products that are large enough for several threads."""
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[8, 8, 1])
    last = drawing.add("Flatten", [last])
    for _ in range(3):
        last = drawing.add("Dense", [last], units=512, activation="relu")
    drawing.add("Dense", [last], units=10, activation="softmax")
    return drawing.to_json()


def train(workload: Workload, situation: Situation) -> list[float]:
    """Steps per second of each run, while all of them train."""
    with serve(situation) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        model = post_json(client, "/api/models", {"name": workload.name, "graph": workload.graph})
        runs = [launch(client, str(model["id"]), workload) for _ in range(situation.runs)]
        for run_id in runs:
            wait_until_warm(client, run_id)
        began = [read_steps(client, run_id) for run_id in runs]
        time.sleep(WATCHED_S)
        ended = [read_steps(client, run_id) for run_id in runs]
        return [
            (steps - first_steps) / (moment - first_moment)
            for (first_steps, first_moment), (steps, moment) in zip(began, ended, strict=True)
        ]


@contextmanager
def serve(situation: Situation) -> Iterator[ServerProcess]:
    """A Layerloom whose processes may use these cores only, with so many places for runs."""
    pinned = [] if situation.cores is None else ["taskset", "--cpu-list", ",".join(map(str, situation.cores))]

    def make_command(port: int) -> list[str]:
        settings = [
            f"LAYERLOOM_PARALLEL_RUNS={situation.places}",
            # Of all cores there are, also where only some may be used.
            f"LAYERLOOM_WORKER_THREADS={max(1, len(os.sched_getaffinity(0)) // situation.places)}",
        ]
        arguments = ["serve", "--port", str(port), "--home", str(home)]
        return [*pinned, "env", *settings, sys.executable, "-m", "server", *arguments]

    with make_home() as home, run_server(make_command, "/api/health", home / "server.log") as server:
        yield server


def launch(client: httpx.Client, model_id: str, workload: Workload) -> str:
    """The id of a new run that trains until its server ends."""
    config = {
        "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"},
        "fit": {"epochs": MANY_EPOCHS, "batch_size": workload.batch_size},
        "data": {"dataset": "digits"},
        "plan": {"mode": "graph", "steps_per_chunk": workload.steps_per_chunk, "data": "device"},
    }
    return str(post_json(client, "/api/runs", {"model_id": model_id, "config": config})["id"])


def wait_until_warm(client: httpx.Client, run_id: str) -> None:
    """Raises TimeoutError where the run does not train after a while."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        run = client.get(f"/api/runs/{run_id}").raise_for_status().json()
        if run["status"] == "running" and (run["epoch"] or 0) >= WARM_EPOCHS:
            return
        time.sleep(POLL_S)
    raise TimeoutError(f"The run does not train: {run['status']}, {run['reason']}")


def read_steps(client: httpx.Client, run_id: str) -> tuple[int, float]:
    """How many steps are done, and the moment at which that was asked for. Raises ValueError where the run is over."""
    run = client.get(f"/api/runs/{run_id}").raise_for_status().json()
    if run["status"] != "running":
        raise ValueError(f"The benchmark's run does not train any more: {run['status']}, {run['reason']}")
    return int(run["step"]), time.monotonic()
