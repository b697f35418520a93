"""A run trains on a data set of a person's own, and a killed server leaves no half of one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.live_server import LiveServer, make_config, serve, wait_until_gone
from tests.server.own_data import begin, make_dataset, make_points, pack_npz, upload, wait_for, wait_until_over

ROWS = b"a,b,c\n" + b"1.5,2.5,a\n3.5,4.5,b\n" * 600_000

POINTS = {
    "layers": [
        {"id": "x", "class_name": "InputLayer", "config": {"shape": [3]}},
        {"id": "y", "class_name": "Dense", "config": {"units": 1, "activation": "sigmoid"}},
    ],
    "nodes": [{"id": name, "layer": name} for name in ("x", "y")],
    "edges": [{"id": "e", "source": "x", "target": "y"}],
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with serve(tmp_path) as live:
        yield live


@pytest.fixture
def page(server: LiveServer) -> Iterator[httpx.Client]:
    with server.connect() as client:
        yield client


def test_a_run_trains_on_own_data_which_stays_until_it_is_over(server: LiveServer, page: httpx.Client, tmp_path: Path):
    points = make_points()
    content = pack_npz(x_train=points["x"], y_train=points["y"], x_test=points["x"][:8], y_test=points["y"][:8])
    assert make_dataset(page, "mine", content)["state"] == "finished"
    data = {"dataset": "mine", "validation": {"dataset": "mine", "part": "test"}}
    fit = {"epochs": 3, "batch_size": 8}
    config = make_config(3, "binary_crossentropy") | {"data": data, "fit": fit}
    model = page.post("/api/models", json={"name": "points", "graph": POINTS, "training": config}).json()["id"]
    body = {"model_id": model, "config": config}
    run = page.post("/api/runs", json=body).json()
    assert server.wait_until_over(run["id"])["status"] == "finished"
    assert "val_loss" in str(server.read_history(run["id"]))

    long = config | {"fit": fit | {"epochs": 100_000}}
    running = page.post("/api/runs", json=body | {"config": long}).json()
    server.wait_for(running["id"], lambda run: run["status"] == "running")
    refused = page.delete("/api/datasets/mine")
    assert refused.status_code == 409
    assert "uses the data set 'mine'" in refused.json()["detail"]
    server.ask(running["id"], "stop")
    server.wait_until_over(running["id"])

    code = page.get(f"/api/models/{model}/export", params={"format": "python"})
    assert code.status_code == 200, code.text
    script = tmp_path / "points.py"
    script.write_text(code.text)
    done = subprocess.run([sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "val_loss" in done.stdout

    assert page.delete("/api/datasets/mine").status_code == 204
    gone = page.post("/api/runs", json=body)
    assert gone.status_code == 422
    assert "no data set 'mine'" in gone.text


def test_a_killed_server_leaves_no_half_data_set_and_nothing_that_makes_one(server: LiveServer, page: httpx.Client):
    sent = upload(page, "many.csv", ROWS)
    job = begin(page, [{"upload": sent["id"]}], "many", "table").json()
    wait_for(page, job["id"], lambda job: job["progress"] > 0)
    place = str(server.home / "data" / "files" / str(sent["sha256"]))
    readers = [one for one in server.find_family() if place in {file.path for file in one.open_files()}]
    assert readers
    server.kill()
    assert wait_until_gone(readers) == []
    server.start()
    left = page.get(f"/api/datasets/jobs/{job['id']}").json()
    assert (left["state"], "server" in left["reason"]) == ("failed", True)
    assert page.get("/api/datasets/many/manifest").status_code == 404
    assert not (server.home / "data" / "making").exists()
    again = begin(page, [{"upload": sent["id"]}], "many", "table")
    assert wait_until_over(page, again.json()["id"])["state"] == "finished"
    assert page.get("/api/datasets/many/manifest").json()["samples"] == 1_200_000
