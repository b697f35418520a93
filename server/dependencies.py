"""What routes can ask for, as named types."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import HTTPConnection

from server.catalogue_cache import CatalogueCache
from server.jobs.compiler import Compiler
from server.settings import Settings
from server.storage.database import Database
from server.storage.models import ModelStore
from server.storage.versions import VersionStore
from server.storage.weights import WeightStore


def get_settings(connection: HTTPConnection) -> Settings:
    """The settings that the app was made with."""
    settings: Settings = connection.app.state.settings
    return settings


def get_database(connection: HTTPConnection) -> Database:
    """The open database."""
    database: Database = connection.app.state.database
    return database


def get_compiler(connection: HTTPConnection) -> Compiler:
    """The process that has Keras."""
    compiler: Compiler = connection.app.state.compiler
    return compiler


def get_catalogue(connection: HTTPConnection) -> CatalogueCache:
    """The catalogue of what Keras offers."""
    catalogue: CatalogueCache = connection.app.state.catalogue
    return catalogue


SettingsDep = Annotated[Settings, Depends(get_settings)]
DatabaseDep = Annotated[Database, Depends(get_database)]
CompilerDep = Annotated[Compiler, Depends(get_compiler)]
CatalogueDep = Annotated[CatalogueCache, Depends(get_catalogue)]


def get_model_store(database: DatabaseDep) -> ModelStore:
    """The store of models."""
    return ModelStore(database)


def get_version_store(database: DatabaseDep) -> VersionStore:
    """The store of versions."""
    return VersionStore(database)


def get_weight_store(database: DatabaseDep, settings: SettingsDep) -> WeightStore:
    """The store of weights."""
    return WeightStore(database, settings.weights_folder)


ModelStoreDep = Annotated[ModelStore, Depends(get_model_store)]
VersionStoreDep = Annotated[VersionStore, Depends(get_version_store)]
WeightStoreDep = Annotated[WeightStore, Depends(get_weight_store)]


def get_limit(
    settings: SettingsDep,
    limit: Annotated[int | None, Query(ge=1, description="Most items to answer; a larger number is cut down.")] = None,
) -> int:
    """How many items a page has."""
    return min(limit or settings.page_size, settings.max_page_size)


LimitDep = Annotated[int, Depends(get_limit)]
CursorQuery = Annotated[
    str | None, Query(max_length=1000, description="`next_cursor` of the page before; none for the first page.")
]
