"""Parquet, row group by row group."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from engine.data.library.kinds import GivenFile
from engine.data.library.table.limits import (
    BYTES_PER_BATCH,
    CELLS_PER_BATCH,
    MAX_BATCH_TEXT,
    MAX_CELL_CHARACTERS,
    MAX_CHUNK_BYTES,
)
from engine.data.library.table.names import check_width, settle_names
from engine.data.library.table.problems import refuse
from engine.data.library.table.reading import Batch, Batches, Column

MAGIC = b"PAR1"
MAX_BATCH_ROWS = 50_000


class ParquetTable:
    """A Parquet file as a table. Raises `IssuesError` for one that is broken."""

    def __init__(self, file: GivenFile):
        self.file = file
        self.texts: set[str] = set()
        self._done = 0
        with self._open() as opened:
            schema = opened.schema_arrow
            self.samples: int | None = opened.metadata.num_rows
            self._bytes = _count_bytes(file, opened.metadata)
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

    def read(self, names: Sequence[str]) -> Batches:
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
        per_row = 1 + self._bytes // max(1, self.samples or 0)
        size = max(1, min(MAX_BATCH_ROWS, CELLS_PER_BATCH // max(1, len(given)), BYTES_PER_BATCH // per_row))
        texts = [
            one for name, one in zip(names, given, strict=True) if pa.types.is_string(self.columns[places[name]].type)
        ]
        try:
            # A text that stands in many rows is held once.
            with self._open(texts) as opened:
                for piece in opened.iter_batches(batch_size=size, columns=given, use_threads=False):
                    piece.validate(full=True)  # Arrow itself believes that texts are UTF-8
                    rows = np.arange(self._done + 1, self._done + piece.num_rows + 1, dtype=np.int64)
                    self._done += piece.num_rows
                    by_name = dict(zip(piece.schema.names, piece.columns, strict=True))
                    yield Batch(
                        self.file,
                        rows,
                        {
                            name: self._read_whole(name, by_name[one])
                            if name in self.texts
                            else _simplify_cells(by_name[one])
                            for name, one in zip(names, given, strict=True)
                        },
                    )
        except (pa.ArrowException, OSError) as error:
            raise self._explain(error, f"after row {self._done:,}: ") from error

    def read_each(self, names: Sequence[str]) -> list[Batches]:
        """It is one file."""
        return [self.read(names)]

    def _read_whole(self, name: str, cells: pa.Array) -> pa.Array:
        """The cells of a column of texts. Raises `IssuesError` for too many of them at once."""
        if pa.types.is_dictionary(cells.type):
            size = pc.sum(pc.take(pc.binary_length(cells.dictionary), cells.indices)).as_py() or 0
            if size > MAX_BATCH_TEXT:
                raise refuse(
                    "too_much_text",
                    f"{self.file.name}: column {name!r}, after row {self._done:,}: expected at most {MAX_BATCH_TEXT:,}"
                    f" bytes of texts in {len(cells):,} rows, received {size:,}",
                    "Skip this column.",
                    f"options.columns.{name}",
                )
        return pc.cast(cells, pa.string(), safe=False)

    def _open(self, texts: Sequence[str] = ()) -> parquet.ParquetFile:
        try:
            return parquet.ParquetFile(
                self.file.path, read_dictionary=list(texts), buffer_size=1 << 20, pre_buffer=False
            )
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._explain(error, "") from error

    def _explain(self, error: Exception, where: str) -> Exception:
        return refuse(
            "broken_parquet",
            f"{self.file.name}: {where}expected a whole Parquet file, received one that cannot be read:"
            f" {str(error).splitlines()[0][:300] if str(error) else type(error).__name__}",
            "The file may have been cut off while it was copied.",
        )


def _count_bytes(file: GivenFile, metadata: parquet.FileMetaData) -> int:
    """What the whole table unpacks to. Raises `IssuesError` for a piece that would not fit into memory."""
    total = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(group.num_columns):
            chunk = group.column(place)
            if chunk.total_uncompressed_size > MAX_CHUNK_BYTES:
                raise refuse(
                    "large_row_group",
                    f"{file.name}: row group {number + 1:,}, column {chunk.path_in_schema[:100]!r}: expected at most"
                    f" {MAX_CHUNK_BYTES:,} bytes, received {chunk.total_uncompressed_size:,}",
                    "Write the file with smaller row groups.",
                )
            total += chunk.total_uncompressed_size
    return total


def _simplify_cells(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        cut = pc.utf8_slice_codeunits(cells.dictionary, 0, MAX_CELL_CHARACTERS)
        cells = pa.DictionaryArray.from_arrays(cells.indices, cut)
    elif pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        cells = pc.utf8_slice_codeunits(cells, 0, MAX_CELL_CHARACTERS)
    return pc.cast(cells, _simplify(cells.type), safe=False)


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
            pa.types.is_timestamp,
            pa.types.is_date,
            pa.types.is_string,
            pa.types.is_large_string,
        )
    )
