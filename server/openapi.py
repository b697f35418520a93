"""The OpenAPI document of the API."""

import json

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue
from pydantic.json_schema import models_json_schema

from server.schemas.problem import Problem

SCHEMAS = "#/components/schemas/"

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
    """The document, with the problems that routes name as answers."""
    document: dict[str, JsonValue] = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    _, problem = models_json_schema([(Problem, "validation")], ref_template=f"{SCHEMAS}{{model}}")
    components = document["components"]
    if isinstance(components, dict) and isinstance(schemas := components["schemas"], dict):
        components["schemas"] = dict(sorted({**problem["$defs"], **schemas}.items()))
    return document


def dump_openapi(app: FastAPI) -> str:
    """The document as text that changes only where the API does."""
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
