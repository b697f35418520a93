"""Stored splits in exported code: made anew from their definition, and compared with the rows that were stored."""

import hashlib
import zipfile
from dataclasses import replace

import numpy as np
from pydantic import ValidationError

from engine.data.library.library import find_splits_folder
from engine.errors import EngineError
from engine.models.python_data import SplitCode
from engine.training.split_manifest import MANIFEST_NAME, ROWS_NAME, StoredSplitInfo

SIDES = ("training", "validation")
"""What a run sees of a split: no model is shown the samples that are kept for testing."""


def find_stored_split(dataset: str, name: str) -> tuple[StoredSplitInfo, str]:
    """What is known of a stored split, and the SHA-256 of its rows. Raises `EngineError` where it cannot be read."""
    root = find_splits_folder()
    folder = None if root is None else root / dataset / name
    if folder is None or not (folder / MANIFEST_NAME).exists():
        raise EngineError("unknown_split", f"The data set {dataset!r} has no stored split {name!r}.")
    digest = hashlib.sha256()
    try:
        info = StoredSplitInfo.model_validate_json((folder / MANIFEST_NAME).read_bytes())
        with (folder / ROWS_NAME).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            for index in range(len(info.sides)):
                for side in SIDES:
                    digest.update(file[f"{side}_{index}"].astype("<i8").tobytes())
    except (OSError, ValueError, KeyError, EOFError, ValidationError, zipfile.BadZipFile) as error:
        raise EngineError("broken_split", f"The stored split {name!r} cannot be read: {error}") from error
    return info, digest.hexdigest()


def write_check(code: SplitCode, name: str, digest: str) -> SplitCode:
    """The code that divides the data set as it is loaded, and ends with an error where the rows are others."""
    every = "[rows for fold in folds for rows in fold]" if code.is_folded else "[training, validation]"
    fault = (
        f"The samples are not divided as in the stored split {name!r}:"
        " the data or scikit-learn is not what it was when it was stored."
    )
    lines = [
        f"rows = np.concatenate({every})",
        f'if hashlib.sha256(rows.astype("<i8").tobytes()).hexdigest() != "{digest}":',
        f"    raise ValueError({fault!r})",
    ]
    return replace(code, imports=("import hashlib", *code.imports), lines=[*code.lines, *lines], is_before_steps=True)
