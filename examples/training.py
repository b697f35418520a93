"""Trains through the REST API of a real server, as any program could."""

import time
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

import httpx

from benchmarks.graphs import Json
from benchmarks.serving import post_json
from examples.example import Config, Launch

POLL_S = 0.3
OVER = {"finished", "failed", "stopped"}

History = dict[str, list[float]]


@dataclass(frozen=True)
class Trained:
    """A finished run. `seconds` from reading the data to the end, `epoch_ends` in seconds of any clock, `plan` in a
    word, `code` the run as plain Python.

    `result` is the evaluation's metric on what was not trained on, by the weights of the last epoch: of a run with
    `folds` the mean of what each says of its own part, and `history` is their mean, too. Such a run has no `code`.
    """

    result: float
    history: History
    seconds: float
    epoch_ends: list[float]
    plan: str
    code: str
    folds: int | None = None


def train(client: httpx.Client, name: str, launch: Launch, metric: str) -> Trained:
    """Draws the model, trains it, waits, evaluates it.

    Raises:
        httpx.HTTPStatusError: the server refuses something, with its problem document.
        RuntimeError: the run did not finish; its reason.
    """
    model = post_json(client, "/api/models", {"name": name, "graph": launch.graph})
    run_id = str(post_json(client, "/api/runs", {"model_id": model["id"], "config": launch.config})["id"])
    run = wait_until_over(client, run_id)
    if run["status"] != "finished":
        raise RuntimeError(f"The run of {name} is {run['status']}, expected finished: {run['reason']}")
    seconds, folds = run["trained_seconds"], run["folds"]
    assert isinstance(seconds, float)
    assert folds is None or isinstance(folds, int)
    history: History = read(client, f"/api/runs/{run_id}/history")["history"]  # type: ignore[assignment]
    ends, plan = read_epoch_ends(client, run_id), describe_plan(run)
    if folds is not None:
        result = fmean(evaluate(client, run_id, one, metric) for one in list_ends_of_folds(client, run_id))
        return Trained(result, pick_means(history), seconds, ends, plan, "", folds)
    last = list_checkpoints(client, run_id)[0]["id"]
    code = client.get(f"/api/runs/{run_id}/checkpoints/{last}/export", params={"format": "python"})
    result = evaluate(client, run_id, str(last), metric)
    return Trained(result, history, seconds, ends, plan, code.raise_for_status().text)


def evaluate(client: httpx.Client, run_id: str, checkpoint: str, metric: str) -> float:
    """The metric of a checkpoint's weights on the samples that validate them."""
    asked = {"checkpoint_id": checkpoint, "report": False}
    metrics = post_json(client, f"/api/runs/{run_id}/evaluate", asked)["metrics"]
    assert isinstance(metrics, dict)
    return float(metrics[metric])


def list_checkpoints(client: httpx.Client, run_id: str) -> list[Json]:
    """The newest first."""
    path = f"/api/runs/{run_id}/checkpoints"
    found: list[Json] = client.get(path, params={"sort": "-step", "limit": 100}).raise_for_status().json()["items"]
    return found


def list_ends_of_folds(client: httpx.Client, run_id: str) -> list[str]:
    """The checkpoint at the end of each fold."""
    return [str(one["id"]) for one in list_checkpoints(client, run_id) if one["cause"] == "end"]


def pick_means(history: History) -> History:
    """The means over the folds, under the metrics' own names."""
    return {name.removeprefix("mean/"): values for name, values in history.items() if name.startswith("mean/")}


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
