"""Callbacks that write and send, through a real server, its compiler process and a real worker."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.training.event_files import list_event_files, read_records
from tests.engine.training.monitor_server import MonitorServer, serve_monitor
from tests.server.live_server import LiveServer, make_config, serve


@pytest.fixture(scope="module")
def monitor() -> Iterator[MonitorServer]:
    with serve_monitor() as monitor:
        yield monitor


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, monitor: MonitorServer) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("home"), REMOTE_MONITORS=f'["{monitor.address}"]') as server:
        yield server


@pytest.fixture(scope="module")
def model_id(server: LiveServer) -> str:
    return server.create_model()


def named(class_name: str, **config: object) -> dict[str, object]:
    return {"class_name": class_name, "config": config}


def test_what_callbacks_write_is_listed_and_downloaded_and_what_they_send_arrives(
    server: LiveServer, model_id: str, monitor: MonitorServer, tmp_path: Path
):
    callbacks = [
        named("CSVLogger", filename="history.csv"),
        named("TensorBoard", histogram_freq=1),
        named("RemoteMonitor", root=monitor.address),
    ]
    run_id = server.launch(model_id, 2, callbacks=callbacks)
    assert server.wait_until_over(run_id)["status"] == "finished"

    listed = server.api.get(f"/runs/{run_id}/files").raise_for_status().json()
    assert {one["path"].split("/")[0] for one in listed["items"]} == {"history.csv", "logs"}
    rows = server.api.get(f"/runs/{run_id}/files/history.csv").raise_for_status().text
    assert [row["epoch"] for row in csv.DictReader(io.StringIO(rows))] == ["0", "1"]

    archive = server.api.get(f"/runs/{run_id}/archive", params={"folder": "logs"}).raise_for_status().content
    zipfile.ZipFile(io.BytesIO(archive)).extractall(tmp_path)
    assert {path.parent.name for path in list_event_files(tmp_path) if any(read_records(path))} == {
        "train",
        "validation",
    }
    assert [one.path for one in monitor.received] == ["/publish/epoch/end/"] * 2


@pytest.mark.parametrize(
    ("callback", "argument", "words"),
    [
        (named("RemoteMonitor", root="http://127.0.0.1:1"), "callbacks.0.root", "has not been allowed"),
        (named("TensorBoard", log_dir="/tmp/tb"), "callbacks.0.log_dir", "inside the run's own folder"),
        (named("LambdaCallback"), "callbacks.0", "it runs Python functions"),
    ],
    ids=["address", "path", "python"],
)
def test_what_a_run_may_not_do_is_refused_before_there_is_a_run(
    server: LiveServer, model_id: str, callback: dict[str, object], argument: str, words: str
):
    body = {"model_id": model_id, "config": make_config(1, callbacks=[callback])}
    before = server.api.get("/runs").json()
    answer = server.api.post("/runs", json=body)
    assert answer.status_code == 422
    (issue,) = [one for one in answer.json()["issues"] if one["severity"] == "error"]
    assert issue["argument"] == argument
    assert words in issue["message"]
    assert server.api.get("/runs").json() == before
