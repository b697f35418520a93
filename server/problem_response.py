"""Problem documents as answers. Imports little: the guard answers with them before the application is loaded."""

from http import HTTPStatus

import orjson
from starlette.responses import Response

from engine.graph.issues import Issue
from server.schemas.problem import Problem

PROBLEM_JSON = "application/problem+json"


class ProblemResponse(Response):
    """A problem document. Text that is no valid Unicode is shown with replacement characters instead of failing."""

    media_type = PROBLEM_JSON

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None):
        super().__init__(encode_problem(problem), status_code=problem.status, headers=headers)


def encode_problem(problem: Problem) -> bytes:
    """The document as UTF-8 JSON, whatever characters its texts hold."""
    return orjson.dumps(_make_encodable(problem.model_dump()))


def make_problem(
    status: int, detail: str, *, code: str | None = None, title: str | None = None, issues: list[Issue] | None = None
) -> Problem:
    """A problem; code and title default to the status's own phrase."""
    code = code or HTTPStatus(status).phrase.lower().replace(" ", "_")
    return Problem(
        type=f"/problems/{code.replace('_', '-')}",
        title=title or code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        issues=issues or [],
    )


def _make_encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {str(_make_encodable(key)): _make_encodable(item) for key, item in value.items()}
    return [_make_encodable(item) for item in value] if isinstance(value, list) else value
