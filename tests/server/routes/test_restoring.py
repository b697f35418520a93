"""A model that is taken back to a checkpoint of its run, and runs that are to start from one and may not."""

import hashlib
from pathlib import Path

import keras
import pytest
from fastapi.testclient import TestClient

from engine.graph.document import Graph
from engine.models.builder import build_model
from server.schemas.restoring import RestoreReceipt
from server.schemas.run import RunCreate
from server.schemas.weights import WeightsSource
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.runs import RunStore
from tests.server.live_server import DIGITS, make_config
from tests.server.open_runs import TOKEN, make_checkpoint, to_json

GRAPH = Graph.model_validate(DIGITS)
CONFIG = make_config(1)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A checkpoint of the model of `GRAPH`."""
    keras.utils.set_random_seed(3)
    path = tmp_path_factory.mktemp("checkpoint") / "model.keras"
    build_model(GRAPH).save(path)
    return path.read_bytes()


class TrainedScene:
    """A model, and a run of it whose worker has reported one checkpoint."""

    def __init__(self, client: TestClient, content: bytes):
        self.client = client
        created = client.post("/api/models", json={"name": "Digits", "graph": DIGITS}).json()
        self.model_id: str = created["id"]
        self.model = f"/api/models/{self.model_id}"
        new = RunCreate.model_validate({"model_id": self.model_id, "config": CONFIG})
        store = RunStore(client.app.state.database)  # type: ignore[attr-defined]
        self.run = store.create(new, store.read_graph(new))
        attempt = AttemptStore(client.app.state.database).begin(self.run.id, TOKEN)  # type: ignore[attr-defined]
        settings: Settings = client.app.state.settings  # type: ignore[attr-defined]
        self.file: Path = settings.runs_folder / self.run.id / attempt.attempt_id / "a.keras"
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(content)
        event = make_checkpoint(2, "a.keras", content, hashlib.sha256(content).hexdigest())
        headers = {"Authorization": f"Bearer {TOKEN}"}
        address = f"/api/runs/{self.run.id}"
        assert client.post(f"{address}/events", json=to_json([event]), headers=headers).json() == {"stored": 2}
        self.checkpoint_id: str = client.get(f"{address}/checkpoints").json()["items"][0]["id"]
        self.restore_address = f"{address}/checkpoints/{self.checkpoint_id}/restore"

    def restore(self) -> RestoreReceipt:
        answer = self.client.post(self.restore_address)
        assert answer.status_code == 200, answer.text
        return RestoreReceipt.model_validate_json(answer.content)

    def draw(self, units: int) -> None:
        """Gives the last layer of the draft other units."""
        changed = GRAPH.layers[-1].model_copy(update={"config": {"units": units}})
        graph = GRAPH.model_copy(update={"layers": [*GRAPH.layers[:-1], changed]})
        self.client.put(f"{self.model}/graph", json={"graph": graph.model_dump(mode="json")}).raise_for_status()

    def fork(self, **changes: object) -> dict[str, object]:
        """What a run that is to start from the checkpoint is answered."""
        start = {"run_id": self.run.id, "checkpoint_id": self.checkpoint_id}
        body = {"model_id": self.model_id, "config": CONFIG, "start": start, **changes}
        answer = self.client.post("/api/runs", json=body)
        problem: dict[str, object] = answer.json()
        return {**problem, "status": answer.status_code}


@pytest.fixture
def scene(keras_client: TestClient, content: bytes) -> TrainedScene:
    return TrainedScene(keras_client, content)


def test_a_restored_model_has_the_graph_and_the_weights_of_the_checkpoint(scene: TrainedScene):
    scene.draw(units=7)
    receipt = scene.restore()
    graph = scene.client.get(f"{scene.model}/graph").json()
    assert graph["graph"] == GRAPH.model_dump(mode="json")
    assert graph["hash"] == receipt.version.hash == receipt.model.hash
    assert receipt.version.message == "From run Digits #1, step 2"
    assert receipt.model.weights is not None
    assert receipt.model.weights.source == WeightsSource(
        kind="run", name="Digits #1", run_id=scene.run.id, checkpoint_id=scene.checkpoint_id, step=2
    )
    described = scene.client.get(f"{scene.model}/weights").json()
    assert (described["stored"], described["fits"]) == (True, True)
    assert not receipt.is_new_model


def test_a_draft_that_was_no_version_yet_is_saved_as_one_before(scene: TrainedScene):
    scene.draw(units=7)
    receipt = scene.restore()
    numbers = [version["number"] for version in scene.client.get(f"{scene.model}/versions").json()["items"]]
    assert numbers == [3, 2, 1]
    assert receipt.saved_draft is not None
    assert (receipt.saved_draft.number, receipt.version.number) == (2, 3)
    assert receipt.saved_draft.message == "Before going back to run Digits #1, step 2"


def test_restoring_twice_changes_nothing_more(scene: TrainedScene):
    first, second = scene.restore(), scene.restore()
    assert (first.version.number, first.saved_draft) == (1, None)
    assert second.version == first.version
    assert second.model.revision == first.model.revision


def test_where_the_model_was_deleted_there_is_a_new_one(scene: TrainedScene):
    scene.client.delete(scene.model).raise_for_status()
    receipt = scene.restore()
    assert receipt.is_new_model
    assert receipt.model.id != scene.model_id
    assert (receipt.model.name, receipt.model.versions) == ("Digits", 1)
    assert scene.client.get(f"/api/models/{receipt.model.id}/weights").json()["fits"] is True


def test_a_damaged_checkpoint_is_restored_by_nobody(scene: TrainedScene):
    before = scene.client.get(scene.model).json()
    scene.file.write_bytes(b"torn")
    assert scene.client.post(scene.restore_address).status_code == 409
    assert scene.fork()["status"] == 409
    assert scene.client.get(scene.model).json() == before


def test_a_fork_that_cannot_be_is_refused_and_nothing_is_stored(scene: TrainedScene):
    before = scene.client.get("/api/runs").json()["items"]
    missing = {"run_id": scene.run.id, "checkpoint_id": "none"}
    assert scene.fork(start=missing)["status"] == 404
    assert scene.fork(start={**missing, "run_id": "none"})["status"] == 404
    twice = scene.fork(config={**CONFIG, "weights": "0" * 64})
    assert (twice["status"], "either start or config.weights" in str(twice["detail"])) == (422, True)
    renamed = [layer.model_copy(update={"name": f"other_{layer.id}"}) for layer in GRAPH.layers]
    graph = GRAPH.model_copy(update={"layers": renamed}).model_dump(mode="json")
    stranger = scene.client.post("/api/models", json={"name": "Stranger", "graph": graph}).json()
    refused = scene.fork(model_id=stranger["id"])
    assert (refused["status"], refused["type"]) == (422, "/problems/weights-do-not-fit")
    assert scene.client.get("/api/runs").json()["items"] == before
