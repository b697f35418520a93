"""Folders of texts over the API: looked at, refused with file and byte, made, and shown as texts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.engine.data.library.image_files import write_folder, write_zip
from tests.server.own_data import begin, upload, wait_until_over

FILMS = {
    f"films/{part}/{label}/{number}.txt": f"{word} film, number {number}, {part}".encode()
    for part, count in (("train", 8), ("test", 3))
    for label, word in (("neg", "dull"), ("pos", "schön"))
    for number in range(count)
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the server that may be used in place."""
    return tmp_path_factory.mktemp("allowed")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), prepare_compiler=False, data_folders=[folder])
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def test_a_zip_of_texts_becomes_a_data_set_that_is_shown_as_texts(client: TestClient, tmp_path: Path):
    sent = upload(client, "films.zip", write_zip(tmp_path / "films.zip", FILMS).path.read_bytes())
    seen = client.post("/api/datasets/inspect", json={"files": [{"upload": sent["id"]}]}).json()
    assert (seen["definition"]["kind"], seen["samples"]) == ("texts", 16)
    job = wait_until_over(client, begin(client, [{"upload": sent["id"]}], "films", "texts").json()["id"])
    assert job["state"] == "finished", job

    preview = client.get("/api/datasets/films").json()
    assert preview["has_test_part"] is True
    assert preview["inputs"] == [{"name": "text", "shape": [], "dtype": "string", "classes": None}]
    assert all(("schön" in row["text"]) == (row["label"] == 1) for row in preview["rows"])
    (statistics,) = preview["text_statistics"]
    assert (statistics["array"], statistics["unique"], statistics["empty"]) == ("text", 16, 0)
    assert statistics["longest"] == len("schön film, number 7, train")
    assert [one["array"] for one in preview["statistics"]] == ["label"]


def test_a_folder_on_the_server_is_read_in_place(client: TestClient, folder: Path):
    path = write_folder(folder / "films", FILMS).path
    seen = client.post("/api/datasets/inspect", json={"files": [{"path": str(path)}]}).json()
    assert (seen["definition"]["kind"], seen["samples"]) == ("texts", 16)


def test_a_file_in_another_encoding_than_was_said_is_named_with_its_byte(client: TestClient, tmp_path: Path):
    odd = {"films/train/pos/odd.txt": "schön".encode("cp1252")}
    sent = upload(client, "odd.zip", write_zip(tmp_path / "odd.zip", {**FILMS, **odd}).path.read_bytes())
    definition = {"kind": "texts", "options": {"encoding": "utf-8"}}
    body = {"name": "odd", "title": "Odd", "files": [{"upload": sent["id"]}], "definition": definition}
    job = wait_until_over(client, client.post("/api/datasets", json=body).json()["id"])
    assert job["state"] == "failed"
    assert job["issues"][0]["code"] == "wrong_encoding"
    assert "'films/train/pos/odd.txt', byte 3: expected text in utf-8, received f6" in job["issues"][0]["message"]
