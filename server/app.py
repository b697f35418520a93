"""Puts the application together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from server.catalogue_cache import CatalogueCache
from server.errors import install_error_handlers
from server.interrupted import InterruptedMiddleware
from server.jobs.services import open_jobs
from server.library import open_library
from server.openapi import install_openapi
from server.pages import Pages
from server.routes import ROUTERS
from server.routes.problems import problems
from server.security.middleware import SecurityMiddleware
from server.settings import Settings
from server.storage.database import Database
from server.storage.models import ModelStore
from server.storage.upgrade import upgrade_database
from server.storage.weights import WeightStore
from server.uploads import remove_uploads
from server.version import get_version
from server.weights import WeightService


class Application(FastAPI):
    """A FastAPI application whose guard stands outside of everything else, error answers included."""

    def __init__(self, settings: Settings, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]):
        super().__init__(
            title="Layerloom",
            version=get_version(),
            lifespan=lifespan,
            openapi_url="/api/openapi.json",
            docs_url=None,
            redoc_url=None,
            generate_unique_id_function=_name_operation,
        )
        self.state.settings = settings

    def build_middleware_stack(self) -> ASGIApp:
        """What every request and every WebSocket passes through."""
        settings: Settings = self.state.settings
        return SecurityMiddleware(InterruptedMiddleware(super().build_middleware_stack()), settings)


def create_app(settings: Settings) -> FastAPI:
    """The application. It opens the database and starts processes only when it is served."""
    app = Application(settings, _make_lifespan(settings))
    for router in ROUTERS:
        app.include_router(router, prefix="/api", responses=problems(401, 403, 413, 422))
    app.router.default = Pages()
    install_error_handlers(app)
    install_openapi(app)
    return app


def _name_operation(route: APIRoute) -> str:
    """The function's own name, which becomes the method of a generated client."""
    return route.name


def _make_lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        database = Database.from_settings(settings)
        await run_in_threadpool(upgrade_database, database)
        await run_in_threadpool(remove_uploads, settings)
        await run_in_threadpool(open_library, app, settings)
        stored_weights = WeightStore(database, settings.weights_folder)
        await run_in_threadpool(stored_weights.sweep)
        app.state.database = database
        try:
            async with open_jobs(app, settings, database):
                app.state.weights = WeightService(
                    ModelStore(database), stored_weights, app.state.compiler, settings.weights_folder
                )
                app.state.catalogue = CatalogueCache(settings.cache_folder, app.state.compiler)
                async with app.state.catalogue.made_beforehand(settings.prepare_compiler):
                    yield
        finally:
            await run_in_threadpool(database.close)

    return run
