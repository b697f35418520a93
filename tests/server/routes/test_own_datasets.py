"""Files become data sets over the API: looked at, made, shown, trained on, deleted."""

import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.server.own_data import begin, make_dataset, make_points, pack_npz, upload, wait_for, wait_until_over

MANY_ROWS = b"1.5,2.5,a\n3.5,4.5,b\n" * 600_000
"""So many that preparing them takes long enough to be broken off."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own-home")


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("allowed")


@pytest.fixture(scope="module")
def client(home: Path, allowed: Path) -> Iterator[TestClient]:
    settings = Settings(home=home, prepare_compiler=False, data_folders=[allowed])
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def list_made(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "data" / "making").glob("*"))


def test_files_are_looked_at_made_shown_and_deleted(client: TestClient, home: Path):
    sent = upload(client, "points.npz", pack_npz(**make_points()), piece=300)
    seen = client.post("/api/datasets/inspect", json={"files": [{"upload": sent["id"]}]}).json()
    assert seen["definition"]["kind"] == "arrays"
    assert seen["samples"] == 40
    body = {"name": "points", "title": "Точки", "files": [{"upload": sent["id"]}], "definition": seen["definition"]}
    begun = client.post("/api/datasets", json=body)
    assert begun.status_code == 202
    assert begun.headers["Location"] == f"/api/datasets/jobs/{begun.json()['id']}"
    job = wait_until_over(client, begun.json()["id"])
    assert (job["state"], job["progress"], job["dataset"]) == ("finished", 1.0, "points"), job
    assert client.get("/api/datasets/jobs").json()[0] == job
    assert list_made(home) == []

    assert client.get("/api/datasets").json()[0]["name"] == "points"
    preview = client.get("/api/datasets/points?rows=3").json()
    assert len(preview["rows"]) == 3
    assert preview["class_counts"] == [20, 20]
    manifest = client.get("/api/datasets/points/manifest").json()
    assert manifest["title"] == "Точки"
    assert manifest["files"] == [{"name": "points.npz", "sha256": sent["sha256"], "size": sent["size"]}]

    again = begin(client, [{"sha256": sent["sha256"], "name": "points.npz"}], "points-again")
    assert wait_until_over(client, again.json()["id"])["state"] == "finished"
    place = home / "data" / "files" / str(sent["sha256"])
    assert client.delete("/api/datasets/points").status_code == 204
    assert place.exists()
    assert client.delete("/api/datasets/points-again").status_code == 204
    assert not place.exists()
    assert client.get("/api/datasets/points").status_code == 404


def test_a_name_is_given_once(client: TestClient):
    assert make_dataset(client, "twice")["state"] == "finished"
    sent = upload(client, "a.npz", pack_npz(**make_points()))
    for name in ("twice", "iris", "jobs", "inspect"):
        response = begin(client, [{"upload": sent["id"]}], name)
        assert response.status_code == 409, response.text
        assert f"There is a data set named '{name}' already" in response.json()["detail"]


@pytest.mark.parametrize("name", ["../x", "A", "", "x y", "ü", "x" * 64, "a/b", None, 3])
def test_names_that_would_need_escaping_are_refused(client: TestClient, name: object):
    body = {"name": name, "title": "x", "files": [{"sha256": "0" * 64, "name": "a"}], "definition": {"kind": "table"}}
    assert client.post("/api/datasets", json=body).status_code == 422


def test_a_job_that_fails_says_why_and_leaves_nothing(client: TestClient, home: Path):
    sent = upload(client, "broken.npz", pack_npz(**make_points())[:-40])
    job = wait_until_over(client, begin(client, [{"upload": sent["id"]}], "broken").json()["id"])
    assert job["state"] == "failed"
    assert "broken.npz" in job["reason"]
    assert job["issues"]
    assert job["dataset"] is None
    assert list_made(home) == []
    assert client.get("/api/datasets/broken").status_code == 404
    # The file is still there, for another try.
    assert client.get(f"/api/uploads/{sent['id']}").json()["complete"]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([], 422),
        ([{"upload": "0" * 32}], 404),
        ([{"upload": "../../x"}], 422),
        ([{"sha256": "0" * 64, "name": "a"}], 404),
        ([{"sha256": "../../../etc/passwd", "name": "a"}], 422),
        ([{"sha256": "0" * 64, "name": "../a"}], 422),
        ([{"path": "/etc/passwd"}], 403),
        ([{"path": ""}], 422),
        ([{"path": "a\0b"}], 403),
        ([{"path": "x" * 4000}], 403),
        ([{"upload": "0" * 32, "path": "/"}], 422),
        ([{"sha256": "0" * 64, "name": "a"}] * 101, 422),
    ],
)
def test_files_that_are_none_are_refused(client: TestClient, files: list[dict[str, str]], status: int):
    for response in (begin(client, files, "none"), client.post("/api/datasets/inspect", json={"files": files})):
        assert response.status_code == status, response.text
        assert response.json()["detail"]


def test_half_a_file_is_not_looked_at(client: TestClient):
    begun = client.post("/api/uploads", json={"filename": "half.csv", "size": 10}).json()
    response = client.post("/api/datasets/inspect", json={"files": [{"upload": begun["id"]}]})
    assert response.status_code == 409
    assert "Only 0 of 10 bytes of 'half.csv' have come" in response.json()["detail"]


def test_what_is_nothing_known_is_refused_by_name(client: TestClient):
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("../../outside.txt", "x")
    for content in (bomb.getvalue(), bytes(range(256)) * 8, b"\x00"):
        sent = upload(client, "strange.bin", content)
        response = client.post("/api/datasets/inspect", json={"files": [{"upload": sent["id"]}]})
        assert response.status_code == 422, response.text
        assert "strange.bin" in response.text


def test_a_file_of_an_allowed_folder_is_read_where_it_lies(client: TestClient, allowed: Path):
    path = allowed / "точки.npz"
    path.write_bytes(pack_npz(**make_points()))
    job = wait_until_over(client, begin(client, [{"path": str(path)}], "in-place").json()["id"])
    assert job["state"] == "finished", job
    assert client.get("/api/datasets/in-place/manifest").json()["files"] == [{"path": str(path)}]
    assert client.delete("/api/datasets/in-place").status_code == 204
    assert path.exists()


def test_no_way_leads_out_of_an_allowed_folder(client: TestClient, allowed: Path, tmp_path: Path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (allowed / "link.csv").symlink_to(tmp_path / "secret.csv")
    (allowed / "folder").symlink_to(tmp_path)
    os.mkfifo(allowed / "pipe")
    for path in ("link.csv", "folder/secret.csv", f"../{tmp_path.name}/secret.csv", "pipe", "nothing"):
        response = begin(client, [{"path": f"{allowed}/{path}"}], "secret", "table")
        assert response.status_code == 403, (path, response.text)


def test_a_job_is_broken_off_with_its_process(client: TestClient, home: Path):
    sent = upload(client, "many.csv", b"a,b,c\n" + MANY_ROWS)
    first = begin(client, [{"upload": sent["id"]}], "many", "table").json()
    second = begin(client, [{"upload": sent["id"]}], "more", "table").json()
    assert begin(client, [{"upload": sent["id"]}], "many", "table").status_code == 409
    wait_for(client, first["id"], lambda job: 0 < job["progress"] < 1)
    working = list_made(home)
    assert len(working) == 1
    assert client.get(f"/api/datasets/jobs/{second['id']}").json()["state"] == "waiting"
    for job in (second, first):
        answer = client.delete(f"/api/datasets/jobs/{job['id']}")
        assert answer.status_code == 200
        assert answer.json()["state"] == "cancelled"
    assert list_made(home) == []
    assert not [one for one in psutil.Process().children(recursive=True) if working[0] in " ".join(open_files(one))]
    assert client.get("/api/datasets/many").status_code == 404
    assert client.get("/api/datasets/jobs/nothing").status_code == 404
    # The name and the file can be used again.
    assert client.get(f"/api/uploads/{sent['id']}").status_code == 200


def open_files(process: psutil.Process) -> list[str]:
    try:
        return [file.path for file in process.open_files()]
    except psutil.Error:
        return []


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("max_data_bytes", len(MANY_ROWS) + 4_000_000),
        ("data_memory_bytes", 1024),
        ("data_timeout_s", 0.01),
        ("data_silence_s", 0.01),
    ],
)
def test_a_limit_ends_a_job_and_is_named(tmp_path: Path, limit: str, value: float):
    settings = Settings(home=tmp_path, prepare_compiler=False).model_copy(update={limit: value})
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        sent = upload(client, "many.csv", b"a,b,c\n" + MANY_ROWS)
        job = wait_until_over(client, begin(client, [{"upload": sent["id"]}], "many", "table").json()["id"])
        assert job["state"] == "failed"
        assert f"LAYERLOOM_{limit.upper()}" in job["reason"]
        assert list_made(settings.home) == []
        # Nobody else has noticed.
        assert client.get("/api/datasets/iris").status_code == 200


def test_a_built_in_data_set_is_not_deleted(client: TestClient):
    for what in ("", "/manifest"):
        method = client.get if what else client.delete
        response = method(f"/api/datasets/iris{what}")
        assert response.status_code == 404
        assert "no data set of your own named 'iris'" in response.json()["detail"]
