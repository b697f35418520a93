"""What is answered while the application is still being loaded."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from server.app import create_app
from server.cannot_serve import CannotServeError
from server.early import EarlyApplication
from server.settings import Settings

TIMEOUT_S = 20
Test = Callable[[httpx.AsyncClient, EarlyApplication], Awaitable[None]]


@asynccontextmanager
async def living(early: EarlyApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, which lives as a server lets it live."""
    messages: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    started = asyncio.Event()

    async def send(message: object) -> None:
        started.set()

    await messages.put({"type": "lifespan.startup"})
    life = asyncio.create_task(early({"type": "lifespan"}, messages.get, send))
    await started.wait()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(early), base_url="http://127.0.0.1") as client:
        yield client
    await messages.put({"type": "lifespan.shutdown"})
    await life


def run(load: Callable[[], FastAPI], settings: Settings, test: Test) -> None:
    async def live() -> None:
        early = EarlyApplication(settings, load)
        async with asyncio.timeout(TIMEOUT_S), living(early) as client:
            await test(client, early)

    asyncio.run(live())


def test_health_is_answered_at_once_and_everything_else_once_the_application_is_there(settings: Settings):
    may_load = threading.Event()

    def load() -> FastAPI:
        may_load.wait(TIMEOUT_S)
        return create_app(settings)

    async def test(client: httpx.AsyncClient, early: EarlyApplication) -> None:
        models = asyncio.create_task(client.get("/api/models"))
        early_health = await client.get("/api/health")
        assert not models.done()
        may_load.set()
        assert (await models).json() == {"items": [], "next_cursor": None}
        late_health = await client.get("/api/health")
        assert early_health.json() == late_health.json()
        assert early_health.headers["content-security-policy"] == late_health.headers["content-security-policy"]
        await early.wait_until_loaded()

    run(load, settings, test)


def test_the_guard_stands_in_front_of_the_early_answer_too(settings: Settings):
    may_load = threading.Event()

    def load() -> FastAPI:
        may_load.wait(TIMEOUT_S)
        return create_app(settings)

    async def test(client: httpx.AsyncClient, early: EarlyApplication) -> None:
        refused = await client.get("/api/health", headers={"Host": "evil.example"})
        assert refused.status_code == 403
        may_load.set()
        await early.wait_until_loaded()

    run(load, settings, test)


def test_whoever_waits_hears_why_it_cannot_be_served(settings: Settings):
    def load() -> FastAPI:
        raise CannotServeError("The database is gone.")

    async def test(_client: httpx.AsyncClient, early: EarlyApplication) -> None:
        with pytest.raises(CannotServeError, match="gone"):
            await early.wait_until_loaded()

    run(load, settings, test)
