"""Models and their drafts: what is being drawn, with a revision that every saved change counts up."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, Select, func, select

from engine.errors import EngineError
from engine.graph.canonical import content_hash
from engine.graph.document import Graph, Layout
from engine.training.config import RunConfig
from server.schemas.model import Draft, ModelCreate, ModelPage, ModelPublic, ModelUpdate
from server.storage.columns import utc_now
from server.storage.database import Database
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import models, runs, versions, weights
from server.storage.weights_columns import read_weights_columns

SORTABLE = {"created_at": models.c.created_at, "updated_at": models.c.updated_at, "name": models.c.name}
SUMMARY = [column for column in models.c if column.name not in {"graph", "layout"}]


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft as it lies in the database: `graph` and `layout` are JSON texts, never parsed just to be sent."""

    graph: str
    layout: str
    revision: int
    hash: str

    def to_draft(self) -> Draft:
        """The documents, parsed."""
        return Draft(graph=Graph.model_validate_json(self.graph), layout=Layout.model_validate_json(self.layout))


class ModelStore:
    """All models. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def create(self, new: ModelCreate) -> ModelPublic:
        """Stores a new model at revision 1."""
        with self._database.write() as connection:
            return fetch_model(connection, insert_model(connection, new))

    def list(self, page: PageRequest, search: str | None = None) -> ModelPage:
        """A page of the models whose name contains `search`, whatever its case.

        Raises:
            EngineError: the cursor is wrong.
        """
        statement = _select_summary()
        if search:
            statement = statement.where(models.c.name.icontains(search, autoescape=True))
        with self._database.read() as connection:
            found = fetch_page(connection, statement, page, SORTABLE, models.c.id)
        return ModelPage(items=[_to_public(row) for row in found.rows], next_cursor=found.next_cursor)

    def get(self, model_id: str) -> ModelPublic:
        """One model. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            return fetch_model(connection, model_id)

    def update(self, model_id: str, change: ModelUpdate) -> ModelPublic:
        """Changes the fields that were sent. Raises `EngineError` (`not_found`)."""
        sent = change.model_fields_set
        values: dict[str, object] = {"updated_at": utc_now()}
        if "name" in sent and change.name is not None:
            values["name"] = change.name
        if "training" in sent:
            values["training"] = _dump_training(change.training)
        with self._database.write() as connection:
            connection.execute(models.update().where(models.c.id == model_id).values(values))
            return fetch_model(connection, model_id)

    def delete(self, model_id: str) -> None:
        """Deletes the model with its versions; its runs stay. Raises `EngineError` (`not_found`)."""
        with self._database.write() as connection:
            if connection.execute(models.delete().where(models.c.id == model_id)).rowcount == 0:
                raise model_not_found(model_id)

    def get_draft(self, model_id: str) -> StoredDraft:
        """The draft. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            return fetch_draft(connection, model_id)

    def replace_draft(self, model_id: str, draft: Draft, expected: int | None) -> StoredDraft:
        """Saves a whole draft.

        Raises:
            EngineError: `not_found`, or `stale` where the draft's revision is not the `expected` one.
        """
        return self.edit_draft(model_id, lambda _current: draft, expected)

    def edit_draft(self, model_id: str, edit: Callable[[Draft], Draft], expected: int | None) -> StoredDraft:
        """Saves what `edit` makes of the draft; nobody else can change it meanwhile.

        An edit that changes nothing keeps the revision.

        Raises:
            EngineError: `not_found`; `stale` where the draft's revision is not the `expected` one; what `edit` raises.
        """
        with self._database.write() as connection:
            current = fetch_draft(connection, model_id)
            refuse_stale(expected, current.revision)
            return write_draft(connection, model_id, edit(current.to_draft()))


def insert_model(connection: Connection, new: ModelCreate) -> str:
    """Stores a new model at revision 1, and returns its id."""
    now, model_id = utc_now(), uuid4().hex
    connection.execute(
        models.insert().values(
            id=model_id,
            name=new.name,
            revision=1,
            created_at=now,
            updated_at=now,
            training=_dump_training(new.training),
            **_dump_draft(Draft(graph=new.graph, layout=new.layout)),
        )
    )
    return model_id


def write_draft(connection: Connection, model_id: str, draft: Draft) -> StoredDraft:
    """Saves a whole draft; one that changes nothing keeps the revision. Raises `EngineError` (`not_found`)."""
    current = fetch_draft(connection, model_id)
    values = _dump_draft(draft)
    if (values["graph"], values["layout"]) == (current.graph, current.layout):
        return current
    values |= {"revision": current.revision + 1, "updated_at": utc_now()}
    connection.execute(models.update().where(models.c.id == model_id).values(values))
    return fetch_draft(connection, model_id)


def fetch_draft(connection: Connection, model_id: str) -> StoredDraft:
    """The draft as stored. Raises `EngineError` (`not_found`)."""
    columns = (models.c.graph, models.c.layout, models.c.revision, models.c.hash)
    row = connection.execute(select(*columns).where(models.c.id == model_id)).one_or_none()
    if row is None:
        raise model_not_found(model_id)
    return StoredDraft(*row)


def refuse_stale(expected: int | None, revision: int) -> None:
    """Raises `EngineError` (`stale`) where a draft's revision is not the one that a change expects."""
    if expected is not None and expected != revision:
        raise EngineError(
            "stale",
            f"The change was made to revision {expected} of the graph, which is now at {revision}.",
            "Read the graph again and repeat the change.",
        )


def model_not_found(model_id: str) -> EngineError:
    """The error for an id that no model has."""
    return EngineError("not_found", f"There is no model with id {model_id!r}.", "GET /api/models lists the models.")


def _select_summary() -> Select[tuple[object, ...]]:
    version_count = select(func.count()).where(versions.c.model_id == models.c.id).scalar_subquery()
    run_count = select(func.count()).where(runs.c.model_id == models.c.id).scalar_subquery()
    size = select(weights.c.size).where(weights.c.sha256 == models.c.weights).scalar_subquery()
    counts = (version_count.label("versions"), run_count.label("runs"), size.label("weights_size"))
    return select(*SUMMARY, *counts)


def fetch_model(connection: Connection, model_id: str) -> ModelPublic:
    """The model inside a transaction that does more. Raises `EngineError` (`not_found`)."""
    row = connection.execute(_select_summary().where(models.c.id == model_id)).mappings().one_or_none()
    if row is None:
        raise model_not_found(model_id)
    return _to_public(row)


def _to_public(row: RowMapping) -> ModelPublic:
    training = row["training"]
    parsed = {
        "training": RunConfig.model_validate_json(training) if training is not None else None,
        "weights": read_weights_columns(
            row["weights"], row["weights_size"], row["weights_source"], row["weights_set_at"]
        ),
    }
    return ModelPublic(**{**row, **parsed})


def _dump_draft(draft: Draft) -> dict[str, object]:
    return {
        "graph": draft.graph.model_dump_json(),
        "layout": draft.layout.model_dump_json(),
        "hash": content_hash(draft.graph),
        "nodes": len(draft.graph.nodes),
    }


def _dump_training(training: RunConfig | None) -> str | None:
    return None if training is None else training.model_dump_json()
