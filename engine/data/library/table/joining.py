"""Several files with the same columns as one table, read one after the other."""

from collections.abc import Sequence
from contextlib import closing

import pyarrow as pa

from engine.data.library.kinds import GivenFile
from engine.data.library.table.byte_stream import measure
from engine.data.library.table.names import find_free
from engine.data.library.table.problems import refuse
from engine.data.library.table.reading import Batches, Column, Table

FILE_COLUMN = "file"
"""The column that says in which file a row is, unless there is one of that name."""

SHOWN_NAMES = 5


class JoinedTable:
    """The rows of all `parts`, with the columns of the first. The others may have them in another order.

    With `names_files` a column more holds the name of each row's file. Raises `IssuesError` for other columns.
    """

    def __init__(self, parts: Sequence[Table], names_files: bool):
        first, *others = parts
        for other in others:
            _refuse_other_columns(first, other)
        self._parts = list(parts)
        self.file = first.file
        if others:
            more = f" and {len(others):,} other{'s' if len(others) > 1 else ''}"
            self.file = GivenFile(first.file.name + more, first.file.path)
        self.columns = list(first.columns)
        self.notes = list(first.notes)
        self._file_column: str | None = None
        if names_files:
            names = {column.name for column in first.columns}
            self._file_column = FILE_COLUMN if FILE_COLUMN not in names else find_free(FILE_COLUMN, 2, names)
            self.columns.append(Column(self._file_column, pa.string()))
        self._texts: set[str] = set()
        self._sizes = [max(1, measure(part.file)) for part in parts]
        self._reading = 0

    @property
    def texts(self) -> set[str]:
        """The columns whose cells may be long."""
        return self._texts

    @texts.setter
    def texts(self, names: set[str]) -> None:
        self._texts = names
        for part in self._parts:
            part.texts = names

    @property
    def samples(self) -> int | None:
        """How many rows there are, where every file says so."""
        counts = [part.samples for part in self._parts]
        return None if None in counts else sum(count for count in counts if count is not None)

    @property
    def share(self) -> float:
        """How much of all files was read."""
        done = sum(self._sizes[: self._reading])
        if self._reading < len(self._parts):
            done += int(self._sizes[self._reading] * self._parts[self._reading].share)
        return done / sum(self._sizes)

    def read(self, names: Sequence[str]) -> Batches:
        """The columns of these names from the beginning of the first file to the end of the last."""
        for number, batches in enumerate(self.read_each(names)):
            self._reading = number
            yield from batches
        self._reading = len(self._parts)

    def read_each(self, names: Sequence[str]) -> list[Batches]:
        """The columns of these names, of each file."""
        return [self._read_part(part, names) for part in self._parts]

    def _read_part(self, part: Table, names: Sequence[str]) -> Batches:
        own = [name for name in names if name != self._file_column]
        # Where the file's name alone is asked for, some column has to say how many rows there are.
        asked = own or [next(column.name for column in part.columns if column.readable)]
        with closing(part.read(asked)) as batches:
            for batch in batches:
                if self._file_column is not None and self._file_column in names:
                    batch.columns[self._file_column] = pa.repeat(part.file.name, len(batch.rows))
                yield batch


def _refuse_other_columns(first: Table, other: Table) -> None:
    known = {column.name: column for column in first.columns}
    received = {column.name: column for column in other.columns}
    where = f"{other.file.name}: expected the columns of {first.file.name}"
    if known.keys() != received.keys():
        lacking = [name for name in known if name not in received]
        added = [name for name in received if name not in known]
        faults = [f"without {_list(lacking)}"] if lacking else []
        faults += [f"with {_list(added)} beside them" if not lacking else f"with {_list(added)}"] if added else []
        raise refuse(
            "other_columns",
            f"{where} ({_list(list(known))}), received a table {', '.join(faults)}",
            "Files that are one table have the same columns. Say in `files` which of them are meant.",
            "options.files",
        )
    for name, column in known.items():
        if pa.types.is_string(column.type) != pa.types.is_string(received[name].type):
            raise refuse(
                "other_columns",
                f"{where}, where {name!r} holds {column.type}, received {received[name].type}",
                "Write the files with the same types.",
                f"options.columns.{name}",
            )


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES:,} more"
