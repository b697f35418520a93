"""Trains through the REST API of a real server, as any program could."""

import time
from dataclasses import dataclass
from datetime import datetime

import httpx

from benchmarks.graphs import Json
from benchmarks.serving import post_json
from examples.example import Config, Fold

POLL_S = 0.3
OVER = {"finished", "failed", "stopped"}

History = dict[str, list[float]]


@dataclass(frozen=True)
class Trained:
    """A finished run. `seconds` from reading the data to the end, `epoch_ends` in seconds of any clock, `plan` in a
    word, `code` the run as plain Python.

    `result` is the evaluation's metric on the test part, by the weights of the last epoch.
    """

    result: float
    history: History
    seconds: float
    epoch_ends: list[float]
    plan: str
    code: str


def train(client: httpx.Client, name: str, fold: Fold, metric: str) -> Trained:
    """Draws the model, trains it, waits, evaluates it.

    Raises:
        httpx.HTTPStatusError: the server refuses something, with its problem document.
        RuntimeError: the run did not finish; its reason.
    """
    model = post_json(client, "/api/models", {"name": name, "graph": fold.graph})
    run_id = str(post_json(client, "/api/runs", {"model_id": model["id"], "config": fold.config})["id"])
    run = wait_until_over(client, run_id)
    if run["status"] != "finished":
        raise RuntimeError(f"The run of {name} is {run['status']}, expected finished: {run['reason']}")
    evaluation = post_json(client, f"/api/runs/{run_id}/evaluate", {"checkpoint_id": "last", "report": False})
    checkpoint = str(evaluation["checkpoint_id"])
    code = client.get(f"/api/runs/{run_id}/checkpoints/{checkpoint}/export", params={"format": "python"})
    metrics, seconds = evaluation["metrics"], run["trained_seconds"]
    assert isinstance(metrics, dict)
    assert isinstance(seconds, float)
    history: History = read(client, f"/api/runs/{run_id}/history")["history"]  # type: ignore[assignment]
    ends = read_epoch_ends(client, run_id)
    return Trained(float(metrics[metric]), history, seconds, ends, describe_plan(run), code.raise_for_status().text)


def wait_until_over(client: httpx.Client, run_id: str) -> Json:
    while (run := read(client, f"/api/runs/{run_id}"))["status"] not in OVER:
        time.sleep(POLL_S)
    return run


def read_epoch_ends(client: httpx.Client, run_id: str) -> list[float]:
    """When each epoch had ended, as the worker saw it."""
    ends: list[float] = []
    after: int | None = 0
    while after is not None:
        page = (
            client.get(f"/api/runs/{run_id}/events", params={"type": "epoch", "after": after}).raise_for_status().json()
        )
        ends += [datetime.fromisoformat(event["time"]).timestamp() for event in page["items"]]
        after = page["next_after"]
    return ends


def measure_epoch(ends: list[float]) -> float | None:
    """Seconds per epoch, after the first one with its compilation; None where there is only one."""
    return (ends[-1] - ends[0]) / (len(ends) - 1) if len(ends) > 1 else None


def describe_plan(run: Json) -> str:
    plan: Config = run["plan"] or {}  # type: ignore[assignment]
    return str(plan.get("mode", ""))


def explain_absence(client: httpx.Client, data_set: str) -> str | None:
    """Why a data set is not on this machine; None where it is."""
    found = client.get("/api/datasets").raise_for_status().json()
    reason: str | None = next(one["reason"] for one in found if one["name"] == data_set)
    return reason


def read(client: httpx.Client, path: str) -> Json:
    answer: Json = client.get(path).raise_for_status().json()
    return answer
