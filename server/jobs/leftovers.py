"""What a run's attempts left on disk: listed for the next one, and cleared of what nobody knows of."""

from pathlib import Path

import orjson

from engine.training.earlier_checkpoints import CHECKPOINTS_FOLDER, EarlierCheckpoint
from server.storage.checkpoints import CheckpointStore


def list_earlier(store: CheckpointStore, runs_folder: Path, run_id: str) -> list[EarlierCheckpoint]:
    """The run's checkpoints that are there, those to go first first: the overtaken ones, then the oldest."""
    folder = runs_folder / run_id
    there = [one for one in store.list_written(run_id) if (folder / one.path).is_file()]
    return [
        EarlierCheckpoint(path=one.path, logs=orjson.loads(one.logs), fold=one.fold)
        for one in sorted(there, key=lambda one: not one.is_overtaken)
    ]


def remove_unlisted(store: CheckpointStore, run_id: str, directory: Path) -> None:
    """Deletes the checkpoint files in the folder of a dead attempt that it had no time to report, or to finish."""
    listed = {one.path for one in store.list_written(run_id)}
    for file in (directory / CHECKPOINTS_FOLDER).glob("*"):
        if file.relative_to(directory.parent).as_posix() not in listed:
            file.unlink(missing_ok=True)
