"""The data of a run by split, of which only those samples are copied that somebody asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.evaluation.results import Split
from engine.training.feeding import FedData
from engine.training.split_rows import Rows


@dataclass(frozen=True, slots=True)
class Part:
    """A split: these rows of the data. A slice of an array takes no memory; of mixed rows `take` makes a copy."""

    data: FedData
    rows: "slice | Rows"

    @property
    def samples(self) -> int:
        if isinstance(self.rows, slice):
            return len(range(*self.rows.indices(self.data.samples)))
        return len(self.rows)

    def take(self) -> FedData:
        """Its samples with their weights."""
        return self.data.take(self.rows)


class Parts(Mapping[Split, FedData]):
    """Splits by name. What was asked for is kept, so that it is taken once."""

    def __init__(self, parts: Mapping[Split, Part | FedData]):
        self._parts = parts
        self._taken: dict[Split, FedData] = {}

    def __getitem__(self, split: Split) -> FedData:
        part = self._parts[split]
        if not isinstance(part, Part):
            return part
        if split not in self._taken:
            self._taken[split] = part.take()
        return self._taken[split]

    def __iter__(self) -> Iterator[Split]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, split: object) -> bool:
        # Not by taking it, as a Mapping does.
        return split in self._parts

    @property
    def sizes(self) -> dict[Split, int]:
        """How many samples each has; takes none."""
        return {split: part.samples for split, part in self._parts.items()}
