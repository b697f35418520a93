"""Tables as columns, batch by batch, whatever file they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.data.library.kinds import GivenFile


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: `rows` are their numbers in the file (from 1, the header included), `columns` their cells by name."""

    rows: npt.NDArray[np.int64]
    columns: dict[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is Arrow's; a text file has only strings. `readable` is False for lists, dates and the like."""

    name: str
    type: pa.DataType
    readable: bool = True


class Table(Protocol):
    """A table on disk. `texts` names the columns whose cells may be long."""

    texts: set[str]

    @property
    def file(self) -> GivenFile: ...

    @property
    def columns(self) -> list[Column]: ...

    @property
    def samples(self) -> int | None:
        """How many rows there are, where it is known before they are read."""

    @property
    def share(self) -> float:
        """How much of what is read now was read, from 0 to 1."""

    def read(self, names: Sequence[str]) -> Iterator[Batch]:
        """The columns of these names from the beginning, in pieces of bounded size. Raises `IssuesError`."""
