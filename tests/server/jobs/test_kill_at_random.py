"""Runs whose worker or server is killed at random steps come to the very weights and History of one that nobody killed.

`KILLED_RUNS` says how many such runs there are (3), each with other steps.
"""

import io
import os
import random
import zipfile
from collections.abc import Iterator
from functools import partial

import h5py
import numpy as np
import pytest

from tests.server.jobs.test_recovery import read_steps
from tests.server.live_server import LiveServer, RunIsOver, serve

KILLED_RUNS = int(os.environ.get("KILLED_RUNS", "3"))
EPOCHS = 12
GRAPH = {
    "layers": [
        {"id": "pixels", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
        {"id": "flat", "class_name": "Flatten"},
        {"id": "hidden", "class_name": "Dense", "config": {"units": 32, "activation": "relu"}},
        {"id": "norm", "class_name": "BatchNormalization"},
        {"id": "drop", "class_name": "Dropout", "config": {"rate": 0.3}},
        {"id": "digit", "class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
    ],
    "nodes": [{"id": name, "layer": name} for name in ("pixels", "flat", "hidden", "norm", "drop", "digit")],
    "edges": [
        {"id": f"e{place}", "source": source, "target": target}
        for place, (source, target) in enumerate(
            [("pixels", "flat"), ("flat", "hidden"), ("hidden", "norm"), ("norm", "drop"), ("drop", "digit")]
        )
    ],
}
SETTINGS: dict[str, object] = {
    "plan": {"mode": "graph"},
    "fit": {"epochs": EPOCHS, "batch_size": 4, "validation_split": 0.2},
    "checkpoints": {"every_minutes": 0.005, "keep_last": 2},
    "callbacks": [{"class_name": "ReduceLROnPlateau", "config": {"patience": 1, "min_delta": 0.05}}],
    "restarts": 100,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("killed")) as server:
        yield server


@pytest.fixture(scope="module")
def model_id(server: LiveServer) -> str:
    model = server.api.post("/models", json={"name": "Killed", "graph": GRAPH}).raise_for_status().json()
    return str(model["id"])


@pytest.fixture(scope="module")
def whole(server: LiveServer, model_id: str) -> str:
    """The run that nobody kills."""
    run_id = server.launch(model_id, EPOCHS, **SETTINGS)
    assert server.wait_until_over(run_id)["status"] == "finished"
    return run_id


def has_come_to(step: int, run: dict[str, object]) -> bool:
    """Whether a run has done so many steps, or is over."""
    return run["finished_at"] is not None or (isinstance(run["step"], int) and run["step"] >= step)


def read_state(server: LiveServer, run_id: str) -> dict[str, bytes]:
    """Every number of the run's last checkpoint, bit by bit."""
    newest = server.api.get(f"/runs/{run_id}/checkpoints").raise_for_status().json()["items"][0]
    content = server.api.get(newest["url"].removeprefix("/api")).raise_for_status().content
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visititems(
                lambda name, item: found.update({name: item[()].tobytes()}) if isinstance(item, h5py.Dataset) else None
            )
        with np.load(io.BytesIO(archive.read("layerloom/arrays.npz")), allow_pickle=False) as arrays:
            found.update({name: arrays[name].tobytes() for name in arrays.files})
    return found


def read_curves(server: LiveServer, run_id: str) -> object:
    answer = server.api.get(f"/runs/{run_id}/metrics", params={"points": 100_000}).raise_for_status().json()
    return answer["steps"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(KILLED_RUNS))
def test_a_run_that_is_killed_at_random_comes_to_the_same(
    server: LiveServer, model_id: str, whole: str, seed: int
) -> None:
    generator = random.Random(seed)
    run_id = server.launch(model_id, EPOCHS, **SETTINGS)
    steps = EPOCHS * 360
    for step in sorted(generator.sample(range(steps - 200), 3)):
        server.wait_for(run_id, partial(has_come_to, step))
        victims = generator.choice(["worker", "server", "both"])
        try:
            worker = server.find_worker(run_id) if victims != "server" else None
        except RunIsOver:
            # It was faster than whoever wanted to kill it.
            break
        if victims != "worker":
            server.kill()
        if worker is not None:
            worker.kill()
        if victims != "worker":
            server.start()
    assert server.wait_until_over(run_id)["status"] == "finished"
    assert server.read_history(run_id) == server.read_history(whole)
    assert read_curves(server, run_id) == read_curves(server, whole)
    assert read_state(server, run_id) == read_state(server, whole)
    reported = read_steps(server.read_events(run_id))
    assert set(reported) == set(range(steps))
