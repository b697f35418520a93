"""The one place where an error becomes an answer: `application/problem+json`."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as DatabaseTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from engine.errors import EngineError, IssuesError
from server.invalid_input import explain_validation
from server.jobs.compiler import CompilerCrashed, CompilerError, CompilerTimeout
from server.problem_response import ProblemResponse, make_problem

DATABASE_ERRORS = (OperationalError, DatabaseTimeout)
log = logging.getLogger("layerloom.errors")

STATUS_OF_CODE = {
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "unknown_dataset": 404,
    "conflict": 409,
    "dataset_unavailable": 409,
    "stale": 412,
    "too_large": 413,
    "download_failed": 502,
    "too_many": 429,
    "unavailable": 503,
}
"""What an `EngineError` with this code answers; every other code answers 422."""


def install_error_handlers(app: FastAPI) -> None:
    """Makes every error that leaves a route or the routing a problem document."""
    for error in (
        RequestValidationError,
        HTTPException,
        EngineError,
        CompilerError,
        UnicodeEncodeError,
        ClientDisconnect,
        *DATABASE_ERRORS,
    ):
        app.add_exception_handler(error, _answer_error)
    app.add_exception_handler(Exception, _answer_error)


def _answer_error(request: Request, error: Exception) -> Response:
    match error:
        case RequestValidationError():
            return _answer_validation(error)
        case HTTPException():
            return _answer_http(request, error)
        case EngineError():
            return _answer_engine(error)
        case CompilerError():
            return _answer_compiler(error)
        case UnicodeEncodeError():
            return _answer_unicode(error)
        case OperationalError() | DatabaseTimeout():
            return _answer_database(error)
        case ClientDisconnect():
            # Nobody reads it any more; it is no fault that belongs into the log.
            return ProblemResponse(make_problem(400, "The connection was closed before the whole body had come."))
        case _:
            return _answer_unexpected(request, error)


def _answer_validation(error: RequestValidationError) -> Response:
    issues = explain_validation(error.errors(), error.body)
    more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
    problem = make_problem(422, f"{issues[0].message}{more}", code="invalid_request", issues=issues)
    return ProblemResponse(problem)


def _answer_http(request: Request, error: HTTPException) -> Response:
    detail = error.detail
    if error.status_code == 404 and detail == HTTPStatus(404).phrase:
        detail = f"There is nothing at {request.url.path}. The resources are listed at /api/openapi.json."
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        detail = f"{request.url.path} does not take {request.method}; expected {allowed}."
    return ProblemResponse(make_problem(error.status_code, detail), dict(error.headers or {}))


def _answer_engine(error: EngineError) -> Response:
    issues = error.issues if isinstance(error, IssuesError) else []
    detail = f"{error.message} {error.hint}" if error.hint else error.message
    problem = make_problem(STATUS_OF_CODE.get(error.code, 422), detail, code=error.code, issues=issues)
    return ProblemResponse(problem)


def _answer_compiler(error: CompilerError) -> Response:
    if isinstance(error, CompilerTimeout):
        problem = make_problem(504, str(error), code="compiler_timeout")
    elif isinstance(error, CompilerCrashed):
        problem = make_problem(502, str(error), code="compiler_crashed")
    else:
        problem = make_problem(503, str(error), code="compiler_unavailable")
    return ProblemResponse(problem)


def _answer_unicode(error: UnicodeEncodeError) -> Response:
    strange = f"U+{ord(error.object[error.start]):04X}"
    detail = f"Expected text in valid Unicode; there is a lone surrogate {strange} in it."
    return ProblemResponse(make_problem(422, detail, code="invalid_text"))


def _answer_database(error: OperationalError | DatabaseTimeout) -> Response:
    cause = str(error.orig if isinstance(error, OperationalError) else error)
    log.error("the database could not answer: %s", cause)
    if "disk is full" in cause:
        return ProblemResponse(make_problem(507, "The disk that holds the database is full; nothing was stored."))
    detail = "The database is busy or cannot be written at the moment; nothing was stored. Try again."
    return ProblemResponse(make_problem(503, detail, code="database_unavailable"), {"Retry-After": "1"})


def _answer_unexpected(request: Request, error: Exception) -> Response:
    detail = (
        f"{request.method} {request.url.path} failed through a fault of the server ({type(error).__name__})."
        " The server's log has the details."
    )
    return ProblemResponse(make_problem(500, detail, code="internal_error"))
