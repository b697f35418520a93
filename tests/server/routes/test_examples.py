"""Every example of a request in the OpenAPI document succeeds where it is tried, in the order in which one would."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from engine.evaluation.results import OUT_OF_FOLD
from server.app import create_app
from server.settings import Settings
from server.storage.database import Database
from tests.server.live_server import LiveServer, serve
from tests.server.open_runs import open_run

Example = tuple[str, str, str, str, object]
"""Method, path, media type, name and body."""

NEST: dict[str, object] = {"nodes": ["hidden"], "name": "block"}
OF_A_WORKER = "/api/runs/{run_id}/events"


def list_examples() -> list[Example]:
    document = create_app(Settings(prepare_compiler=False)).openapi()
    return list(_walk(document["paths"]))


def _walk(paths: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Example]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                examples = dict(content.get("examples", {}))
                if "example" in content:
                    examples["example"] = {"value": content["example"]}
                for name, example in examples.items():
                    yield method.upper(), path, media_type, name, example["value"]


EXAMPLES = list_examples()


class Scene:
    """A model that was made from the example, a run of it that is over, and another one that is paused."""

    def __init__(self, server: LiveServer):
        self.server = server
        self._bodies = {(path, name): body for _, path, _, name, body in EXAMPLES}
        model_id = self.create_model()
        run_id = self.launch(model_id)
        server.wait_until_over(run_id)
        checkpoint = str(server.api.get(f"/runs/{run_id}/checkpoints").json()["items"][0]["id"])
        taken = {"run": run_id, "checkpoint": checkpoint}
        server.api.post(f"/models/{model_id}/weights", json=taken).raise_for_status()
        version = str(server.api.get(f"/models/{model_id}/versions").json()["items"][0]["id"])
        self._ids = {
            "model_id": model_id,
            "version_id": version,
            "run_id": run_id,
            "checkpoint_id": checkpoint,
            **taken,
        }

    @property
    def ids(self) -> dict[str, str]:
        """What stands in paths and bodies, by the names that it has there."""
        return dict(self._ids)

    def create_model(self) -> str:
        created = self.server.api.post("/models", json=self._bodies["/api/models", "flowers"]).raise_for_status()
        return str(created.json()["id"])

    @property
    def _config(self) -> dict[str, Any]:
        body = self._bodies["/api/runs", "draft"]
        assert isinstance(body, dict)
        config: dict[str, Any] = body["config"]
        return config

    def launch(self, model_id: str, **changes: object) -> str:
        config = self._config | changes
        return str(self.server.api.post("/runs", json={"model_id": model_id, "config": config}).json()["id"])

    def pause_run(self) -> str:
        run_id = self.launch(self.ids["model_id"], plan={"mode": "step"}, fit={"epochs": 1_000_000})
        self.server.ask(run_id, "pause")
        self.server.wait_for(run_id, lambda run: run["status"] == "paused" and run["can_resume"] is True)
        return run_id

    def run_folds(self) -> str:
        """A K-fold run that is over."""
        data = self._config["data"] | {"split": {"kind": "k_fold", "folds": 2}}
        run_id = self.launch(self.ids["model_id"], data=data, fit={"epochs": 1})
        self.server.wait_until_over(run_id)
        return run_id

    def make_draft(self, *, nested: bool) -> str:
        """A model of its own for what changes a draft; `nested` has a layer that is a model."""
        model_id = self.create_model()
        if nested:
            headers = {"If-Match": self.server.api.get(f"/models/{model_id}/graph").headers["ETag"]}
            self.server.api.post(f"/models/{model_id}/graph/nest", json=NEST, headers=headers).raise_for_status()
        return model_id

    def open_session(self) -> str:
        opened = self.server.api.post("/sessions", json=put_ids(self._bodies["/api/sessions", "model"], self.ids))
        return str(opened.raise_for_status().json()["id"])

    def prepare(self, path: str, body: object) -> dict[str, str]:
        """The ids of what an example for this path is for."""
        ids = self.ids
        if isinstance(body, dict) and body.get("split") == OUT_OF_FOLD:
            ids |= {"run_id": self.run_folds()}
        if "/graph" in path:
            ids |= {"model_id": self.make_draft(nested=path.endswith("dissolve"))}
        if "{session_id}" in path:
            ids |= {"session_id": self.open_session()}
        if path.endswith(("/resume", "/stop", "{run_id}")):
            run_id = self.pause_run()
            checkpoints = self.server.api.get(f"/runs/{run_id}/checkpoints").json()["items"]
            ids |= {"run_id": run_id, "checkpoint": checkpoints[0]["id"]}
        return ids

    def clear(self) -> None:
        """Ends what an example began."""
        api = self.server.api
        for session in api.get("/sessions").json()["items"]:
            api.delete(f"/sessions/{session['id']}").raise_for_status()
        for run in api.get("/runs", params={"limit": 100}).json()["items"]:
            if run["status"] not in {"finished", "failed", "stopped"}:
                self.server.ask(run["id"], "stop")
                self.server.wait_until_over(run["id"])


def put_ids(body: object, ids: dict[str, str]) -> object:
    """The body with these ids in place of those that the document shows."""
    if not isinstance(body, dict):
        return body
    return {
        name: ids[name]
        if name in ids and isinstance(value, str) and value not in {"best", "last"}
        else put_ids(value, ids)
        for name, value in body.items()
    }


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with serve(tmp_path_factory.mktemp("home"), PARALLEL_RUNS="3") as server:
        yield Scene(server)


@pytest.mark.parametrize(
    ("method", "path", "media_type", "body"),
    [
        pytest.param(method, path, kind, body, id=f"{method} {path} {name}")
        for method, path, kind, name, body in EXAMPLES
        if path != OF_A_WORKER
    ],
)
def test_an_example_succeeds(scene: Scene, method: str, path: str, media_type: str, body: object):
    ids, api = scene.prepare(path, body), scene.server.api
    address = path.removeprefix("/api").format(**ids)
    headers = {"Content-Type": media_type}
    if "/graph" in path:
        headers["If-Match"] = api.get(f"/models/{ids['model_id']}/graph").headers["ETag"]
    sent = body if isinstance(body, str) else orjson.dumps(put_ids(body, ids))
    answer = api.request(method, address, content=sent, headers=headers)
    assert answer.is_success, answer.text
    told = answer.json()
    assert not isinstance(told, dict) or told.get("ok") is not False, told
    scene.clear()


def test_what_a_worker_would_report_is_stored(client: TestClient, database: Database):
    run = open_run(database)
    (events,) = (body for _, path, _, _, body in EXAMPLES if path == OF_A_WORKER)
    answer = client.post(OF_A_WORKER.format(run_id=run.run_id), json=events, headers=run.headers)
    assert answer.json() == {"stored": 3}
