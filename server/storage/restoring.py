"""Takes a model back to what a run trained: its graph and a checkpoint's weights, all or nothing."""

from sqlalchemy import Connection, select

from engine.graph.canonical import content_hash
from engine.graph.document import Graph, Layout
from server.schemas.model import Draft, ModelCreate, VersionPublic
from server.schemas.restoring import RestoreReceipt
from server.schemas.weights import WeightsSource
from server.storage.database import Database
from server.storage.models import fetch_draft, fetch_model, insert_model, write_draft
from server.storage.runs import run_not_found
from server.storage.tables import runs
from server.storage.versions import save_version
from server.storage.weights import WrittenWeights, name_weights

LONGEST_MESSAGE = 500


def restore_model(
    database: Database, run_id: str, graph: Graph, weights: WrittenWeights, source: WeightsSource
) -> RestoreReceipt:
    """Makes the graph that the run trained the draft of its model, saved as a version, and the weights the model's.

    A draft that is no version yet is saved as one before. Where the model was deleted there is a new one of its name.
    Raises `EngineError` (`not_found`).
    """
    wanted = select(runs.c.name, runs.c.model_id, runs.c.model_name, runs.c.layout)
    with database.write() as connection:
        run = connection.execute(wanted.where(runs.c.id == run_id)).one_or_none()
        if run is None:
            raise run_not_found(run_id)
        draft = Draft(graph=graph, layout=Layout.model_validate_json(run.layout))
        origin = f"run {run.name}, step {source.step}"
        saved = None
        if run.model_id is None:
            new = ModelCreate(name=run.model_name, graph=draft.graph, layout=draft.layout)
            model_id = insert_model(connection, new)
        else:
            model_id = run.model_id
            saved = _replace_draft(connection, model_id, draft, f"Before going back to {origin}")
        version = save_version(connection, model_id, f"From {origin}"[:LONGEST_MESSAGE]).version
        name_weights(connection, model_id, weights.stored.sha256, source)
        weights.put(connection)
        return RestoreReceipt(
            model=fetch_model(connection, model_id),
            version=version,
            is_new_model=run.model_id is None,
            saved_draft=saved,
        )


def _replace_draft(connection: Connection, model_id: str, draft: Draft, message: str) -> VersionPublic | None:
    """Puts the graph in the draft's place, unless it is there already; returns what the one before was saved as."""
    before = fetch_draft(connection, model_id)
    if before.hash == content_hash(draft.graph):
        return None
    saved = save_version(connection, model_id, message[:LONGEST_MESSAGE]) if before.to_draft().graph.nodes else None
    write_draft(connection, model_id, draft)
    return saved.version if saved is not None and saved.is_new else None
