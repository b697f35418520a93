"""Copies in a data set: inside its parts, from the training part to the test part, and across a split."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from engine.data.datasets import Dataset, find_source, load_dataset
from engine.data.duplicate_examples import Part
from engine.data.duplicate_results import DuplicateReport, Leak
from engine.data.duplicates import DigestedPart, Side, digest_part, find_copies, find_leak
from engine.data.library.array_folder import TEST, TRAINING
from engine.data.test_parts import load_test_part
from engine.data.words import Words
from engine.training.config import DataSettings
from engine.training.feeding import FedData
from engine.training.run_data import load_splits
from engine.training.split_settings import SplitSettings

DIGESTING = 0.9
"""The share of the work that reading the samples is; the rest is comparing."""

VALIDATION = "validation"


def look_for_duplicates(
    name: str,
    arguments: Mapping[str, JsonValue],
    split: SplitSettings | None,
    progress: Callable[[float], None],
) -> DuplicateReport:
    """Exact copies among the samples of a data set. Memory: its digests, 16 bytes for each sample, and a block.

    With a `split` also the leaks from the side that trains to the one that validates, for each fold.

    Raises:
        EngineError, ConfigError: as `load_dataset` and `load_splits` do.
    """
    dataset = load_dataset(name, arguments)
    test = load_test_part(dataset, arguments)
    parts = [Part(TRAINING, dataset.inputs, dataset.targets)]
    if test is not None:
        parts.append(Part(TEST, test.inputs, test.targets))
    words = find_source(name).read_words(arguments)
    known = words if words is not None and words.reason is None else None
    digested = _digest(parts, progress)
    leaks = [find_leak(Side.whole(digested[1]), Side.whole(digested[0]), known)] if test is not None else []
    if split is not None:
        settings = DataSettings(dataset=name, arguments=dict(arguments), split=split)
        leaks += _find_split_leaks(settings, dataset, digested[0], known)
    found = [find_copies(one, known) for one in digested]
    progress(1.0)
    return DuplicateReport(
        dataset=name,
        arguments=dict(arguments),
        split=None if split is None else split.model_dump(mode="json"),
        looked_at=datetime.now(UTC),
        parts=found,
        leaks=leaks,
    )


def _digest(parts: list[Part], progress: Callable[[float], None]) -> list[DigestedPart]:
    total = max(1, sum(part.samples for part in parts))
    read = 0

    def tell(samples: int) -> None:
        nonlocal read
        read += samples
        progress(DIGESTING * read / total)

    return [digest_part(part, tell) for part in parts]


def _find_split_leaks(
    settings: DataSettings, dataset: Dataset, digested: DigestedPart, words: Words | None
) -> list[Leak]:
    data = FedData(list(dataset.inputs.values()), list(dataset.targets.values()), list(dataset.targets))
    leaks = []
    splits = load_splits(settings, data)
    for number, rows in enumerate(splits, start=1):
        of_fold = f" of fold {number}" if len(splits) > 1 else ""
        training = Side(f"{TRAINING}{of_fold}", digested, rows.training)
        leaks.append(find_leak(Side(f"{VALIDATION}{of_fold}", digested, rows.validation), training, words))
        if len(rows.test):
            leaks.append(find_leak(Side(f"{TEST}{of_fold}", digested, rows.test), training, words))
    return leaks
