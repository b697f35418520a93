"""The OpenAPI document of the API."""

import json
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue

from server.problem_response import PROBLEM_JSON

DESCRIPTION = """Draws, checks, trains and watches Keras models. Everything that the pages do, this API does.

Errors are `application/problem+json`; lists have cursors; drafts have ETags; NaN and infinities are the strings
`"NaN"`, `"Infinity"` and `"-Infinity"`."""


def install_openapi(app: FastAPI) -> None:
    """Makes the app answer our document at its OpenAPI address."""

    def describe() -> dict[str, JsonValue]:
        if app.openapi_schema is None:
            app.openapi_schema = describe_api(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI documents this as the way


def describe_api(app: FastAPI) -> dict[str, JsonValue]:
    """The document, with problems under their own media type."""
    document: dict[str, JsonValue] = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    for response in _find_problem_responses(document):
        content = response["content"]
        if isinstance(content, dict):
            content[PROBLEM_JSON] = content.pop("application/json")
    return document


def dump_openapi(app: FastAPI) -> str:
    """The document as text that changes only where the API does."""
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def _find_problem_responses(part: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(part, dict):
        content = part.get("content")
        if isinstance(content, dict) and "/schemas/Problem'" in repr(content.get("application/json")):
            yield part
        for value in part.values():
            yield from _find_problem_responses(value)
    elif isinstance(part, list):
        for value in part:
            yield from _find_problem_responses(value)
