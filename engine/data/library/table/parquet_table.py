"""Parquet, row group by row group."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from engine.data.library.kinds import GivenFile
from engine.data.library.table.limits import CELLS_PER_BATCH
from engine.data.library.table.names import check_width, settle_names
from engine.data.library.table.problems import refuse
from engine.data.library.table.reading import Batch, Column

MAGIC = b"PAR1"
MAX_BATCH_ROWS = 100_000


class ParquetTable:
    """A Parquet file as a table. Raises `IssuesError` for one that is broken."""

    def __init__(self, file: GivenFile):
        self.file = file
        self._done = 0
        with self._open() as opened:
            schema = opened.schema_arrow
            self.samples = opened.metadata.num_rows
        check_width(file, len(schema))
        self._given = list(schema.names)
        names, self.notes = settle_names(file, self._given)
        self.columns = [
            Column(name, _simplify(field.type), _is_readable(field.type))
            for name, field in zip(names, schema, strict=True)
        ]

    @property
    def share(self) -> float:
        """How many of the rows were read."""
        return self._done / max(1, self.samples or 0)

    def read(self, names: Sequence[str]) -> Iterator[Batch]:
        """The columns of these names, which must be readable ones."""
        places = {column.name: place for place, column in enumerate(self.columns)}
        given = [self._given[places[name]] for name in names]
        if len(set(given)) < len(given) or any(self._given.count(name) > 1 for name in given):
            raise refuse(
                "equal_names",
                f"{self.file.name}: expected a name of its own for each column that is used, received some twice",
                "Skip these columns, or write the file with other names.",
            )
        self._done = 0
        size = max(1, min(MAX_BATCH_ROWS, CELLS_PER_BATCH // max(1, len(given))))
        try:
            with self._open() as opened:
                for piece in opened.iter_batches(batch_size=size, columns=given, use_threads=False):
                    piece.validate(full=True)  # Arrow itself believes that texts are UTF-8
                    rows = np.arange(self._done + 1, self._done + piece.num_rows + 1, dtype=np.int64)
                    self._done += piece.num_rows
                    by_name = dict(zip(piece.schema.names, piece.columns, strict=True))
                    yield Batch(
                        rows,
                        {
                            name: pc.cast(by_name[one], _simplify(by_name[one].type), safe=False)
                            for name, one in zip(names, given, strict=True)
                        },
                    )
        except (pa.ArrowException, OSError) as error:
            raise self._explain(error, f"after row {self._done:,}: ") from error

    def _open(self) -> parquet.ParquetFile:
        try:
            return parquet.ParquetFile(self.file.path, buffer_size=1 << 20, pre_buffer=False)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._explain(error, "") from error

    def _explain(self, error: Exception, where: str) -> Exception:
        return refuse(
            "broken_parquet",
            f"{self.file.name}: {where}expected a whole Parquet file, received one that cannot be read:"
            f" {str(error).splitlines()[0][:300] if str(error) else type(error).__name__}",
            "The file may have been cut off while it was copied.",
        )


def _simplify(given: pa.DataType) -> pa.DataType:
    """The few types that cells are made of: strings, booleans, whole numbers, float64."""
    if pa.types.is_floating(given) or pa.types.is_decimal(given):
        return pa.float64()
    if pa.types.is_dictionary(given) or pa.types.is_large_string(given):
        return pa.string() if _is_readable(given) else given
    return given


def _is_readable(given: pa.DataType) -> bool:
    if pa.types.is_dictionary(given):
        return bool(pa.types.is_string(given.value_type) or pa.types.is_large_string(given.value_type))
    return any(
        test(given)
        for test in (
            pa.types.is_integer,
            pa.types.is_floating,
            pa.types.is_decimal,
            pa.types.is_boolean,
            pa.types.is_string,
            pa.types.is_large_string,
        )
    )
