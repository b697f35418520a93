"""Finding out how a text is divided into cells, from its first rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.data.library.encodings import guess_encoding
from engine.data.library.kinds import GivenFile
from engine.data.library.table.byte_stream import read_start
from engine.data.library.table.limits import FIRST_BYTES, HEAD_BYTES, MAX_COLUMNS
from engine.data.library.table.options import TableOptions
from engine.data.library.table.problems import refuse
from engine.data.library.table.text import Utf8Stream

DELIMITERS = (",", "\t", ";", "|")
SNIFFED_CHARACTERS = 64 << 10
SNIFFED_ROWS = 50
NUMBER = re.compile(r"\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*", re.ASCII)
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*", re.ASCII)


def settle_text_options(file: GivenFile, options: TableOptions) -> TableOptions:
    """The options with everything settled that a text has: what was left open is found out. Raises `IssuesError`."""
    raw = read_start(file, HEAD_BYTES)
    if not raw.strip():
        raise refuse("empty_file", f"{file.name}: expected a table, received a file of {len(raw):,} bytes without text")
    encoding = options.encoding or guess_encoding(raw)
    text = _read_head(file, encoding)
    if not text.strip():
        raise refuse("empty_file", f"{file.name}: expected a table, received a file without text")
    sniffed = text[:SNIFFED_CHARACTERS]
    quote: str = '"' if options.quote is None else options.quote
    delimiter = options.delimiter or _guess_delimiter(sniffed, quote)
    if options.quote is None and "'" in sniffed:
        quote = _guess_quote(sniffed, delimiter)
    rows = list(islice(read_rows(file, text, delimiter, quote), SNIFFED_ROWS))
    return options.model_copy(
        update={
            "encoding": encoding,
            "delimiter": delimiter,
            "quote": quote,
            "header": _has_header(rows) if options.header is None else options.header,
            "decimal": options.decimal or _guess_decimal(rows, delimiter),
        }
    )


def read_first_row(file: GivenFile, options: TableOptions) -> list[str]:
    """The cells of the first row, with settled options. Raises `IssuesError`."""
    for size in (FIRST_BYTES, HEAD_BYTES):
        text = _read_head(file, options.encoding or "utf-8", size)
        rows = list(islice(read_rows(file, text, options.delimiter or ",", options.quote or ""), 2))
        if len(rows) > 1:
            break  # the first one is whole
    return rows[0] if rows else []


def read_rows(file: GivenFile, text: str, delimiter: str, quote: str) -> Iterator[list[str]]:
    """The rows of a text, one after another. Raises `IssuesError` for a cell that is too long."""
    reader = (
        csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
        if quote
        else csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    )
    try:
        for row in reader:
            _refuse_too_many_cells(file, reader.line_num, row)
            if row:
                yield row
    except csv.Error as error:
        raise refuse(
            "long_cell",
            f"{file.name}: row {reader.line_num:,}: expected cells of at most {csv.field_size_limit():,} characters"
            " among the first rows, received a longer one",
            "A quote that is never closed, or the wrong delimiter, can be the reason.",
        ) from error


def _refuse_too_many_cells(file: GivenFile, number: int, row: Sequence[str]) -> None:
    """At once: guessing what millions of cells are takes a minute."""
    if len(row) > MAX_COLUMNS:
        raise refuse(
            "too_many_columns",
            f"{file.name}: row {number:,}: expected at most {MAX_COLUMNS:,} columns, received {len(row):,} cells",
            "Another delimiter may be right.",
            "options.delimiter",
        )


def _read_head(file: GivenFile, encoding: str, size: int = HEAD_BYTES) -> str:
    stream = Utf8Stream(file, encoding)
    try:
        return stream.read(size).decode("utf-8", errors="ignore")  # the last character may be cut
    finally:
        stream.close()


def _read_sniffed(text: str, delimiter: str, quote: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
        rows = list(islice(filter(None, reader), SNIFFED_ROWS + 1))
    except csv.Error:
        return []
    # The last row may be cut.
    return rows[:-1] if len(rows) > 1 else rows


def _guess_delimiter(text: str, quote: str) -> str:
    def judge(delimiter: str) -> tuple[bool, float, int]:
        rows = _read_sniffed(text, delimiter, quote or '"')
        if not rows:
            return (False, 0.0, 0)
        width, times = Counter(map(len, rows)).most_common(1)[0]
        return (width > 1, times / len(rows), width)

    return max(DELIMITERS, key=judge)


def _guess_quote(text: str, delimiter: str) -> str:
    rows = _read_sniffed(text, delimiter, '"')
    cells = [cell for row in rows for cell in row]
    single = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if single and '"' not in text else '"'


def _has_header(rows: list[list[str]]) -> bool:
    """Names stand above values: no number among them, and numbers below, or nothing below that is equal."""
    if not rows or any(NUMBER.fullmatch(cell) for cell in rows[0]):
        return False
    first, *others = rows
    if not any(cell.strip() for cell in first):
        return False
    if not others or any(NUMBER.fullmatch(cell) for row in others for cell in row):
        return True
    return not any(name == cell for row in others for name, cell in zip(first, row, strict=False))


def _guess_decimal(rows: list[list[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell for row in rows for cell in row]
    with_comma = sum(bool(DECIMAL_COMMA.fullmatch(cell)) for cell in cells)
    with_point = sum(bool(DECIMAL_COMMA.fullmatch(cell.replace(",", "x").replace(".", ","))) for cell in cells)
    return "," if with_comma > with_point else "."
