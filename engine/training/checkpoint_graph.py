"""The graph in a checkpoint's file, where training changed it: what layers that prepare data learned. No Keras."""

import zipfile
import zlib
from pathlib import Path

from pydantic import ValidationError

from engine.errors import EngineError
from engine.graph.document import Graph

GRAPH_MEMBER = "layerloom/graph.json"
MAX_GRAPH_BYTES = 64 * 2**20


def add_graph(path: Path, graph: Graph) -> None:
    """Puts the graph into a `.keras` file, which plain Keras opens as before."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(GRAPH_MEMBER, graph.model_dump_json(exclude_defaults=True))


def read_graph(path: Path) -> Graph | None:
    """The graph in a checkpoint's file; None where training left it as it was.

    Raises `EngineError` (`unreadable_checkpoint`).
    """
    if not zipfile.is_zipfile(path):
        # Whoever reads its weights says what is wrong with it.
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if GRAPH_MEMBER not in archive.namelist():
                return None
            size = archive.getinfo(GRAPH_MEMBER).file_size
            if size > MAX_GRAPH_BYTES:
                raise ValueError(f"its graph takes {size:,} bytes; expected at most {MAX_GRAPH_BYTES:,}")
            return Graph.model_validate_json(archive.read(GRAPH_MEMBER))
    except (OSError, ValueError, ValidationError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise EngineError(
            "unreadable_checkpoint",
            f"The graph in the checkpoint {path.name} cannot be read: {error}",
            "Take an earlier checkpoint.",
        ) from error
