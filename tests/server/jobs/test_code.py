"""Layers in Python through a real server: refused without the flag; with it checked, exported, trained, contained."""

from collections.abc import Iterator

import pytest

from tests.server.live_server import LiveServer, make_config, serve

CLASS = """import keras
{top}

class Twice(keras.layers.Layer):
    def call(self, x):
        {body}
"""


def make_graph(body: str = "return x * 2", top: str = "") -> dict[str, object]:
    code = CLASS.format(top=top, body=body)
    layers: list[dict[str, object]] = [
        {"id": "pixels", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
        {"id": "flat", "class_name": "Flatten"},
        {"id": "twice", "class_name": "Twice", "package": "code", "code": code},
        {"id": "digit", "class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
    ]
    names = [str(layer["id"]) for layer in layers]
    edges = [{"id": f"e{i}", "source": names[i], "target": names[i + 1]} for i in range(3)]
    return {"layers": layers, "nodes": [{"id": name, "layer": name} for name in names], "edges": edges}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("home"), ALLOW_CODE="1", COMPILER_TIMEOUT_S="15") as server:
        yield server


def test_without_the_flag_only_the_nodes_of_code_and_those_after_them_are_left_out(strict: LiveServer):
    assert strict.api.get("/server").json()["allow_code"] is False
    checked = strict.api.post("/check", json=make_graph()).json()
    (issue,) = checked["issues"]
    assert (issue["code"], issue["node"], issue["argument"]) == ("code_not_allowed", "twice", "code")
    assert "--allow-code" in issue["hint"]
    assert set(checked["nodes"]) == {"pixels", "flat"}
    model = strict.api.post("/models", json={"name": "m", "graph": make_graph()}).json()
    assert strict.api.get(f"/models/{model['id']}/export", params={"format": "keras"}).status_code == 422
    run = {"model_id": model["id"], "config": make_config(1)}
    assert strict.api.post("/runs", json=run).status_code == 422


def test_with_the_flag_a_layer_in_python_is_checked_exported_and_trained(trusting: LiveServer):
    assert trusting.api.get("/server").json()["allow_code"] is True
    checked = trusting.api.post("/check", json=make_graph()).json()
    assert checked["ok"], checked["issues"]
    assert checked["nodes"]["twice"]["outputs"][0]["shape"] == [None, 64]
    model = trusting.api.post("/models", json={"name": "m", "graph": make_graph()}).json()
    exported = trusting.api.get(f"/models/{model['id']}/export", params={"format": "python"})
    assert "class Twice(keras.layers.Layer)" in exported.text
    assert trusting.api.get(f"/models/{model['id']}/export", params={"format": "keras"}).status_code == 200
    run = trusting.api.post("/runs", json={"model_id": model["id"], "config": make_config(1)}).json()
    finished = trusting.wait_until_over(run["id"])
    assert finished["status"] == "finished", finished


@pytest.mark.parametrize(
    "graph",
    [
        make_graph(body="import os; os._exit(3)"),
        make_graph(top="import ctypes; ctypes.string_at(0)"),
        make_graph(body="raise SystemExit(0)"),
        make_graph(
            top="import time",
            body="while True:\n            try:\n                time.sleep(1)\n            except BaseException: pass",
        ),
    ],
    ids=["exits", "crashes", "asks to exit", "never ends, whatever happens"],
)
def test_code_that_harms_its_process_costs_only_that(trusting: LiveServer, graph: dict[str, object]):
    answer = trusting.api.post("/check", json=graph)
    assert answer.status_code >= 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "replaced" in answer.text
    assert trusting.api.post("/check", json=make_graph()).json()["ok"]


@pytest.mark.parametrize(
    ("graph", "line"),
    [(make_graph(body="while True: pass"), 6), (make_graph(top="while True: pass"), 2)],
    ids=["in call", "in the module"],
)
def test_a_loop_without_end_is_told_at_its_line_and_costs_nobody_anything(
    trusting: LiveServer, graph: dict[str, object], line: int
):
    (issue,) = trusting.api.post("/check", json=graph).json()["issues"]
    assert (issue["code"], issue["node"]) == ("code_failed", "twice")
    assert issue["message"].startswith(f"At line {line} of the code of Twice: TimeoutError")
