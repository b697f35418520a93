"""Files come in pieces, and go on where they were."""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message

from engine.data.library.store import LibraryStore
from server.app import create_app
from server.schemas.uploads import UploadCreate
from server.settings import Settings
from server.uploads_receiving import UploadReceiver
from server.uploads_store import UploadStore
from tests.server.own_data import OCTETS, send_piece, upload


def list_files(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.data_folder.rglob("*") if path.is_file())


@given(content=st.binary(min_size=1, max_size=2000), cuts=st.lists(st.integers(0, 2000), max_size=5))
@budget(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_pieces_are_the_file_is_the_same(
    client: TestClient, settings: Settings, content: bytes, cuts: list[int]
):
    begun = client.post("/api/uploads", json={"filename": "a", "size": len(content)}).json()
    offset, state = 0, begun
    for end in [*sorted(min(cut, len(content)) for cut in cuts), len(content)]:
        state = send_piece(client, begun["id"], offset, content[offset:end]).json()
        assert state["offset"] == end
        offset = end
    assert state["complete"]
    assert state["sha256"] == hashlib.sha256(content).hexdigest()
    assert (settings.data_folder / "files" / state["sha256"]).read_bytes() == content


def test_a_wrong_offset_answers_the_right_one(client: TestClient):
    begun = client.post("/api/uploads", json={"filename": "a", "size": 9}).json()
    send_piece(client, begun["id"], 0, b"abc")
    for wrong in (0, 2, 4, 9):
        response = send_piece(client, begun["id"], wrong, b"x")
        assert response.status_code == 409
        assert response.headers["Upload-Offset"] == "3"
        assert "expected Upload-Offset: 3" in response.json()["detail"]
    assert client.get(f"/api/uploads/{begun['id']}").json()["offset"] == 3


@pytest.mark.parametrize("offset", ["-1", "x", "1.5", "", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(client: TestClient, offset: str):
    begun = client.post("/api/uploads", json={"filename": "a", "size": 9}).json()
    headers = {"Content-Type": OCTETS, "Upload-Offset": offset}
    assert client.patch(f"/api/uploads/{begun['id']}", content=b"x", headers=headers).status_code == 422
    assert client.patch(f"/api/uploads/{begun['id']}", content=b"x", headers={}).status_code == 422


def test_more_than_was_announced_is_refused_and_none_of_it_counts(client: TestClient):
    begun = client.post("/api/uploads", json={"filename": "a", "size": 4}).json()
    send_piece(client, begun["id"], 0, b"ab")
    response = send_piece(client, begun["id"], 2, b"cde")
    assert response.status_code == 413
    assert "announced with 4 bytes" in response.json()["detail"]
    assert send_piece(client, begun["id"], 2, b"cd").json()["complete"]


def test_a_stream_of_no_announced_length_is_cut_off_where_the_file_ends(client: TestClient, settings: Settings):
    begun = client.post("/api/uploads", json={"filename": "a", "size": 3_000_000}).json()
    send_piece(client, begun["id"], 0, b"ab")
    pieces = (b"x" * 700_000 for _ in range(5))
    headers = {"Content-Type": OCTETS, "Upload-Offset": "2"}
    assert client.patch(f"/api/uploads/{begun['id']}", content=pieces, headers=headers).status_code == 413
    assert client.get(f"/api/uploads/{begun['id']}").json()["offset"] == 2


@pytest.mark.parametrize(
    "name",
    ["../x", "a/b", "a\\b", "..", ".", " ", "", "a\0b", "a\nb", "\u202efdp.exe", "x" * 256, "я" * 200, 7, None],
)
def test_names_that_are_no_plain_file_names_are_refused(client: TestClient, name: object):
    response = client.post("/api/uploads", json={"filename": name, "size": 3})
    assert response.status_code == 422, response.text


def test_a_lone_surrogate_in_a_name_is_refused(client: TestClient):
    body = b'{"filename": "a\\ud800", "size": 3}'
    response = client.post("/api/uploads", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["данные.csv", "データ.npz", "بيانات.zip", "a b'c\";--.csv", "…", "-rf", "🐈.png"])
def test_names_in_any_script_come_back_as_they_were(client: TestClient, settings: Settings, name: str):
    assert upload(client, name, b"abc")["filename"] == name
    assert all(path.name.isascii() for path in list_files(settings))


@pytest.mark.parametrize("size", [0, -1, 1.5, "3", None, 2**60, True])
def test_sizes_that_are_none_are_refused(client: TestClient, size: object):
    assert client.post("/api/uploads", json={"filename": "a", "size": size}).status_code == 422


@pytest.mark.parametrize("upload_id", ["x", "..%2f..%2fx", "0" * 32, "%00", "a" * 101])
def test_an_upload_that_is_not_there_is_not_found(client: TestClient, upload_id: str):
    for response in (
        client.get(f"/api/uploads/{upload_id}"),
        client.delete(f"/api/uploads/{upload_id}"),
        send_piece(client, upload_id, 0, b"x"),
    ):
        assert response.status_code in {404, 422}, response.text


def test_equal_files_are_stored_once_and_stay_while_one_upload_names_them(client: TestClient, settings: Settings):
    first, second = upload(client, "a", b"same"), upload(client, "b", b"same", piece=1)
    place = settings.data_folder / "files" / str(first["sha256"])
    assert first["sha256"] == second["sha256"]
    assert [path for path in list_files(settings) if path.suffix != ".json"] == [place]
    client.delete(f"/api/uploads/{first['id']}")
    assert place.read_bytes() == b"same"
    client.delete(f"/api/uploads/{second['id']}")
    assert list_files(settings) == []


def test_limits_are_named(settings: Settings):
    small = settings.model_copy(update={"max_upload_bytes": 4096, "max_data_bytes": 6000})
    with TestClient(create_app(small), base_url="http://127.0.0.1") as client:
        large = client.post("/api/uploads", json={"filename": "a", "size": 4097})
        assert large.status_code == 413
        assert "expected at most 4096 (LAYERLOOM_MAX_UPLOAD_BYTES)" in large.json()["detail"]
        assert client.post("/api/uploads", json={"filename": "a", "size": 4000}).status_code == 201
        full = client.post("/api/uploads", json={"filename": "b", "size": 4000})
        assert full.status_code == 507
        assert "LAYERLOOM_MAX_DATA_BYTES" in full.json()["detail"]


def test_a_full_disk_is_said_before_and_during_an_upload(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    begun = client.post("/api/uploads", json={"filename": "a", "size": 5}).json()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=settings.min_free_bytes))
    assert client.post("/api/uploads", json={"filename": "a", "size": 5}).status_code == 507
    response = send_piece(client, begun["id"], 0, b"abcde")
    assert response.status_code == 507
    assert "too little for this file" in response.json()["detail"]
    monkeypatch.undo()
    assert send_piece(client, begun["id"], 0, b"abcde").json()["complete"]


def test_an_upload_goes_on_after_a_restart_of_the_server(app: FastAPI, settings: Settings):
    with TestClient(app, base_url="http://127.0.0.1") as client:
        begun = client.post("/api/uploads", json={"filename": "a", "size": 6}).json()
        send_piece(client, begun["id"], 0, b"abc")
        whole = upload(client, "b", b"whole")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get(f"/api/uploads/{begun['id']}").json()["offset"] == 3
        assert client.get(f"/api/uploads/{whole['id']}").json() == whole
        assert send_piece(client, begun["id"], 3, b"def").json()["complete"]


def test_a_server_killed_between_hash_and_move_finishes_when_it_starts(client: TestClient, settings: Settings):
    whole = upload(client, "a", b"abc")
    place = settings.data_folder / "files" / str(whole["sha256"])
    place.rename(settings.data_folder / "uploads" / f"{whole['id']}.part")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as again:
        assert again.get(f"/api/uploads/{whole['id']}").json()["complete"]
    assert place.read_bytes() == b"abc"


def test_what_nobody_goes_on_with_is_removed_after_its_time(client: TestClient, settings: Settings):
    old = client.post("/api/uploads", json={"filename": "a", "size": 6}).json()
    new = client.post("/api/uploads", json={"filename": "b", "size": 6}).json()
    (settings.data_folder / "uploads" / "stray.part").touch()
    long_ago = time.time() - 3600 * (settings.keep_uploads_hours + 1)
    os.utime(settings.data_folder / "uploads" / f"{old['id']}.part", (long_ago, long_ago))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as again:
        assert again.get(f"/api/uploads/{old['id']}").status_code == 404
        assert again.get(f"/api/uploads/{new['id']}").status_code == 200
    assert not (settings.data_folder / "uploads" / "stray.part").exists()


class Body:
    """A request whose body comes when the test says so."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[Message] = asyncio.Queue()

    def send(self, body: bytes, *, more: bool = True) -> None:
        self.messages.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def make_request(self) -> Request:
        return Request({"type": "http", "method": "PATCH", "headers": []}, self.messages.get)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the disk tells of no event
            await asyncio.sleep(0.001)


@pytest.fixture
def store(settings: Settings) -> UploadStore:
    return UploadStore(settings, LibraryStore(settings.data_folder))


def test_what_came_before_the_connection_broke_counts(store: UploadStore, settings: Settings):
    async def run() -> None:
        receiver, body = UploadReceiver(settings, store), Body()
        upload_id = store.create(UploadCreate(filename="a", size=10)).id
        body.send(b"abcd")
        body.messages.put_nowait({"type": "http.disconnect"})
        with pytest.raises(ClientDisconnect):
            await receiver.append(upload_id, 0, body.make_request())
        assert store.read(upload_id).offset == 4

    asyncio.run(run())


def test_a_newer_request_goes_on_where_an_older_one_hangs(store: UploadStore, settings: Settings):
    async def run() -> None:
        receiver, hanging, newer = UploadReceiver(settings, store), Body(), Body()
        upload_id = store.create(UploadCreate(filename="a", size=2_000_004)).id
        first = asyncio.create_task(receiver.append(upload_id, 0, hanging.make_request()))
        hanging.send(b"x" * 2_000_000)
        await until(lambda: store.read(upload_id).offset == 2_000_000)
        hanging.send(b"ab")
        await until(hanging.messages.empty)
        newer.send(b"cd", more=False)
        state = await receiver.append(upload_id, 2_000_002, newer.make_request())
        assert state.complete
        with pytest.raises(HTTPException, match="goes on in another request"):
            await first

    asyncio.run(run())
    assert next((settings.data_folder / "files").iterdir()).read_bytes()[-5:] == b"xabcd"
