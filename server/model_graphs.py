"""Finds the graph of a model that a request means: its draft, or one of its versions."""

from engine.graph.document import Graph
from server.storage.models import ModelStore
from server.storage.versions import VersionStore

DRAFT = "draft"


def read_graph(models: ModelStore, versions: VersionStore, model_id: str, version_id: str | None) -> Graph:
    """The draft for `draft` or None, else that version. Raises `EngineError` (`not_found`)."""
    if version_id is None or version_id == DRAFT:
        return models.get_draft(model_id).to_draft().graph
    return versions.get(model_id, version_id).graph
