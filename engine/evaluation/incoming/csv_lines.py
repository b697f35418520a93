"""The lines of a table in CSV, as cells. What the cells mean is `csv_rows`'s."""

import csv
import io
import re
from dataclasses import dataclass

from engine.backend.values import MAX_NUMBERS
from engine.evaluation.incoming.received import RowIssues
from engine.evaluation.results import MAX_SAMPLES

DELIMITERS = ",;\t"
QUOTED = re.compile(r'"[^"]*"')
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts the file's lines from 1, the empty ones too."""

    number: int
    cells: list[str]


def split_lines(text: str) -> list[Line]:
    """The lines that have values, one at least. Raises `IssuesError` where it is no table, or too much of one."""
    problems = RowIssues()
    text = text.removeprefix(BYTE_ORDER_MARK)
    # Delimiters within quotes, as in names, separate nothing.
    first = QUOTED.sub("", re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0])
    delimiter = max(DELIMITERS, key=first.count)
    # Before anything is taken apart: one line may be all there is.
    if text.count(delimiter) > MAX_NUMBERS:
        message = f"There are more than {MAX_NUMBERS:,} values; expected at most so many."
        problems.add("too_many_values", "line 1", message, "Send fewer lines, or a part of the columns.")
        problems.raise_if_any()
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(Line(reader.line_num, [cell.strip() for cell in cells]))
            if len(lines) > MAX_SAMPLES + 1:
                message = f"There are more than {MAX_SAMPLES:,} lines; expected at most {MAX_SAMPLES:,}."
                problems.add("too_many_samples", f"line {reader.line_num}", message, "Send fewer.")
                break
    except csv.Error as error:
        number = reader.line_num
        problems.add("invalid_csv", f"line {number}", f"Line {number} cannot be read: {error}.")
    problems.raise_if_any()
    if not lines:
        problems.add("empty_csv", "line 1", "There is no line with values.", "Send a line of numbers for each sample.")
    problems.raise_if_any()
    return lines
