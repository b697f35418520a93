"""Versions: immutable graphs of a model, numbered from 1, told apart by their content."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, Select, select

from engine.errors import EngineError
from engine.graph.document import Graph, Layout
from server.schemas.model import VersionDetail, VersionPage, VersionPublic
from server.storage.columns import utc_now
from server.storage.database import Database
from server.storage.models import fetch_draft, model_not_found
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import models, versions

PUBLIC = [column for column in versions.c if column.name not in {"graph", "layout"}]
SORTABLE = {"number": versions.c.number}


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version, and whether saving made it or found it."""

    version: VersionPublic
    is_new: bool


class VersionStore:
    """All versions of all models. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def save(self, model_id: str, message: str = "") -> SavedVersion:
        """Makes the model's draft a version, unless the newest version has the same graph already.

        Raises:
            EngineError: `not_found`.
        """
        with self._database.write() as connection:
            return save_version(connection, model_id, message)

    def list(self, model_id: str, page: PageRequest) -> VersionPage:
        """A page of the model's versions. Raises `EngineError` (`not_found`, `invalid_cursor`)."""
        with self._database.read() as connection:
            if connection.execute(select(models.c.id).where(models.c.id == model_id)).one_or_none() is None:
                raise model_not_found(model_id)
            statement: Select[tuple[object, ...]] = select(*PUBLIC).where(versions.c.model_id == model_id)
            found = fetch_page(connection, statement, page, SORTABLE, versions.c.id)
        return VersionPage(items=[VersionPublic(**row) for row in found.rows], next_cursor=found.next_cursor)

    def get(self, model_id: str, version_id: str) -> VersionDetail:
        """One version with its graph. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            row = fetch_version(connection, model_id, version_id)
        documents = {
            "graph": Graph.model_validate_json(row["graph"]),
            "layout": Layout.model_validate_json(row["layout"]),
        }
        return VersionDetail(**{**row, **documents})


def save_version(connection: Connection, model_id: str, message: str = "") -> SavedVersion:
    """`VersionStore.save` inside a transaction that does more."""
    draft = fetch_draft(connection, model_id)
    newest = _fetch_newest(connection, model_id)
    if newest is not None and newest["hash"] == draft.hash:
        return SavedVersion(VersionPublic(**newest), is_new=False)
    version = VersionPublic(
        id=uuid4().hex,
        model_id=model_id,
        number=1 if newest is None else newest["number"] + 1,
        hash=draft.hash,
        message=message,
        created_at=utc_now(),
    )
    connection.execute(versions.insert().values(**version.model_dump(), graph=draft.graph, layout=draft.layout))
    return SavedVersion(version, is_new=True)


def fetch_version(connection: Connection, model_id: str, version_id: str) -> RowMapping:
    """The version's row, with graph and layout as texts. Raises `EngineError` (`not_found`)."""
    wanted = select(versions).where(versions.c.id == version_id, versions.c.model_id == model_id)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise EngineError(
            "not_found",
            f"Model {model_id!r} has no version with id {version_id!r}.",
            f"GET /api/models/{model_id}/versions lists them.",
        )
    return row


def _fetch_newest(connection: Connection, model_id: str) -> RowMapping | None:
    newest = select(*PUBLIC).where(versions.c.model_id == model_id).order_by(versions.c.number.desc()).limit(1)
    return connection.execute(newest).mappings().one_or_none()
