"""Pages of a long list: a cursor names the last item that was seen, so that what is added meanwhile shifts nothing."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, Connection, Integer, RowMapping, Select, literal, tuple_

from engine.errors import EngineError
from server.storage.columns import UtcDateTime

SortColumn = ColumnElement[str] | ColumnElement[int] | ColumnElement[datetime]


class _Cursor(BaseModel):
    """The sort key of the last item seen. It is a place in a list, not a secret: whatever it says is only compared."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sort: str = Field(max_length=40)
    value: str = Field(max_length=200)
    id: str = Field(max_length=40)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: `limit` items in the order `sort` (descending with a leading `-`), after `cursor`."""

    limit: int
    cursor: str | None
    sort: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of the next page; None after the last one."""

    rows: list[RowMapping]
    next_cursor: str | None


def fetch_page(
    connection: Connection,
    statement: Select[tuple[object, ...]],
    request: PageRequest,
    sortable: Mapping[str, SortColumn],
    identity: ColumnElement[str],
) -> Page:
    """One page of the statement's rows. `sortable` are its columns that can be sorted by, `identity` breaks ties.

    Raises:
        EngineError: the cursor is not one that this list handed out.
    """
    name = request.sort.removeprefix("-")
    descending = request.sort.startswith("-")
    column = sortable[name]
    if request.cursor is not None:
        seen = _decode_cursor(request.cursor, request.sort)
        value = _parse_key(seen.value, column)
        key, last = tuple_(column, identity), tuple_(literal(value, column.type), literal(seen.id, identity.type))
        statement = statement.where(key < last if descending else key > last)
    order = (column.desc(), identity.desc()) if descending else (column.asc(), identity.asc())
    rows: Sequence[RowMapping] = (
        connection.execute(statement.order_by(*order).limit(request.limit + 1)).mappings().all()
    )
    shown = list(rows[: request.limit])
    more = len(rows) > request.limit
    return Page(shown, _encode_cursor(request.sort, shown[-1], name) if more else None)


def _encode_cursor(sort: str, row: RowMapping, name: str) -> str:
    value = row[name]
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    cursor = _Cursor(sort=sort, value=text, id=row["id"])
    return base64.urlsafe_b64encode(cursor.model_dump_json().encode()).decode().rstrip("=")


def _decode_cursor(cursor: str, sort: str) -> _Cursor:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        seen = _Cursor.model_validate_json(base64.urlsafe_b64decode(padded))
    except (UnicodeEncodeError, binascii.Error, ValidationError) as error:
        raise _refuse_cursor("it was not made by this server") from error
    if seen.sort != sort:
        raise _refuse_cursor(f"it belongs to sort={seen.sort!r}, and this request has sort={sort!r}")
    return seen


def _parse_key(text: str, column: SortColumn) -> str | int | datetime:
    try:
        if isinstance(column.type, Integer):
            return int(text)
        return datetime.fromisoformat(text).astimezone(UTC) if isinstance(column.type, UtcDateTime) else text
    except (ValueError, OverflowError) as error:
        raise _refuse_cursor("it was not made by this server") from error


def _refuse_cursor(reason: str) -> EngineError:
    return EngineError(
        "invalid_cursor",
        f"Expected a cursor from the next_cursor of an earlier page of this list; {reason}.",
        "Leave the cursor out to start at the first page.",
    )
