"""The file of a checkpoint: what plain Keras opens, and in it, as further members, what a training goes on with."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import keras
import numpy as np

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.training.checkpoint_graph import add_graph
from engine.training.state import Position, TrainingState

POSITION_MEMBER = "layerloom/position.json"
ARRAYS_MEMBER = "layerloom/arrays.npz"


def write_checkpoint(
    model: keras.Model, state: TrainingState | None, path: Path, graph: Graph | None = None
) -> tuple[int, str]:
    """Writes the model, what its training goes on with, and the graph where it is not the run's.

    Returns size in bytes and SHA-256 of the file, which is at `path` once it is whole and on disk.

    Raises:
        OSError, RuntimeError: there is no room. TypeError, ValueError: Keras cannot save the model.
    """
    unfinished = path.with_name(f".unfinished-{path.name}")
    try:
        model.save(unfinished)
        if state is not None:
            _add_state(unfinished, state)
        if graph is not None:
            add_graph(unfinished, graph)
        with unfinished.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return size, digest


def read_state(path: Path) -> TrainingState:
    """What a training goes on with. Raises `EngineError` (`unreadable_checkpoint`) where the file has none."""
    try:
        with zipfile.ZipFile(path) as archive:
            position = Position.model_validate_json(archive.read(POSITION_MEMBER))
            with np.load(io.BytesIO(archive.read(ARRAYS_MEMBER)), allow_pickle=False) as found:
                return TrainingState(position=position, arrays={name: found[name] for name in found.files})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise EngineError(
            "unreadable_checkpoint",
            f"The checkpoint {path.name} cannot be gone on from: {error}",
            "Take an earlier checkpoint, or start with its weights.",
        ) from error


def read_weights_into(model: keras.Model, path: Path) -> None:
    """Gives a built, compiled model the weights and the optimizer's state of the file.

    Raises `EngineError` (`unreadable_checkpoint`) where they do not fit.
    """
    try:
        model.load_weights(path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise EngineError(
            "unreadable_checkpoint", f"The weights in the checkpoint {path.name} do not fit the model: {error}"
        ) from error


def _add_state(path: Path, state: TrainingState) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **state.arrays)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(POSITION_MEMBER, state.position.model_dump_json())
        archive.writestr(ARRAYS_MEMBER, buffer.getvalue())


def _sync_folder(folder: Path) -> None:
    """Forces the new name to disk, not only the file's content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
