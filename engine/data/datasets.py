"""Data sets by name: what there is, what they look like, and their arrays."""

import difflib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pydantic import JsonValue

from engine.data.cache import CachedFile, explain_absence, locate_cache
from engine.data.kept_arrays import keep_own
from engine.data.library.library import find_own, list_names
from engine.data.schema import ArraySpec, ColumnStatistics, DatasetPreview, DatasetSummary
from engine.data.source import Array, Arrays, DatasetSource
from engine.data.sources import (
    additions,
    digit_scenes,
    digit_tasks,
    keras_housing,
    keras_images,
    keras_multi_hot,
    keras_tasks,
    keras_texts,
    points,
    scikit_learn,
    series,
)
from engine.data.words import Words
from engine.errors import EngineError

MAX_PREVIEW_ROWS = 100
PREVIEW_DIGITS = 6
PIECE_VALUES = 1_000_000

SOURCES: dict[str, DatasetSource] = {
    source.name: source
    for source in (
        *scikit_learn.SOURCES,
        *digit_tasks.SOURCES,
        *digit_scenes.SOURCES,
        *additions.SOURCES,
        *points.SOURCES,
        *series.SOURCES,
        *keras_images.SOURCES,
        *keras_texts.SOURCES,
        *keras_housing.SOURCES,
        *keras_multi_hot.SOURCES,
        *keras_tasks.SOURCES,
    )
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A loaded data set: arrays by name, in its own order, with the samples along axis 0. Not to be written to.

    `overlap` is how many samples after a sample have values in common with it: windows of a series overlap.
    """

    name: str
    inputs: dict[str, Array]
    targets: dict[str, Array]
    class_names: tuple[str, ...]
    target_specs: tuple[ArraySpec, ...]
    overlap: int = 0

    @property
    def samples(self) -> int:
        return len(next(iter(self.inputs.values())))


def list_datasets() -> list[DatasetSummary]:
    """Every data set there is, people's own first. Reads no data: at most the hashes of files in Keras's cache."""
    own = [source.summarize() for name in list_names() if (source := find_own(name)) is not None]
    return [*own, *(source.summarize() for source in SOURCES.values())]


def load_dataset(name: str, arguments: Mapping[str, JsonValue] | None = None) -> Dataset:
    """The arrays of a data set. The last two are kept in memory: those to train and to validate on. Nothing
    is ever downloaded.

    Raises:
        EngineError: `unknown_dataset`, or `dataset_unavailable` where its file is not in Keras's cache.
        ConfigError: `invalid_dataset_argument`.
    """
    source = find_source(name)
    if reason := source.summarize().reason:
        raise EngineError(
            "dataset_unavailable",
            f"The data set {name!r} is not on this machine: {reason}",
            "Download it first; nothing is downloaded without being asked for.",
        )
    if name not in SOURCES:
        source.check_arguments(arguments or {})
        return _make_dataset(source, keep_own(name, "training", lambda: source.read({})))
    return _read_dataset(name, json.dumps(dict(arguments or {}), sort_keys=True))


def download_dataset(name: str) -> DatasetSummary:
    """Fetches a data set into Keras's cache folder, where it is not there yet, and the words of its texts.

    Raises:
        EngineError: `unknown_dataset`, or `download_failed` with what Keras says about it.
    """
    source = find_source(name)
    if not source.summarize().available:
        _remove_others(source.files)
        _fetch(f"The data set {name!r}", lambda: source.read({}))
    if source.word_file is not None and explain_absence((source.word_file.file,)):
        _fetch(f"The words of the data set {name!r}", source.word_file.fetch)
    summary = source.summarize()
    if summary.reason:
        # Keras itself compares no hash where it knows none.
        raise _say_failed(f"The data set {name!r}", summary.reason)
    return summary


def _remove_others(files: tuple[CachedFile, ...]) -> None:
    """Keras takes a file that is there, also where it is half of it, unless it knows its hash."""
    for file in files:
        if explain_absence((file,)):
            (locate_cache() / file.path).unlink(missing_ok=True)


def _fetch(what: str, fetch: Callable[[], object]) -> None:
    try:
        fetch()
    except Exception as error:
        raise _say_failed(what, str(error)) from error


def _say_failed(what: str, why: str) -> EngineError:
    return EngineError(
        "download_failed",
        f"{what} could not be downloaded: {why.rstrip('.')}.",
        f"Check the connection of the machine that the server runs on, or put the file into {locate_cache()} by hand.",
    )


def preview_dataset(name: str, rows: int = 12, arguments: Mapping[str, JsonValue] | None = None) -> DatasetPreview:
    """The first rows (100 at most) with statistics over all of them.

    Raises:
        EngineError, ConfigError: as `load_dataset` does.
    """
    source = find_source(name)
    wanted = {**source.preview_arguments, **(arguments or {})}
    dataset = load_dataset(name, wanted)
    arrays = {**dataset.inputs, **dataset.targets}
    count = min(max(rows, 0), MAX_PREVIEW_ROWS, dataset.samples)
    words = source.read_words(wanted)
    summary = source.summarize().model_dump() | {"samples": dataset.samples}
    return DatasetPreview(
        **summary,
        description=source.description,
        rows=[{key: _to_plain(array[index]) for key, array in arrays.items()} for index in range(count)],
        statistics=[_measure_array(key, array) for key, array in arrays.items()],
        class_names=list(dataset.class_names),
        class_counts=_count_classes(dataset),
        texts={} if words is None else _write_texts(words, arrays, count),
        words_missing=None if words is None else words.reason,
    )


def _write_texts(words: Words, arrays: Mapping[str, Array], count: int) -> dict[str, list[str]]:
    if words.reason is not None:
        return {}
    return {name: [words.write(row) or "" for row in arrays[name][:count]] for name in words.arrays}


def find_source(name: str) -> DatasetSource:
    """What is known of a data set. Raises `EngineError` `unknown_dataset`."""
    if (source := SOURCES.get(name) or find_own(name)) is not None:
        return source
    known = [*list_names(), *SOURCES]
    close = difflib.get_close_matches(name.lower(), known, n=1)
    raise EngineError(
        "unknown_dataset",
        f"There is no data set {name!r}; expected one of {', '.join(known)}.",
        f"Did you mean {close[0]!r}?" if close else None,
    )


@lru_cache(maxsize=2)
def _read_dataset(name: str, arguments: str) -> Dataset:
    arrays = SOURCES[name].read(json.loads(arguments))
    for array in (*arrays.inputs.values(), *arrays.targets.values()):
        # It is kept and handed out again, so nobody may change it.
        array.setflags(write=False)
    return _make_dataset(SOURCES[name], arrays)


def _make_dataset(source: DatasetSource, arrays: Arrays) -> Dataset:
    specs = tuple(source.summarize().targets)
    return Dataset(source.name, arrays.inputs, arrays.targets, arrays.class_names, specs)


def _to_plain(value: Array) -> JsonValue:
    plain: JsonValue = (value.round(PREVIEW_DIGITS) if value.dtype.kind == "f" else value).tolist()
    return plain


def _measure_array(name: str, array: Array) -> ColumnStatistics:
    mean = float(np.mean(array, dtype="float64"))
    # Piece by piece: `numpy.std` would make a copy of eight bytes for every pixel.
    pieces = np.array_split(array, math.ceil(array.size / PIECE_VALUES))
    squares = sum(float(np.sum((piece - mean) ** 2, dtype="float64")) for piece in pieces)
    return ColumnStatistics(
        array=name,
        minimum=float(np.min(array)),
        maximum=float(np.max(array)),
        mean=mean,
        std=math.sqrt(squares / array.size),
    )


def _count_classes(dataset: Dataset) -> list[int]:
    """How many samples each class of the first target has; empty where it holds no labels."""
    spec = dataset.target_specs[0]
    if spec.classes is None:
        return []
    counts: list[int] = np.bincount(dataset.targets[spec.name].ravel().astype("int64"), minlength=spec.classes).tolist()
    return counts
