"""CSV and TSV, parsed block by block in native code."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from engine.data.library.kinds import GivenFile
from engine.data.library.table.dialect import read_first_row
from engine.data.library.table.limits import BLOCK_PER_COLUMN, MAX_BLOCK, MIN_BLOCK
from engine.data.library.table.long_lines import find_long_line
from engine.data.library.table.names import check_width, settle_names
from engine.data.library.table.options import TableOptions
from engine.data.library.table.problems import refuse
from engine.data.library.table.reading import Batch, Batches, Column
from engine.data.library.table.text import Utf8Stream
from engine.data.library.table.values import Rows

NOTHING = pa.scalar(0, pa.int32())


class CsvTable:
    """A text file as a table; `options` are settled. Raises `IssuesError`."""

    def __init__(self, file: GivenFile, options: TableOptions):
        self.file = file
        self._options = options
        first = read_first_row(file, options)
        check_width(file, len(first))
        given = first if options.header else [f"column {place}" for place in range(1, len(first) + 1)]
        names, self.notes = settle_names(file, given)
        self.columns = [Column(name, pa.string()) for name in names]
        self.texts: set[str] = set()
        self.samples: int | None = None
        self._stream: Utf8Stream | None = None
        self._wrong_rows: list[csv.InvalidRow] = []

    @property
    def share(self) -> float:
        """How much of the file was read."""
        return self._stream.share if self._stream else 0.0

    def read(self, names: Sequence[str]) -> Batches:
        """The columns of these names. Rows without a value in any of them (blank lines) are left out."""
        self._wrong_rows.clear()
        # Not more than one reading at a time: `share` is that of the latest.
        self._stream = Utf8Stream(self.file, self._options.encoding or "utf-8")
        try:
            yield from self._read_batches(names)
        finally:
            self._stream.close()

    def read_each(self, names: Sequence[str]) -> list[Batches]:
        """It is one file."""
        return [self.read(names)]

    def _read_batches(self, names: Sequence[str]) -> Batches:
        numbers = {column.name: str(place) for place, column in enumerate(self.columns)}
        row = 1
        for block in self._open([numbers[name] for name in names], row):
            piece, rows = block, np.arange(row, row + block.num_rows, dtype=np.int64)
            row += block.num_rows
            if rows.size and rows[0] == 1 and self._options.header:
                piece, rows = piece.slice(1), rows[1:]
            if len(self.columns) > 1:
                piece, rows = _drop_blank_rows(piece, rows)
            if rows.size:
                yield Batch(self.file, rows, dict(zip(names, piece.columns, strict=True)))

    def _open(self, numbers: list[str], row: int) -> Iterator[pa.RecordBatch]:
        """The pieces as Arrow reads them; what goes wrong is said with its row."""
        options, width = self._options, len(self.columns)
        block = min(MAX_BLOCK, max(MIN_BLOCK, BLOCK_PER_COLUMN * width))
        try:
            reader = csv.open_csv(
                pa.PythonFile(self._stream, mode="r"),
                # The header is read as a row, so that names may be anything and rows are numbered as in the file.
                csv.ReadOptions(
                    use_threads=False, block_size=block, column_names=[str(place) for place in range(width)]
                ),
                csv.ParseOptions(
                    delimiter=options.delimiter,
                    quote_char=options.quote or False,
                    newlines_in_values=bool(options.quote),
                    ignore_empty_lines=False,
                    invalid_row_handler=self._note_wrong_row,
                ),
                csv.ConvertOptions(
                    column_types={number: pa.string() for number in numbers},
                    include_columns=numbers,
                    strings_can_be_null=False,
                    check_utf8=False,  # the stream has checked it
                ),
            )
            for piece in reader:
                self._refuse_wrong_row()
                yield piece
                row += piece.num_rows
            self._refuse_wrong_row()
        except pa.ArrowInvalid as error:
            self._refuse_wrong_row()
            raise self._explain(error, row, block) from error

    def _note_wrong_row(self, wrong: csv.InvalidRow) -> str:
        if not self._wrong_rows:
            self._wrong_rows.append(wrong)
        return "skip"

    def _refuse_wrong_row(self) -> None:
        if self._wrong_rows:
            wrong = self._wrong_rows[0]
            where = f"{self.file.name}: row {wrong.number:,}"
            shown = wrong.text if len(wrong.text) <= 80 else wrong.text[:80] + "…"
            raise refuse(
                "ragged_row",
                f"{where}: expected {wrong.expected_columns:,} cells as in the first row, received"
                f" {wrong.actual_columns:,}: {shown!r}",
                "Another delimiter or quote may be right; a cell that holds the delimiter has to stand in quotes.",
                "options.delimiter",
            )

    def _explain(self, error: pa.ArrowInvalid, row: int, block: int) -> Exception:
        if "straddling" in str(error):
            where = self._find_long_line(block) or f"after row {row:,}"
            return refuse(
                "long_row",
                f"{self.file.name}: {where}: expected rows of at most {block:,} bytes, received a longer one",
                "A quote that is never closed can be the reason; another `quote`, or none, may be right.",
                "options.quote",
            )
        return refuse("bad_table", f"{self.file.name}: after row {row:,}: expected a table of text: {error}"[:500])

    def _find_long_line(self, limit: int) -> str | None:
        """None where no line is long, but a row of many lines is, such as one whose quote is never closed."""
        with closing(Utf8Stream(self.file, self._options.encoding or "utf-8")) as stream:
            number = find_long_line(stream, limit)
        return None if number is None else f"line {number:,}"


def _drop_blank_rows(piece: pa.RecordBatch, rows: Rows) -> tuple[pa.RecordBatch, Rows]:
    """Without the rows of which all cells are empty."""
    blank = None
    for column in piece.columns:
        empty = pc.equal(pc.binary_length(column), NOTHING)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return piece, rows
    kept = pc.invert(blank)
    return piece.filter(kept), rows[kept.to_numpy(zero_copy_only=False)]
