"""The files that a run's callbacks have written, through the API: listed, downloaded, and nothing besides them."""

import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from engine.training import callback_paths
from server import run_files
from server.settings import Settings
from server.storage.attempts import AttemptStore
from server.storage.database import Database
from tests.server.open_runs import OpenRun, open_run


class FileScene:
    """A run whose callbacks write files."""

    def __init__(self, client: TestClient, database: Database, settings: Settings):
        self.client = client
        self.run: OpenRun = open_run(database)
        self.address = f"/api/runs/{self.run.run_id}"
        self.runs_folder = settings.runs_folder
        self.folder = self.begin(self.run.attempt_id)

    def begin(self, attempt_id: str) -> Path:
        folder = self.runs_folder / self.run.run_id / attempt_id / "callbacks"
        folder.mkdir(parents=True)
        return folder

    def write(self, path: str, content: bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def list_paths(self) -> list[str]:
        return [one["path"] for one in self.client.get(f"{self.address}/files").json()["items"]]

    def open_archive(self, query: str = "") -> zipfile.ZipFile:
        answer = self.client.get(f"{self.address}/archive{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        return zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.fixture
def scene(client: TestClient, database: Database, settings: Settings) -> FileScene:
    return FileScene(client, database, settings)


def test_the_server_looks_where_the_engine_writes():
    assert run_files.FILES_FOLDER == callback_paths.FILES_FOLDER


def test_files_are_listed_with_their_sizes_and_downloaded_as_they_are(scene: FileScene):
    os.utime(scene.write("history of 1%.csv", b"epoch,loss\n"), (1_000_000_000, 1_000_000_000))
    scene.write("tb/train/events", b"\0" * 7)
    listed = scene.client.get(f"{scene.address}/files").json()
    assert [(one["path"], one["size"]) for one in listed["items"]] == [
        ("history of 1%.csv", 11),
        ("tb/train/events", 7),
    ]
    assert (listed["total"], listed["total_size"]) == (2, 18)
    first = listed["items"][0]
    assert datetime.fromisoformat(first["changed_at"]) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    answer = scene.client.get(first["url"])
    assert (answer.status_code, answer.content) == (200, b"epoch,loss\n")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "history of 1%25.csv" in answer.headers["content-disposition"].replace("%20", " ")
    assert answer.headers["etag"] != scene.client.get(listed["items"][1]["url"]).headers["etag"]


def test_an_archive_holds_all_files_or_those_of_one_folder(scene: FileScene):
    scene.write("history.csv", b"epoch,loss\n" * 1000)
    scene.write("tb/train/events", bytes(range(256)) * 4096)
    with scene.open_archive() as archive:
        assert archive.namelist() == ["history.csv", "tb/train/events"]
        assert archive.testzip() is None
        assert archive.read("tb/train/events") == bytes(range(256)) * 4096
    with scene.open_archive("?folder=tb/") as archive:
        assert archive.namelist() == ["train/events"]


def test_a_file_that_grows_is_sent_as_it_was_when_it_was_looked_at(scene: FileScene):
    path = scene.write("history.csv", b"1234")
    file = run_files.find_file("x", scene.folder, "history.csv")
    path.write_bytes(b"123456789")
    assert b"".join(run_files.read_file(file)) == b"1234"
    with zipfile.ZipFile(io.BytesIO(b"".join(run_files.zip_files([file])))) as archive:
        assert archive.read("history.csv") == b"1234"


def test_a_file_that_goes_while_an_archive_is_made_is_left_out(scene: FileScene):
    paths = [scene.write(name, b"content") for name in ("a", "b")]
    files = run_files.find_files_below("x", scene.folder, "")
    paths[0].unlink()
    with zipfile.ZipFile(io.BytesIO(b"".join(run_files.zip_files(files)))) as archive:
        assert archive.namelist() == ["b"]


def test_a_run_without_files_has_an_empty_list_and_no_archive(scene: FileScene):
    assert scene.client.get(f"{scene.address}/files").json()["items"] == []
    answer = scene.client.get(f"{scene.address}/archive")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    scene.folder.rmdir()
    assert scene.client.get(f"{scene.address}/files").json()["total"] == 0
    assert scene.client.get(f"{scene.address}/files/a.csv").status_code == 404


def test_the_files_are_those_of_the_newest_attempt_that_has_begun(scene: FileScene, database: Database):
    scene.write("history.csv", b"old")
    newest = AttemptStore(database).begin(scene.run.run_id, "token").attempt_id
    assert scene.list_paths() == ["history.csv"]
    scene.folder = scene.begin(newest)
    scene.write("other.csv", b"new")
    assert scene.list_paths() == ["other.csv"]


def test_a_list_that_is_too_long_tells_how_many_there_are(scene: FileScene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run_files, "MOST_LISTED", 3)
    for number in range(5):
        scene.write(f"{number}.keras", b"12")
    listed = scene.client.get(f"{scene.address}/files").json()
    assert ([one["path"][0] for one in listed["items"]], listed["total"], listed["total_size"]) == (
        ["0", "1", "2"],
        5,
        10,
    )


@pytest.mark.parametrize(
    "path",
    [
        "../worker.log",
        "%2e%2e/worker.log",
        "..%2fworker.log",
        "a/../../worker.log",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "link",
        "linked/secret",
        "pipe",
        "folder",
        "none",
        "%00",
        "%ff",
        "a" * 5000,
        "C:%5Cx",
    ],
)
def test_nothing_else_is_sent(scene: FileScene, tmp_path: Path, path: str):
    (scene.folder.parent / "worker.log").write_text("hidden words")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("hidden words")
    (scene.folder / "link").symlink_to(outside / "secret")
    (scene.folder / "linked").symlink_to(outside)
    (scene.folder / "folder").mkdir()
    os.mkfifo(scene.folder / "pipe")
    answer = scene.client.get(f"{scene.address}/files/{path}")
    assert answer.status_code in (404, 422), answer.text
    assert "hidden words" not in answer.text
    assert scene.list_paths() == []
    assert scene.client.get(f"{scene.address}/archive").status_code == 404
    assert scene.client.get(f"{scene.address}/archive", params={"folder": "linked"}).status_code == 404
    assert scene.client.get(f"{scene.address}/archive", params={"folder": ".."}).status_code == 404


def test_a_name_that_is_no_text_does_no_harm(scene: FileScene):
    scene.write("good", b"1")
    Path(os.fsdecode(os.fsencode(scene.folder) + b"/\xff")).write_bytes(b"1")
    assert scene.list_paths() == ["good"]
    with scene.open_archive() as archive:
        assert archive.namelist() == ["good"]


@pytest.mark.parametrize("what", ["files", "files/a.csv", "archive"])
def test_a_run_that_is_not_there_has_no_files(client: TestClient, what: str):
    answer = client.get(f"/api/runs/nope/{what}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
