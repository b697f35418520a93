"""Refuses bodies that are too large, as early as that can be known."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope


def announces_too_much(scope: Scope, limit: int) -> bool:
    """Whether the request says itself that its body is larger than `limit` bytes."""
    length = read_length(scope)
    return length is None or length > limit


def read_length(scope: Scope) -> int | None:
    """How many bytes the request says its body has (0 where it says nothing); None where that is no number."""
    length = Headers(scope=scope).get("content-length", "0")
    return int(length[:20]) if length.isascii() and length.isdigit() else None


def limit_body(receive: Receive, limit: int) -> Receive:
    """A `receive` that raises `HTTPException` 413 once more than `limit` bytes have come."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, say_too_large(limit))
        return message

    return receive_limited


def say_too_large(limit: int) -> str:
    """The sentence for whoever sent it."""
    return f"The body is too large; expected at most {limit} bytes."
