"""The files that callbacks have written, taken along to where training goes on."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import keras

from engine.training.callback_paths import FILES_FOLDER
from engine.training.event_files import list_event_files, rewind_event_file


def carry_files(
    callbacks: "Sequence[keras.callbacks.Callback]", checkpoint: Path, directory: Path, first_epoch: int
) -> None:
    """Copies the files of the attempt that wrote the checkpoint to the one in `directory`, as they were at that time.

    A `CSVLogger` then goes on with its file, without the rows of epochs that are trained again, and TensorBoard's
    curves have no step twice. Models that a `ModelCheckpoint` saved since are written anew in their turn.
    """
    before, after = checkpoint.parent.parent / FILES_FOLDER, directory / FILES_FOLDER
    if not before.is_dir() or before == after:
        return
    shutil.copytree(before, after, dirs_exist_ok=True)
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger):
            _keep_rows(Path(callback.filename), callback.sep, first_epoch)
            callback.append = True
    # Only those that were copied: this attempt has begun its own.
    for path in list_event_files(before):
        rewind_event_file(after / path.relative_to(before), checkpoint.stat().st_mtime)


def flush_files(callbacks: "Sequence[keras.callbacks.Callback]") -> None:
    """Lets TensorBoard's files hold all that was written to them: a checkpoint counts on it."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.TensorBoard):
            # Keras keeps its writers to itself, and flushes them when training ends.
            for writer in callback._writers.values():  # noqa: SLF001
                writer.flush()


def _keep_rows(path: Path, separator: str, first_epoch: int) -> None:
    if not path.exists():
        return
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=separator))
    if not rows:
        return
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(row for row in rows if int(row["epoch"]) < first_epoch)
