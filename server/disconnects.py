"""Work that is given up when the one who asked for it goes away."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

Answer = TypeVar("Answer")


async def work_while_connected(request: Request, work: Coroutine[object, object, Answer]) -> Answer:
    """The answer of the work. For a request without a body, or whose body was read.

    Raises `ClientDisconnect` where the client goes away first; the work is then cancelled.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_wait_for_end(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _wait_for_end(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
