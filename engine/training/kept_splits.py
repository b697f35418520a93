"""The splits that were made last: they depend on data and settings, and not on the drawing that is edited."""

from collections.abc import Callable, Hashable, Sequence

from engine.data.datasets import Dataset
from engine.data.remembering import ArrayMemory
from engine.training.feeding import FedData
from engine.training.split_rows import SplitRows

MOST_BYTES = 256 << 20
"""Ten million samples divided once take 80 MB, divided into three folds 240."""


def _measure(splits: tuple[SplitRows, ...]) -> int:
    return sum(rows.nbytes for split in splits for rows in split.arrays)


_splits: ArrayMemory[tuple[SplitRows, ...]] = ArrayMemory(MOST_BYTES, _measure)


def recall_splits(
    data: FedData, dataset: Dataset, settings: Hashable, make: Callable[[], Sequence[SplitRows]]
) -> tuple[SplitRows, ...]:
    """What `make` makes of the data with these settings, which has to depend on nothing else. Raises what it does."""

    def make_readable() -> tuple[SplitRows, ...]:
        splits = tuple(make())
        for rows in (rows for split in splits for rows in split.arrays):
            # They are kept and handed out again, so nobody may change them.
            rows.setflags(write=False)
        return splits

    # Classes may be those of the first target, which the model's outputs choose.
    arrays = [*dataset.inputs.values(), *dataset.targets.values(), data.targets[0]]
    return _splits.recall(arrays, (dataset.name, settings, data.samples), make_readable)
