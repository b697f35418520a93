"""What lies in the folders of the server that may be used is listed, and nothing else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server import data_folders
from server.app import create_app
from server.settings import Settings


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    folder = tmp_path / "allowed"
    (folder / "photos" / "猫").mkdir(parents=True)
    (folder / "Boxes.csv").write_text("a,b\n1,2\n")
    (folder / "arrays.npz").write_bytes(bytes(10))
    (folder / ".hidden").write_text("x")
    return folder


@pytest.fixture
def client(tmp_path: Path, allowed: Path) -> Iterator[TestClient]:
    settings = Settings(home=make_home(tmp_path), prepare_compiler=False, data_folders=[allowed, tmp_path / "gone"])
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def make_home(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir()
    return home


def ask(client: TestClient, path: object = None) -> dict[str, object]:
    answer = client.get("/api/data-folders", params={} if path is None else {"path": str(path)})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_the_allowed_folders_are_listed_where_they_are_there(client: TestClient, allowed: Path):
    entry = {"name": str(allowed), "path": str(allowed), "bytes": None}
    assert ask(client) == {"path": None, "parent": None, "entries": [entry], "left_out": 0}


def test_a_folder_lists_folders_and_then_files_by_their_names(client: TestClient, allowed: Path):
    listing = ask(client, allowed)
    assert listing["entries"] == [
        {"name": "photos", "path": str(allowed / "photos"), "bytes": None},
        {"name": "arrays.npz", "path": str(allowed / "arrays.npz"), "bytes": 10},
        {"name": "Boxes.csv", "path": str(allowed / "Boxes.csv"), "bytes": 8},
    ]
    assert (listing["path"], listing["parent"]) == (str(allowed), None)


def test_a_folder_inside_names_the_one_above(client: TestClient, allowed: Path):
    listing = ask(client, allowed / "photos")
    assert listing["parent"] == str(allowed)
    assert listing["entries"] == [{"name": "猫", "path": str(allowed / "photos" / "猫"), "bytes": None}]


def test_what_is_listed_can_be_looked_at(client: TestClient, allowed: Path):
    (allowed / "points.csv").write_text("x,label\n" + "1.5,a\n2.5,b\n" * 20)
    (path,) = [one["path"] for one in client.get("/api/data-folders", params={"path": str(allowed)}).json()["entries"]
               if one["name"] == "points.csv"]  # fmt: skip
    seen = client.post("/api/datasets/inspect", json={"files": [{"path": path}]})
    assert (seen.status_code, seen.json()["definition"]["kind"]) == (200, "table")


def test_links_that_lead_out_and_pipes_are_not_listed(client: TestClient, allowed: Path, tmp_path: Path):
    (tmp_path / "secret.csv").write_text("secret")
    (allowed / "link.csv").symlink_to(tmp_path / "secret.csv")
    (allowed / "out").symlink_to(tmp_path)
    (allowed / "loop").symlink_to(allowed / "loop")
    os.mkfifo(allowed / "pipe")
    (allowed / os.fsdecode(b"\xff.csv")).write_text("no Unicode")
    entries = ask(client, allowed)["entries"]
    assert isinstance(entries, list)
    assert [one["name"] for one in entries] == ["photos", "arrays.npz", "Boxes.csv", "?.csv"]


@pytest.mark.parametrize("path", ["/", "/etc", "../", "{allowed}/..", "{allowed}/../home", "{allowed}/nothing", "\0"])
def test_no_other_folder_is_listed(client: TestClient, allowed: Path, path: str):
    answer = client.get("/api/data-folders", params={"path": path.format(allowed=allowed)})
    assert answer.status_code == 403, answer.text
    assert "expected one inside" in answer.json()["detail"]


def test_a_file_is_no_folder(client: TestClient, allowed: Path):
    answer = client.get("/api/data-folders", params={"path": str(allowed / "Boxes.csv")})
    assert answer.status_code == 404, answer.text


def test_of_a_folder_with_very_many_files_the_first_are_listed(
    client: TestClient, allowed: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(data_folders, "MOST_ENTRIES", 2)
    listing = ask(client, allowed)
    entries = listing["entries"]
    assert isinstance(entries, list)
    assert ([one["name"] for one in entries], listing["left_out"]) == (["photos", "arrays.npz"], 1)


def test_nothing_is_listed_where_nothing_is_allowed(tmp_path: Path):
    settings = Settings(home=make_home(tmp_path), prepare_compiler=False)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert ask(client)["entries"] == []
        assert client.get("/api/data-folders", params={"path": str(tmp_path)}).status_code == 403
