"""Takes the pieces of a file as they come: to the disk at once, never held in memory, on the disk before the answer."""

import asyncio
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from server.schemas.uploads import UploadPublic
from server.security.body_limit import read_length
from server.settings import Settings
from server.uploads import PIECE, refuse_full_disk
from server.uploads_store import UploadStore

OFFSET_HEADER = "Upload-Offset"

P = ParamSpec("P")
T = TypeVar("T")


class UploadReceiver:
    """Appends to uploads. Of one upload one request writes; a newer one takes over from it.

    A broken connection may look alive to the server for minutes, and its sender does not wait for so long.
    """

    def __init__(self, settings: Settings, store: UploadStore):
        self._settings = settings
        self._store = store
        self._writers: dict[str, asyncio.Task[UploadPublic]] = {}

    async def append(self, upload_id: str, offset: int, request: Request) -> UploadPublic:
        """Adds a request's body at `offset`.

        Raises:
            EngineError: `not_found`.
            HTTPException: 409 where the upload is at another offset, with that in the header; 413 where more comes than
                was announced, and none of it counts; 507 where the disk has no room.
            ClientDisconnect: the sender has gone; what came counts.
        """
        await self.stop(upload_id)
        writer = asyncio.get_running_loop().create_task(self._append(upload_id, offset, request))
        self._writers[upload_id] = writer
        try:
            await asyncio.wait({writer})
        except asyncio.CancelledError:
            writer.cancel()
            raise
        finally:
            if self._writers.get(upload_id) is writer:
                del self._writers[upload_id]
        if writer.cancelled():
            raise HTTPException(409, f"The upload {upload_id!r} goes on in another request.")
        return writer.result()

    async def stop(self, upload_id: str) -> None:
        """Ends the request that writes to an upload, where there is one; what came counts."""
        while (writer := self._writers.get(upload_id)) is not None:
            writer.cancel()
            await asyncio.wait({writer})
            if self._writers.get(upload_id) is writer:
                del self._writers[upload_id]

    async def _append(self, upload_id: str, offset: int, request: Request) -> UploadPublic:
        state = await run_in_threadpool(self._store.read, upload_id)
        if offset != state.offset:
            raise HTTPException(
                409,
                f"The upload {upload_id!r} has {state.offset} bytes; expected {OFFSET_HEADER}: {state.offset},"
                f" received {offset}.",
                {OFFSET_HEADER: str(state.offset)},
            )
        if not state.complete:
            _refuse_too_much(state, read_length(request.scope) or 0)
            await self._write_body(self._store.part(upload_id), state, request)
            state = await run_in_threadpool(self._store.read, upload_id)
        if state.offset == state.size and not state.complete:
            # Reading the whole file takes seconds, in which its sender may go away.
            state = await _undisturbed(self._store.complete, upload_id)
        return state

    async def _write_body(self, path: Path, state: UploadPublic, request: Request) -> None:
        file = await run_in_threadpool(path.open, "r+b")
        try:
            try:
                file.seek(state.offset)
                await self._write_stream(file, state, request)
            finally:
                # Also where the task is cancelled: whoever goes on asks for the offset, and finds all that came.
                await _undisturbed(_close, file)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            raise HTTPException(507, "The disk of the data folder is full; what came before counts.") from error

    async def _write_stream(self, file: BinaryIO, state: UploadPublic, request: Request) -> None:
        waiting, received = bytearray(), 0
        try:
            async for chunk in request.stream():
                received += len(chunk)
                if state.offset + received > state.size:
                    waiting.clear()
                    await _undisturbed(file.truncate, state.offset)
                    _refuse_too_much(state, received)
                waiting += chunk
                if len(waiting) >= PIECE:
                    refuse_full_disk(self._settings, len(waiting))
                    piece, waiting = bytes(waiting), bytearray()
                    await _undisturbed(file.write, piece)
        except (ClientDisconnect, asyncio.CancelledError):
            file.write(waiting)
            raise
        if waiting:
            refuse_full_disk(self._settings, len(waiting))
            await _undisturbed(file.write, bytes(waiting))


def _refuse_too_much(state: UploadPublic, length: int) -> None:
    if state.offset + length > state.size:
        raise HTTPException(
            413,
            f"{state.filename!r} was announced with {state.size} bytes and has {state.offset} already; expected at most"
            f" {state.size - state.offset} more, received {length}. Nothing of this request counts.",
        )


async def _undisturbed(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs in a thread, to the end also where the task is cancelled meanwhile: pieces must not overtake each other."""
    work = asyncio.ensure_future(run_in_threadpool(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def _close(file: BinaryIO) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    finally:
        file.close()
