"""The files of a table, opened as what they are."""

from collections.abc import Sequence

from engine.data.library.encodings import find_mark
from engine.data.library.kinds import GivenFile
from engine.data.library.table.byte_stream import is_packed, read_start
from engine.data.library.table.csv_table import CsvTable
from engine.data.library.table.dialect import settle_text_options
from engine.data.library.table.joining import JoinedTable
from engine.data.library.table.options import TableOptions
from engine.data.library.table.parquet_table import MAGIC, ParquetTable
from engine.data.library.table.problems import refuse
from engine.data.library.table.reading import Table
from engine.errors import IssuesError

LOOKED_AT_BYTES = 8 << 10
TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data")
PACKED_ENDINGS = (".gz", ".bz2", ".zst")
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")
OTHER_MAGIC = (b"%PDF", b"{", b"[{", b"<?xml", b"<!DOCTYPE", b"<html")


def looks_like_table(file: GivenFile) -> bool:
    """Whether this is Parquet or a text that can be a table, packed or not, by its first bytes."""
    try:
        head = read_start(file, LOOKED_AT_BYTES)
    except (OSError, IssuesError):
        return False
    if head.startswith(MAGIC):
        return True
    if not head or find_mark(head) is not None:
        name = file.name.lower()
        return next((name.removesuffix(end) for end in PACKED_ENDINGS if name.endswith(end)), name).endswith(
            TEXT_ENDINGS
        )
    return not head.lstrip().startswith(OTHER_MAGIC) and not CONTROLS.intersection(head)


def open_table(files: Sequence[GivenFile], options: TableOptions) -> tuple[Table, TableOptions]:
    """The table, and the options with everything settled that the reading of its cells needs.

    Where there are several files, the first one says how all of them are read. Raises `IssuesError`.
    """
    first, settled = _open_file(files[0], options)
    if len(files) == 1 and not options.file_column:
        return first, settled
    parts = [first, *(_open_alike(file, first, settled) for file in files[1:])]
    return JoinedTable(parts, options.file_column), settled


def _open_file(file: GivenFile, options: TableOptions) -> tuple[Table, TableOptions]:
    try:
        if _is_parquet(file):
            return ParquetTable(file), options.model_copy(update={"decimal": options.decimal or "."})
        settled = settle_text_options(file, options)
        return CsvTable(file, settled), settled
    except OSError as error:
        raise refuse(
            "unreadable_file", f"{file.name}: expected a file that can be read: {error.strerror or error}"
        ) from error


def _open_alike(file: GivenFile, first: Table, settled: TableOptions) -> Table:
    """Another file of a table. Raises `IssuesError` for one that is of another format, or divided otherwise."""
    if _is_parquet(file) != isinstance(first, ParquetTable):
        formats = ("text", "Parquet") if isinstance(first, CsvTable) else ("Parquet", "text")
        raise refuse(
            "other_format",
            f"{file.name}: expected {formats[0]} as {first.file.name} is, received {formats[1]}",
            "Say in `files` which of them are meant.",
            "options.files",
        )
    if isinstance(first, ParquetTable):
        return ParquetTable(file)
    table = CsvTable(file, settled)
    if len(table.columns) != len(first.columns):
        found = settle_text_options(file, settled.model_copy(update={"delimiter": None})).delimiter
        if found != settled.delimiter:
            raise refuse(
                "other_delimiter",
                f"{file.name}: expected cells divided by {settled.delimiter!r} as in {first.file.name}, received cells"
                f" divided by {found!r}",
                "Write both in the same way, or say in `files` which of them are meant.",
                "options.delimiter",
            )
    return table


def _is_parquet(file: GivenFile) -> bool:
    """Raises `IssuesError` for one that is packed: it is not read from its beginning to its end."""
    if read_start(file, len(MAGIC)) != MAGIC:
        return False
    if is_packed(file):
        raise refuse(
            "packed_parquet",
            f"{file.name}: expected a Parquet file as it is, received one that is packed or in a zip",
            "Parquet packs its columns itself: bring the files without packing them, several at once or as a folder.",
        )
    return True
