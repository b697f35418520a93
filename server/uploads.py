"""Files that come in a request's body: written to the disk as they come, never held in memory, gone afterwards."""

import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Scope

from server.security.body_limit import read_length, say_too_large
from server.settings import Settings

JSON = b"application/json"
PIECE = 1024 * 1024
"""Bytes that are written at a time: each write is a trip to another thread."""

UPLOAD_PATHS = {
    "POST": re.compile(r"/api/models/import"),
    "PUT": re.compile(r"/api/models/[^/]+/weights/([^/]+/)?file"),
    "PATCH": re.compile(r"/api/uploads/[^/]+"),
}
"""The routes that take a file in their body, and no others: what is sent to those is held in memory, and so is JSON for
these, which therefore has the limit of all other routes."""


def is_upload(scope: Scope) -> bool:
    """Whether the request brings a file, for which `max_upload_bytes` is the limit."""
    if scope["type"] != "http" or is_json(scope):
        return False
    paths = UPLOAD_PATHS.get(scope["method"])
    return paths is not None and paths.fullmatch(scope["path"]) is not None


def is_json(scope: Scope) -> bool:
    """Whether the request says that its body is JSON."""
    kind: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return kind.split(b";")[0].strip().lower() == JSON


@asynccontextmanager
async def receive_upload(request: Request, settings: Settings) -> AsyncIterator[Path]:
    """The body as a file in the data folder, for as long as the block lasts.

    Raises:
        HTTPException: 413 for a body that is too large, 422 for an empty one, 507 where the disk has no room for it.
        ClientDisconnect: whoever sent it has gone.
    """
    folder = settings.uploads_folder
    await run_in_threadpool(folder.mkdir, parents=True, exist_ok=True)
    refuse_full_disk(settings, read_length(request.scope) or 0)
    descriptor, name = await run_in_threadpool(tempfile.mkstemp, dir=folder, prefix="upload-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            await _write_body(request, settings, file)
        yield path
    finally:
        await run_in_threadpool(path.unlink, missing_ok=True)


def remove_uploads(settings: Settings) -> None:
    """Removes what an earlier server, and its processes, left behind when they were killed."""
    for folder in (settings.uploads_folder, settings.scratch_folder):
        shutil.rmtree(folder, ignore_errors=True)


async def _write_body(request: Request, settings: Settings, file: BinaryIO) -> None:
    waiting, received = bytearray(), 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > settings.max_upload_bytes:
            raise HTTPException(413, say_too_large(settings.max_upload_bytes))
        waiting += chunk
        if len(waiting) >= PIECE:
            refuse_full_disk(settings, len(waiting))
            await run_in_threadpool(file.write, bytes(waiting))
            waiting.clear()
    if received == 0:
        raise HTTPException(422, "The body is empty; expected the content of a file.")
    await run_in_threadpool(file.write, bytes(waiting))


def refuse_full_disk(settings: Settings, size: int) -> None:
    """Raises `HTTPException` 507 where so many bytes more would leave less than `min_free_bytes` on the disk."""
    free = shutil.disk_usage(settings.home).free
    if free - size < settings.min_free_bytes:
        raise HTTPException(
            507,
            f"The disk of the data folder has {free // 2**20} MiB left, too little for this file; nothing was stored.",
        )
