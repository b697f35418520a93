"""Splits that are stored under a name: the numbers of their samples, and the data that they belong to."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np
from pydantic import JsonValue, ValidationError

from engine.data.datasets import Dataset
from engine.data.fingerprint import fingerprint
from engine.data.library.library import find_splits_folder
from engine.training.keras_objects import ConfigIssues
from engine.training.split_manifest import MANIFEST_NAME, ROWS_NAME, SplitReport, StoredSplitInfo
from engine.training.split_rows import SIDES, SplitRows

PLACE = "data.split.name"


def write_stored_split(
    folder: Path, name: str, report: SplitReport, splits: list[SplitRows], dataset: Dataset
) -> StoredSplitInfo:
    """Writes a split into a folder that is there and empty; the manifest comes last.

    Raises:
        OSError: there is no room on the disk.
    """
    arrays = {f"{side}_{index}": rows for index, split in enumerate(splits)
              for side, rows in zip(SIDES, split.arrays, strict=True)}  # fmt: skip
    with (folder / ROWS_NAME).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    info = StoredSplitInfo(
        **report.model_dump(),
        name=name,
        created_at=datetime.now(UTC),
        fingerprint=fingerprint({**dataset.inputs, **dataset.targets}),
        targets_fingerprint=fingerprint(dataset.targets),
    )
    with (folder / MANIFEST_NAME).open("w") as file:
        file.write(info.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    return info


def tell_stored_version(dataset: str, name: str) -> tuple[str, str, int]:
    """What tells a stored split from another one that had its name before."""
    folder = find_splits_folder()
    path = Path(dataset, name, MANIFEST_NAME) if folder is None else folder / dataset / name / MANIFEST_NAME
    try:
        return str(path), name, path.stat().st_mtime_ns
    except OSError:
        return str(path), name, 0


def read_stored_split(
    name: str, dataset: Dataset, arguments: dict[str, JsonValue], samples: int
) -> tuple[SplitRows, ...]:
    """The stored split of a data set. `dataset` is the data as it was loaded, `samples` how many a training has of it.

    Raises:
        ConfigError: there is none of this name, its files are broken, or the data is not what it was; the issue is
            at `data.split.name`.
    """
    root = find_splits_folder()
    folder = None if root is None else root / dataset.name / name
    info = None if folder is None else _read_info(folder)
    if folder is None or info is None:
        paths = [] if root is None else sorted(root.glob(f"{dataset.name}/*/{MANIFEST_NAME}"))
        known = ", ".join(path.parent.name for path in paths) or "(there is none)"
        _refuse(
            "unknown_split",
            f"The data set {dataset.name!r} has no stored split {name!r}; expected one of {known}.",
            f"Store it first: POST /api/datasets/{dataset.name}/splits.",
        )
    _compare(info, dataset, arguments, samples)
    try:
        with (folder / ROWS_NAME).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            splits = tuple(SplitRows(*(file[f"{side}_{index}"] for side in SIDES)) for index in range(len(info.sides)))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _refuse("broken_split", f"The stored split {name!r} cannot be read: {error}", "Delete it and store it anew.")
    return splits


def _read_info(folder: Path) -> StoredSplitInfo | None:
    try:
        return StoredSplitInfo.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def _compare(info: StoredSplitInfo, dataset: Dataset, arguments: dict[str, JsonValue], samples: int) -> None:
    """Whether the data is that of the split. Other arguments (more words of a text) may change inputs alone."""
    again = "Delete the split and store it anew, or take another one."
    if not info.samples == dataset.samples == samples:
        _refuse(
            "split_does_not_fit",
            f"The stored split {info.name!r} divides {info.samples:,} samples of {info.dataset!r}, and there are"
            f" {samples:,} now; expected as many.",
            again,
        )
    if info.arguments == arguments:
        is_same = info.fingerprint == fingerprint({**dataset.inputs, **dataset.targets})
    else:
        is_same = info.targets_fingerprint == fingerprint(dataset.targets)
    if not is_same:
        _refuse(
            "split_does_not_fit",
            f"The data set {info.dataset!r} is not what it was when the split {info.name!r} was stored"
            f" ({info.created_at:%Y-%m-%d %H:%M} UTC): its numbers differ.",
            again,
        )


def _refuse(code: str, message: str, hint: str) -> NoReturn:
    problems = ConfigIssues()
    problems.add(code, PLACE, message, hint)
    problems.raise_if_any()
    raise AssertionError
