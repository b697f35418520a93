"""How an answer of the compiler process travels: one byte that says what it is, then the bytes themselves."""

from typing import Final

from pydantic import BaseModel

from engine.errors import ConfigError, EngineError, GraphError, IssuesError
from engine.graph.issues import Issue


class Outcome:
    """The first byte: an answer, a refusal (an `EngineError`), or a fault inside the engine (a traceback)."""

    ANSWER: Final = b"+"
    REFUSAL: Final = b"-"
    FAULT: Final = b"!"


KINDS: dict[str, type[IssuesError]] = {kind.__name__: kind for kind in (GraphError, ConfigError, IssuesError)}


class _Refusal(BaseModel):
    kind: str
    code: str
    message: str
    hint: str | None
    issues: list[Issue]


def encode_refusal(error: EngineError) -> bytes:
    """The error as JSON."""
    kind = next((name for name, kind in KINDS.items() if isinstance(error, kind)), EngineError.__name__)
    issues = error.issues if isinstance(error, IssuesError) else []
    refusal = _Refusal(kind=kind, code=error.code, message=error.message, hint=error.hint, issues=issues)
    return refusal.model_dump_json().encode()


def decode_refusal(body: bytes) -> EngineError:
    """The error that `encode_refusal` wrote, of the same kind."""
    refusal = _Refusal.model_validate_json(body)
    kind = KINDS.get(refusal.kind)
    if kind is None:
        return EngineError(refusal.code, refusal.message, refusal.hint)
    return kind(refusal.code, refusal.message, refusal.hint, refusal.issues)
