"""Takes requests while the application is still being loaded, which is most of a start.

The health check is answered at once; everything else waits until the application is there.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.cannot_serve import CannotServeError
from server.health import HEALTH_PATH, describe_health
from server.security.middleware import SecurityMiddleware
from server.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


class EarlyApplication:
    """Stands in front of the application that `load` makes in another thread."""

    _loaded: asyncio.Future[ASGIApp]

    def __init__(self, settings: Settings, load: "Callable[[], FastAPI]"):
        self._load = load
        self._health = SecurityMiddleware(_answer_health, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._loaded = asyncio.get_running_loop().create_future()
            await self._live(receive, send)
        elif not self._loaded.done() and _is_health_check(scope):
            await self._health(scope, receive, send)
        else:
            app = await self.wait_until_loaded()
            await app(scope, receive, send)

    async def wait_until_loaded(self) -> ASGIApp:
        """The application, once it answers everything. Raises `CannotServeError` where it never will."""
        return await asyncio.shield(self._loaded)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        try:
            app = await asyncio.to_thread(self._load)
            async with app.router.lifespan_context(app):
                self._loaded.set_result(app)
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
        except CannotServeError as error:
            self._loaded.set_exception(error)
        finally:
            self._loaded.cancel()


def _is_health_check(scope: Scope) -> bool:
    wanted: tuple[str, str, str] = (scope["type"], scope.get("method", ""), scope["path"])
    return wanted == ("http", "GET", HEALTH_PATH)


async def _answer_health(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(orjson.dumps(describe_health()), media_type="application/json")(scope, receive, send)
