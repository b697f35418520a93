"""The one file of a table, opened as what it is."""

from collections.abc import Sequence

from engine.data.library.encodings import find_mark
from engine.data.library.kinds import GivenFile
from engine.data.library.table.csv_table import CsvTable
from engine.data.library.table.dialect import settle_text_options
from engine.data.library.table.options import TableOptions
from engine.data.library.table.parquet_table import MAGIC, ParquetTable
from engine.data.library.table.problems import refuse

LOOKED_AT_BYTES = 8 << 10
TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data")
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")
OTHER_MAGIC = (b"%PDF", b"{", b"[{", b"<?xml", b"<!DOCTYPE", b"<html")


def looks_like_table(file: GivenFile) -> bool:
    """Whether this is Parquet or a text that can be a table, by its first bytes."""
    try:
        with file.path.open("rb") as opened:
            head = opened.read(LOOKED_AT_BYTES)
    except OSError:
        return False
    if head.startswith(MAGIC):
        return True
    if not head or find_mark(head) is not None:
        return file.name.lower().endswith(TEXT_ENDINGS)
    return not head.lstrip().startswith(OTHER_MAGIC) and not CONTROLS.intersection(head)


def open_table(files: Sequence[GivenFile], options: TableOptions) -> tuple[CsvTable | ParquetTable, TableOptions]:
    """The table, and the options with everything settled that the reading of its cells needs. Raises `IssuesError`."""
    if len(files) != 1:
        raise refuse("one_file", f"expected one file with a table, received {len(files)} files")
    file = files[0]
    try:
        with file.path.open("rb") as opened:
            is_parquet = opened.read(len(MAGIC)) == MAGIC
        if is_parquet:
            return ParquetTable(file), options.model_copy(update={"decimal": options.decimal or "."})
        settled = settle_text_options(file, options)
        return CsvTable(file, settled), settled
    except OSError as error:
        raise refuse(
            "unreadable_file", f"{file.name}: expected a file that can be read: {error.strerror or error}"
        ) from error
