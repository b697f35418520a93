"""Files to a data set: finds out of what kind they are, looks at them, and prepares their arrays once."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from engine.data.library.array_folder import TEST, TRAINING, Array, ArrayFolder
from engine.data.library.kinds import DataKind, GivenFile, Prepared, Progress
from engine.data.library.manifest import (
    MANIFEST_NAME,
    Definition,
    Inspection,
    Manifest,
    PlacedFile,
    PreparedArray,
    StoredFile,
)
from engine.data.library.measure import count_classes, measure_array, measure_texts
from engine.data.library.packed import refuse_packed
from engine.data.library.store import sync_folder
from engine.data.library.text_arrays import TEXT
from engine.data.schema import ColumnStatistics, TextStatistics
from engine.errors import IssuesError
from engine.graph.issues import Issue

KINDS = ("texts", "images", "arrays", "table")
"""In the order in which they are asked: any folder or zip may be one of images, and any file a text with a table."""

PREPARING = 0.9
"""The share of the work that preparing is; the rest is measuring what came out."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a new data set is called, and what it is made of."""

    name: str
    title: str
    description: str
    files: list[StoredFile | PlacedFile]


def inspect(files: Sequence[GivenFile], definition: Definition | None = None) -> Inspection:
    """A quick look. Raises `IssuesError` where nothing can be made of the files."""
    _refuse_missing(files)
    return _choose_kind(files, definition).inspect(files, definition)


def make(
    files: Sequence[GivenFile], definition: Definition, folder: Path, naming: Naming, progress: Progress
) -> Manifest:
    """Prepares a data set in an empty folder; its manifest comes last, once all else is on the disk.

    What the definition leaves open is settled as `inspect` does. Raises `IssuesError`, and whatever `progress` raises.
    """
    _refuse_missing(files)
    kind = _choose_kind(files, definition)
    inspection = kind.inspect(files, definition)
    _refuse_errors(inspection.issues)
    settled = inspection.definition
    _refuse_no_arrays(settled)
    arrays = ArrayFolder(folder, settled.array_names)
    prepared = kind.prepare(files, settled, arrays, lambda share: progress(PREPARING * min(max(share, 0.0), 1.0)))
    _refuse_errors(prepared.notes)
    _check_arrays(prepared, arrays)
    tell = _count_bytes(arrays, progress)
    manifest = Manifest(
        name=naming.name,
        title=naming.title,
        description=naming.description,
        created_at=datetime.now(UTC),
        files=naming.files,
        definition=settled,
        task=prepared.task,
        samples=prepared.samples,
        test_samples=prepared.test_samples,
        fields=prepared.fields,
        inputs=prepared.inputs,
        targets=prepared.targets,
        statistics=_measure(prepared, arrays, tell),
        text_statistics=_measure_texts(arrays, tell),
        class_counts=_count(prepared, arrays),
        notes=prepared.notes,
    )
    _write_manifest(folder, manifest)
    progress(1.0)
    return manifest


def load_kind(name: str) -> DataKind:
    """A kind of data by its name; what it needs is imported now."""
    kind: DataKind = import_module(f"engine.data.library.{name}.kind").KIND
    return kind


def _choose_kind(files: Sequence[GivenFile], definition: Definition | None) -> DataKind:
    if definition is not None:
        return load_kind(definition.kind)
    for name in KINDS:
        if (kind := load_kind(name)).takes(files):
            return kind
    refuse_packed(files)
    names = ", ".join(repr(file.name) for file in files[:5])
    tables, arrays = "A CSV, TSV or Parquet table", "npy, npz or HDF5 arrays"
    hint = f"{tables}, {arrays}, or a zip of images or texts with a folder for each class."
    message = f"Nothing is known that could be read from {names}."
    raise IssuesError("unknown_kind", message, hint, [Issue(code="unknown_kind", message=message, hint=hint)])


def _refuse_missing(files: Sequence[GivenFile]) -> None:
    if not files:
        raise IssuesError("no_files", "Expected at least one file; received none.")
    for file in files:
        if not file.path.exists():
            message = f"{file.name!r} is not there any more."
            raise IssuesError("missing_file", message, issues=[Issue(code="missing_file", message=message)])


def _refuse_errors(issues: Sequence[Issue]) -> None:
    errors = [one for one in issues if one.severity == "error"]
    if errors:
        raise IssuesError(errors[0].code, errors[0].message, errors[0].hint, list(issues))


def _refuse_no_arrays(definition: Definition) -> None:
    for what, plans in (("input", definition.inputs), ("target", definition.targets)):
        if not plans:
            message = f"The data set has no {what}; expected at least one."
            hint = f"Choose which fields are {what}s."
            issue = Issue(code=f"no_{what}", message=message, argument=f"definition.{what}s", hint=hint)
            raise IssuesError(issue.code, message, hint, [issue])


def _check_arrays(prepared: Prepared, folder: ArrayFolder) -> None:
    """A kind with a fault must not leave a data set that nobody can train on. Raises ValueError."""
    for part, samples in ((TRAINING, prepared.samples), (TEST, prepared.test_samples)):
        if not samples and part == TEST:
            continue
        found_forms = {name: (array.shape, str(array.dtype)) for name, array in folder.map(part).items()}
        found_forms |= {name: ((len(texts),), TEXT) for name, texts in folder.map_texts(part).items()}
        for one in [*prepared.inputs, *prepared.targets]:
            found = found_forms[one.name]
            if found != ((samples, *one.shape), one.dtype):
                raise ValueError(
                    f"{part} array {one.name!r} has {found}; expected {(samples, *one.shape)}, {one.dtype}"
                )


def _count_bytes(folder: ArrayFolder, progress: Progress) -> Callable[[int], None]:
    """Tells the progress of measuring by the bytes that were read."""
    numbers = sum(array.nbytes for array in folder.map().values())
    total = max(1, numbers + sum(texts.nbytes for texts in folder.map_texts().values()))
    read = 0

    def tell(number: int) -> None:
        nonlocal read
        read += number
        progress(PREPARING + (1 - PREPARING) * min(1.0, read / total) * 0.99)

    return tell


def _measure(prepared: Prepared, folder: ArrayFolder, tell: Callable[[int], None]) -> list[ColumnStatistics]:
    arrays = folder.map()
    measured = (measure_array(one.name, arrays[one.name], tell) for one in _numbers(prepared, arrays))
    return [one for one in measured if one is not None]


def _measure_texts(folder: ArrayFolder, tell: Callable[[int], None]) -> list[TextStatistics]:
    return [measure_texts(name, texts, tell) for name, texts in folder.map_texts().items()]


def _numbers(prepared: Prepared, arrays: dict[str, Array]) -> Iterator[PreparedArray]:
    everything = [*prepared.inputs, *prepared.targets]
    return (one for one in everything if one.name in arrays and arrays[one.name].dtype.kind in "biuf")


def _count(prepared: Prepared, folder: ArrayFolder) -> list[int]:
    first = prepared.targets[0]
    if first.classes is None or math.prod(first.shape) != 1:
        return []
    return count_classes(folder.map(TRAINING)[first.name], first.classes)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    for path in folder.rglob("*.npy"):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    with (folder / MANIFEST_NAME).open("wb") as file:
        file.write(manifest.model_dump_json().encode())
        file.flush()
        os.fsync(file.fileno())
    for inner in {folder, *(path.parent for path in folder.rglob("*.npy"))}:
        sync_folder(inner)
