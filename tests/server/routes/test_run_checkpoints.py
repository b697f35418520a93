"""A run's checkpoint files through the API: listed, compared with their hashes, downloaded."""

import hashlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.settings import Settings
from server.storage.database import Database
from tests.server.open_runs import OpenRun, make_checkpoint, open_run, to_json


class CheckpointScene:
    """A run whose worker reports checkpoints."""

    def __init__(self, client: TestClient, run: OpenRun, settings: Settings):
        self.client = client
        self.run = run
        self.address = f"/api/runs/{run.run_id}"
        self.folder: Path = settings.runs_folder / run.run_id / run.attempt_id
        self.folder.mkdir(parents=True)
        self.seq = 1

    def report(self, path: str, content: bytes, *, step: int = 2, position: int | None = None) -> None:
        self.seq += 1
        digest = hashlib.sha256(content).hexdigest()
        event = make_checkpoint(self.seq, path, content, digest, step=step, position=position)
        posted = self.client.post(f"{self.address}/events", json=to_json([event]), headers=self.run.headers)
        assert posted.json() == {"stored": self.seq}

    def save(self, path: str, content: bytes, *, step: int = 2, position: int | None = None) -> Path:
        """Writes and reports a checkpoint."""
        file = self.folder / path
        file.write_bytes(content)
        self.report(path, content, step=step, position=position)
        return file

    def list(self) -> list[dict[str, object]]:
        items: list[dict[str, object]] = self.client.get(f"{self.address}/checkpoints").json()["items"]
        return items


@pytest.fixture
def scene(client: TestClient, database: Database, settings: Settings) -> CheckpointScene:
    return CheckpointScene(client, open_run(database), settings)


def test_a_checkpoint_is_downloaded_as_it_was_saved(scene: CheckpointScene):
    scene.save("epoch-0001.keras", b"weights", position=2)
    (listed,) = scene.list()
    answer = scene.client.get(str(listed["url"]))
    assert (answer.status_code, answer.content) == (200, b"weights")
    assert answer.headers["etag"] == f'"{listed["sha256"]}"'
    assert "epoch-0001.keras" in answer.headers["content-disposition"]
    assert listed | {"id": "", "url": ""} == {
        "id": "",
        "run_id": scene.run.run_id,
        "fold": None,
        "epoch": 0,
        "step": 2,
        "size": 7,
        "sha256": hashlib.sha256(b"weights").hexdigest(),
        "logs": {"loss": 0.5},
        "cause": "interval",
        "position": 2,
        "is_whole": True,
        "can_resume": True,
        "url": "",
        "created_at": "2026-01-31T12:00:00Z",
    }


def test_a_checkpoint_without_a_position_or_with_damage_cannot_be_gone_on_from(scene: CheckpointScene):
    scene.save("a.keras", b"weights", step=1)
    damaged = scene.save("b.keras", b"weights", step=2, position=2)
    scene.save("c.keras", b"weights", step=3, position=3)
    assert [(one["step"], one["is_whole"], one["can_resume"]) for one in scene.list()] == [
        (3, True, True),
        (2, True, True),
        (1, True, False),
    ]
    damaged.write_bytes(b"Weights")
    assert [(one["is_whole"], one["can_resume"]) for one in scene.list()] == [
        (True, True),
        (False, False),
        (True, False),
    ]


def test_a_checkpoint_that_is_written_again_keeps_its_id(scene: CheckpointScene):
    scene.save("a.keras", b"weights")
    scene.save("b.keras", b"weights", step=3)
    before = {one["step"]: one["id"] for one in scene.list()}
    scene.save("a.keras", b"Weights", step=2)
    assert {one["step"]: one["id"] for one in scene.list()} == before
    assert scene.client.get(str(scene.list()[-1]["url"])).content == b"Weights"


def test_a_damaged_checkpoint_is_refused_and_one_that_is_gone_is_not_listed(scene: CheckpointScene):
    file = scene.save("epoch-0001.keras", b"weights")
    url = str(scene.list()[0]["url"])
    file.write_bytes(b"wei")
    damaged = scene.client.get(url)
    file.unlink()
    gone = scene.client.get(url)
    assert (damaged.status_code, gone.status_code, scene.list()) == (409, 404, [])
    assert "There is no whole checkpoint before it." in damaged.json()["detail"]


def test_for_a_damaged_checkpoint_the_newest_whole_one_before_it_is_offered(scene: CheckpointScene):
    whole = ("a.keras", "b.keras")
    for step, name in enumerate((*whole, "c.keras", "d.keras"), start=1):
        file = scene.save(name, name.encode(), step=step)
        if name not in whole:
            file.write_bytes(b"torn")
    scene.save("e.keras", b"newer and whole", step=5)
    _, newest_damaged, _, offered, _ = scene.list()
    answer = scene.client.get(str(newest_damaged["url"]))
    assert answer.status_code == 409
    assert (
        f"The newest whole checkpoint before it is '{offered['id']}', of epoch 1 after step 2."
        in (answer.json()["detail"])
    )


@pytest.mark.parametrize("path", ["../../../secret", "/etc/passwd", "link"])
def test_a_checkpoints_path_cannot_lead_out_of_its_run(
    scene: CheckpointScene, settings: Settings, database: Database, path: str
):
    secret = settings.runs_folder / "secret"
    secret.write_bytes(b"secret")
    (scene.folder / "link").symlink_to(secret)
    scene.report(path, b"secret")
    with database.read() as connection:
        (checkpoint_id,) = connection.exec_driver_sql("SELECT id FROM checkpoints").scalars()
    answer = scene.client.get(f"{scene.address}/checkpoints/{checkpoint_id}/file")
    assert (answer.status_code, b"secret" in answer.content.replace(b"/secret", b"")) == (404, False)


def test_checkpoints_of_nothing_are_said_to_be_missing(client: TestClient, scene: CheckpointScene):
    assert client.get("/api/runs/none/checkpoints").status_code == 404
    assert client.post(f"{scene.address}/checkpoints/none/restore").status_code == 404
    assert client.post("/api/runs/none/checkpoints/none/restore").status_code == 404
