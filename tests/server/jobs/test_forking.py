"""A run that starts from a checkpoint of another, with a changed graph, and outlives that one."""

from itertools import pairwise
from pathlib import Path

from tests.server.live_server import make_config, serve


def draw(classes: int, hidden: int) -> dict[str, object]:
    """A graph with two hidden layers."""
    layers: list[dict[str, object]] = [
        {"id": "pixels", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
        {"id": "flat", "class_name": "Flatten"},
        {"id": "first", "class_name": "Dense", "config": {"units": 32, "activation": "relu"}},
        {"id": "second", "class_name": "Dense", "config": {"units": hidden, "activation": "relu"}},
        {"id": "digit", "class_name": "Dense", "config": {"units": classes, "activation": "softmax"}},
    ]
    names = [str(layer["id"]) for layer in layers]
    edges = [{"id": f"to_{target}", "source": source, "target": target} for source, target in pairwise(names)]
    return {"layers": layers, "nodes": [{"id": name, "layer": name} for name in names], "edges": edges}


def test_a_run_starts_from_a_checkpoint_where_it_fits_and_needs_the_other_run_no_more(tmp_path: Path):
    with serve(tmp_path) as server:
        model_id = server.api.post("/models", json={"name": "Digits", "graph": draw(10, 16)}).json()["id"]
        first = server.launch(model_id, epochs=3)
        assert server.wait_until_over(first)["status"] == "finished", server.read_log()
        checkpoint = server.api.get(f"/runs/{first}/checkpoints").json()["items"][0]
        start = {"run_id": first, "checkpoint_id": checkpoint["id"]}

        same = {"model_id": model_id, "config": make_config(1), "start": start}
        going_on = server.api.post("/runs", json=same).raise_for_status().json()
        assert going_on["start_report"] == {
            "run_id": first,
            "run_name": "Digits #1",
            "checkpoint_id": checkpoint["id"],
            "epoch": checkpoint["epoch"],
            "step": checkpoint["step"],
            "kept": ["first", "second", "digit"],
            "new": [],
            "unused": [],
        }
        assert server.wait_until_over(going_on["id"])["status"] == "finished", server.read_log()
        losses = [server.api.get(f"/runs/{run}/history").json()["history"]["loss"] for run in (first, going_on["id"])]
        assert losses[1][0] < losses[0][2]

        other = server.api.post("/models", json={"name": "Wider", "graph": draw(10, 24)}).json()["id"]
        changed = server.api.post("/runs", json={**same, "model_id": other}).raise_for_status().json()
        server.api.delete(f"/runs/{first}").raise_for_status()
        report = changed["start_report"]
        assert report["kept"] == ["first"]
        assert [one["layer"] for one in report["new"]] == ["second", "digit"]
        assert "[32, 16]" in report["new"][0]["reason"]
        assert changed["config"]["partial_weights"] is True
        done = server.wait_until_over(changed["id"])
        assert (done["status"], done["start_report"]) == ("finished", report), server.read_log()
        assert server.api.post("/runs", json=same).status_code == 404
