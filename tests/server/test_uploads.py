"""Uploads are written to the disk within limits, and nothing of them stays."""

import asyncio
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect
from starlette.types import Message

from server.app import create_app
from server.settings import Settings
from server.uploads import is_upload, receive_upload, remove_uploads

ADDRESS = "/api/models/import"


@pytest.fixture
def small(settings: Settings) -> Settings:
    """Settings under which a file may be larger than other bodies, but not by much."""
    return settings.model_copy(update={"max_body_bytes": 1024, "max_upload_bytes": 4096})


def make_scope(path: str, kind: bytes, method: str = "POST") -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, "headers": [(b"content-type", kind)]}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (make_scope(ADDRESS, b"application/octet-stream"), True),
        (make_scope(ADDRESS, b""), True),
        (make_scope("/api/models/x/weights/file", b"application/x-hdf5", "PUT"), True),
        (make_scope("/api/models/x/weights/dense/file", b"", "PUT"), True),
        (make_scope("/api/models/x/weights", b"application/octet-stream"), False),
        (make_scope("/api/models/x/weights/file", b"application/octet-stream"), False),
        (make_scope(ADDRESS, b"application/json; charset=utf-8"), False),
        (make_scope("/api/models", b"application/octet-stream"), False),
        (make_scope("/api/models/x/graph", b"", "PUT"), False),
        (make_scope(ADDRESS, b"", "GET"), False),
    ],
)
def test_only_files_for_routes_that_take_files_are_uploads(scope: dict[str, object], expected: bool):
    assert is_upload(scope) is expected


async def receive(settings: Settings, messages: list[Message]) -> tuple[Path, bytes]:
    async def next_message() -> Message:
        return messages.pop(0)

    request = Request(make_scope(ADDRESS, b""), next_message)
    async with receive_upload(request, settings) as path:
        return path, path.read_bytes()


def test_a_body_is_a_file_for_as_long_as_it_is_used(small: Settings):
    messages: list[Message] = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"cd", "more_body": False},
    ]
    path, content = asyncio.run(receive(small, messages))
    assert content == b"abcd"
    assert not path.exists()
    assert path.parent == small.home / "uploads"


def test_nothing_stays_where_the_sender_goes_away(small: Settings):
    with pytest.raises(ClientDisconnect):
        asyncio.run(
            receive(small, [{"type": "http.request", "body": b"ab", "more_body": True}, {"type": "http.disconnect"}])
        )
    assert list((small.home / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"x" * 5000, 413, "at most 4096 bytes"), (b"", 422, "empty")],
)
def test_too_large_and_empty_files_are_refused(small: Settings, content: bytes, status: int, words: str):
    with TestClient(create_app(small), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        response = client.post(ADDRESS, content=content, headers={"Content-Type": "application/octet-stream"})
    assert response.status_code == status
    assert words in response.json()["detail"]


def test_a_full_disk_is_said(small: Settings, client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=small.min_free_bytes))
    response = client.post(ADDRESS, content=b"x", headers={"Content-Type": "application/octet-stream"})
    assert response.status_code == 507
    assert "too little for this file" in response.json()["detail"]


def test_json_for_such_a_route_keeps_the_limit_of_all_others(small: Settings):
    with TestClient(create_app(small), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        response = client.post(ADDRESS, json={"template": "x" * 2000})
    assert response.status_code == 413


def test_a_file_for_a_route_that_takes_none_is_refused_before_it_is_held_in_memory(small: Settings):
    with TestClient(create_app(small), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        response = client.post(
            "/api/models/x/weights", content=b"x" * 2000, headers={"Content-Type": "application/octet-stream"}
        )
    assert response.status_code == 413


def test_a_starting_server_removes_what_a_killed_one_left(app: FastAPI, settings: Settings):
    for folder in (settings.uploads_folder, settings.scratch_folder):
        folder.mkdir(exist_ok=True)
        (folder / "left").write_bytes(b"x")
    remove_uploads(settings)
    assert not settings.uploads_folder.exists()
    assert not settings.scratch_folder.exists()
