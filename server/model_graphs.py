"""Finds the graph that a request means: a model's draft, one of its versions, or what a run trains.

Reading a large graph takes long enough for others to notice, so this is called beside the event loop.
"""

from pathlib import Path

from engine.graph.document import Graph
from engine.training.checkpoint_graph import read_graph as read_checkpoint_graph
from server.storage.models import ModelStore
from server.storage.runs import RunStore
from server.storage.versions import VersionStore

DRAFT = "draft"


def read_graph(models: ModelStore, versions: VersionStore, model_id: str, version_id: str | None) -> Graph:
    """The draft for `draft` or None, else that version. Raises `EngineError` (`not_found`)."""
    if version_id is None or version_id == DRAFT:
        return models.get_draft(model_id).to_draft().graph
    return versions.get(model_id, version_id).graph


def read_run_graph(runs: RunStore, run_id: str) -> Graph:
    """The graph that the run trains. Raises `EngineError` (`not_found`)."""
    return Graph.model_validate_json(runs.get_graph(run_id))


def read_trained_graph(runs: RunStore, run_id: str, checkpoint: Path) -> Graph:
    """The graph of the model in a checkpoint of the run: with what its preprocessing layers learned before training.

    Raises `EngineError` (`not_found`, `unreadable_checkpoint`).
    """
    return read_checkpoint_graph(checkpoint) or read_run_graph(runs, run_id)
