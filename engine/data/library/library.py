"""The data sets of people's own on this machine: a folder with a folder for each, by its name."""

from functools import partial
from pathlib import Path

from pydantic import ValidationError

from engine.data.library.array_folder import TEST, TRAINING
from engine.data.library.library_name import NAME
from engine.data.library.manifest import MANIFEST_NAME, Manifest, PreparedArray
from engine.data.loaders.own_arrays import load_own_arrays
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source

ORIGIN = "own"

_folder: Path | None = None


class NoArguments(Arguments):
    """A data set of one's own is prepared with its options, so there is nothing left to say."""


def use_library(folder: Path | None) -> None:
    """Says where the data sets of people's own lie, for this process; None: there are none."""
    global _folder  # noqa: PLW0603 - a process has one library, as it has one cache of Keras
    _folder = folder


def find_splits_folder() -> Path | None:
    """Where stored splits lie, beside the data sets: of those that come with Layerloom, too."""
    return None if _folder is None else _folder.parent / "splits"


def list_names() -> list[str]:
    """The names of the data sets that are ready."""
    return [] if _folder is None else sorted(path.parent.name for path in _folder.glob(f"*/{MANIFEST_NAME}"))


def read_manifest(name: str) -> Manifest | None:
    """What is known of a data set; None where there is none of that name, or its manifest cannot be read."""
    if _folder is None or not NAME.fullmatch(name):
        return None
    try:
        return Manifest.model_validate_json((_folder / name / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def find_folder(name: str) -> Path | None:
    """Where a data set lies; None where there is none of that name."""
    return None if _folder is None or read_manifest(name) is None else _folder / name


def find_own(name: str) -> "Source[NoArguments] | None":
    """A data set of a person's own; None where there is none of that name."""
    manifest = read_manifest(name)
    return None if manifest is None or _folder is None else _make_source(_folder / name, manifest)


def _make_source(folder: Path, manifest: Manifest) -> "Source[NoArguments]":
    names = [one.name for one in [*manifest.inputs, *manifest.targets]]
    labelled = next((one for one in manifest.targets if one.class_names), None)
    return Source(
        name=manifest.name,
        title=manifest.title,
        origin=ORIGIN,
        task=manifest.task,
        samples=manifest.samples,
        description=manifest.description,
        inputs=tuple(map(_describe, manifest.inputs)),
        targets=tuple(map(_describe, manifest.targets)),
        arguments=NoArguments,
        load=partial(load_own_arrays, folder=str(folder / TRAINING), names=names),
        load_test=partial(load_own_arrays, folder=str(folder / TEST), names=names) if manifest.test_samples else None,
        class_names=tuple(labelled.class_names) if labelled else (),
    )


def _describe(array: PreparedArray) -> ArraySpec:
    return ArraySpec(name=array.name, shape=list(array.shape), dtype=array.dtype, classes=array.classes)
