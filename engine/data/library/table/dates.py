"""Cells as points in time: how they are written, and the first cell that is none."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.table.options import ISO
from engine.data.library.table.problems import refuse, refuse_cell
from engine.data.library.table.values import CellReader, Numbers, Rows, find_first_unreadable, to_seconds

MICROSECONDS = pa.timestamp("us")
DAYS = (
    "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%y", "%d.%m.%Y", "%m/%d/%y", "%m/%d/%Y", "%d/%m/%y", "%d/%m/%Y", "%d-%m-%Y",
    "%m-%d-%Y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%b %d %Y",
)  # fmt: skip
TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S")
MONTHS = ("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%b-%Y", "%b-%y")
FORMATS = (ISO, *(day + time for day in DAYS for time in TIMES), *MONTHS)
"""What dates are tried as; %y comes before %Y, which takes 20 for the year 20."""

ISO_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
ZONE_PATTERN = r":[0-9.:]+(Z|[+-][0-9]{2}:?[0-9]{2})$"
DAY = re.compile("%[dejDFxcUW]")
FIRST_CELLS = 20
"""Cells that rule out most formats."""

MOSTLY = 0.9
"""The share of cells that a format must fit for a column to be taken for dates with faults."""

HINT = (
    "Correct the cell, say another `format` of the column's dates, or say in `missing` that this text means no value."
)


def read_dates(reader: CellReader, name: str, cells: pa.Array, rows: Rows, form: str) -> Numbers:
    """Shape (rows,): seconds since 1970 (UTC where a zone is said), NaN where there is none.

    Raises `IssuesError` with the file, row and column of the first cell that is no date.
    """
    if pa.types.is_temporal(cells.type):
        return to_seconds(cells)
    texts = reader.trim(cells if pa.types.is_string(cells.type) else pc.cast(cells, pa.string()))
    moments, place = _parse_iso(texts) if form == ISO else _parse(texts, form, name)
    if place is not None:
        what = "such as 2024-01-31 or 2024-01-31 23:59:00" if form == ISO else f"written as {form}"
        raise refuse_cell(reader.file, int(rows[place]), name, f"a date {what}", texts[place].as_py(), HINT)
    return to_seconds(moments)


def find_format(texts: Sequence[pa.Array]) -> tuple[str | None, str | None]:
    """How most of these dates are written, and how else all of them could be read; None where they are no dates.

    The texts are trimmed, and null where nothing is.
    """
    known = pa.concat_arrays([one.drop_null() for one in texts])
    first = known.slice(0, FIRST_CELLS)
    likely = [form for form in FORMATS if 2 * _count(first, form) > len(first)]
    counts = {form: _count(known, form) for form in likely}
    best = max(likely, key=counts.__getitem__, default=None)
    if best is None or not counts[best] or counts[best] < MOSTLY * len(known):
        return None, None
    alike = (form for form in likely if form != best and counts[form] == counts[best])
    return best, next(alike, None)


def _count(texts: pa.Array, form: str) -> int:
    if form == ISO:
        return pc.sum(pc.match_substring_regex(texts, ISO_PATTERN)).as_py() or 0
    moments, _ = _parse(texts, form, "")
    return len(moments) - int(moments.null_count)


def _parse_iso(texts: pa.Array) -> tuple[pa.Array, int | None]:
    """Points in time, and the place of the first text that is none."""
    cut = pc.replace_substring_regex(texts, pattern=r"(\.[0-9]{6})[0-9]+", replacement=r"\1")
    kind = pa.timestamp("us", "UTC") if pc.any(pc.match_substring_regex(cut, ZONE_PATTERN)).as_py() else MICROSECONDS
    try:
        return pc.cast(cut, kind), None
    except pa.ArrowInvalid:
        return pa.nulls(len(texts), kind), find_first_unreadable(cut, kind)


def _parse(texts: pa.Array, form: str, name: str) -> tuple[pa.Array, int | None]:
    said = form
    if not DAY.search(form):
        # Arrow takes the day before a month's first for a month without a day.
        texts, form = pc.binary_join_element_wise(texts, "1", "="), f"{form}=%d"
    try:
        moments = pc.strptime(texts, format=form, unit="s", error_is_null=True)
        wrong = _find_no_days(texts, moments, form)
    except pa.ArrowException as error:
        raise refuse(
            "invalid_option",
            f"column {name!r}: expected a format of dates such as %d.%m.%Y %H:%M, received {said!r}",
            argument=f"options.columns.{name}",
        ) from error
    moments = pc.if_else(pa.array(wrong), pa.scalar(None, moments.type), moments)
    lost = pc.and_(pc.is_null(moments), pc.is_valid(texts))
    place = pc.index(lost, True).as_py()
    return moments, None if place < 0 else place


def _find_no_days(texts: pa.Array, moments: pa.Array, form: str) -> npt.NDArray[np.bool_]:
    """Where a day is that no month has: 31.02. is read as the second or third of March, and 20 as the year 20."""
    wrong = np.zeros(len(texts), np.bool_)
    if len(texts) == moments.null_count:
        return wrong
    early = pc.fill_null(pc.less_equal(pc.day(moments), 3), False).to_numpy(zero_copy_only=False)
    places = np.flatnonzero(early)
    if len(places) and "%z" not in form:
        written = pc.strftime(pc.take(moments, pa.array(places)), format=form)
        same = pc.equal(_make_plain(pc.take(texts, pa.array(places))), _make_plain(written))
        wrong[places] = ~same.to_numpy(zero_copy_only=False)
    ancient: npt.NDArray[np.bool_] = pc.fill_null(pc.less(pc.year(moments), 100), False).to_numpy(zero_copy_only=False)
    return wrong | ancient


def _make_plain(dates: pa.Array) -> pa.Array:
    """Without zeros in front of numbers, with names of months by three letters."""
    shorter = pc.replace_substring_regex(dates, pattern=r"\b0+([0-9])", replacement=r"\1")
    shorter = pc.replace_substring_regex(shorter, pattern=r"([A-Za-z]{3})[A-Za-z]+", replacement=r"\1")
    return pc.utf8_lower(pc.replace_substring_regex(shorter, pattern=r"\s+", replacement=" "))
