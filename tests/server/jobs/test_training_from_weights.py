"""A run that starts with a checkpoint's weights goes on where that one stood, and keeps its file."""

from pathlib import Path

from tests.server.live_server import make_config, serve


def test_a_run_goes_on_from_the_weights_of_another_and_keeps_them(tmp_path: Path):
    with serve(tmp_path) as server:
        model_id = server.create_model()
        first = server.launch(model_id, epochs=3)
        server.wait_until_over(first)
        checkpoint = server.api.get(f"/runs/{first}/checkpoints").json()["items"][0]["id"]
        body = {"run": first, "checkpoint": checkpoint}
        sha256 = server.api.post(f"/models/{model_id}/weights", json=body).json()["weights"]["sha256"]
        started = {"model_id": model_id, "config": {**make_config(1), "weights": sha256}}
        second = server.api.post("/runs", json=started).raise_for_status().json()["id"]
        server.api.delete(f"/models/{model_id}/weights").raise_for_status()
        assert server.wait_until_over(second)["status"] == "finished", server.read_log()
        before, after = (server.api.get(f"/runs/{run}/history").json()["history"]["loss"] for run in (first, second))
        assert after[0] < before[2]
        assert [path.stem for path in (tmp_path / "weights").iterdir()] == [sha256]
        server.api.delete(f"/runs/{second}").raise_for_status()
        assert list((tmp_path / "weights").iterdir()) == []
