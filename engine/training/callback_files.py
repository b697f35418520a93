"""The files that callbacks have written, taken along to where training goes on."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import keras

from engine.training.callbacks import FILES_FOLDER


def carry_files(
    callbacks: "Sequence[keras.callbacks.Callback]", before: Path, directory: Path, first_epoch: int
) -> None:
    """Copies the files of the attempt in `before` to the one in `directory`, as they were at the start of the epoch.

    A `CSVLogger` then goes on with its file, without the rows of epochs that are trained again.
    """
    if not (before / FILES_FOLDER).is_dir() or before == directory:
        return
    shutil.copytree(before / FILES_FOLDER, directory / FILES_FOLDER, dirs_exist_ok=True)
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger):
            _keep_rows(Path(callback.filename), callback.sep, first_epoch)
            callback.append = True


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
