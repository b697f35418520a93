"""Tables as columns, batch by batch, whatever file they come from."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.data.library.kinds import GivenFile
from engine.graph.issues import Issue


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file: `rows` are their numbers in it (from 1, the header included), `columns` their cells."""

    file: GivenFile
    rows: npt.NDArray[np.int64]
    columns: dict[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is Arrow's; a text file has only strings. `readable` is False for lists, structs and the like."""

    name: str
    type: pa.DataType
    readable: bool = True


Batches = Generator[Batch, None, None]
"""Whoever reads on no further closes them, and with them the file."""


class Table(Protocol):
    """A table on disk."""

    @property
    def file(self) -> GivenFile:
        """What messages are about that are of all of it."""

    @property
    def texts(self) -> set[str]:
        """The columns whose cells may be long."""

    @texts.setter
    def texts(self, names: set[str]) -> None: ...

    @property
    def notes(self) -> list[Issue]:
        """What a person should know of it."""

    @property
    def columns(self) -> list[Column]: ...

    @property
    def samples(self) -> int | None:
        """How many rows there are, where it is known before they are read."""

    @property
    def share(self) -> float:
        """How much of what is read now was read, from 0 to 1."""

    def read(self, names: Sequence[str]) -> Batches:
        """The columns of these names from the beginning, in pieces of bounded size. Raises `IssuesError`."""

    def read_each(self, names: Sequence[str]) -> list[Batches]:
        """The same for each file that the table is made of: nothing is read before it is asked for."""
