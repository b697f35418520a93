"""How routes say which problems they answer."""

from server.problem_response import PROBLEM_JSON

WHEN = {
    401: "The server wants a token, and none or a wrong one came.",
    403: "The request comes from another site.",
    404: "There is no such thing.",
    409: "It cannot be done in the state that the thing is in.",
    412: "The graph was changed since: `If-Match` names an older revision.",
    413: "The body is too large.",
    422: "The request is understood and cannot be done; `detail` and `issues` say why.",
    429: "There are as many already as the server allows.",
    502: "The process that has Keras died while it worked and was started again, or a download failed.",
    503: "Not available at the moment.",
    504: "The process that has Keras took too long; it was started again.",
    507: "There is no room on the disk, or for data sets.",
}

Responses = dict[int | str, dict[str, object]]

PROBLEM_CONTENT = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
"""By its name: of the model FastAPI would make a validator for each status of each route, at each start of a server."""


def problems(*statuses: int) -> Responses:
    """The `responses` of a route that can answer these statuses with a problem document."""
    return {status: {"description": WHEN[status], "content": PROBLEM_CONTENT} for status in statuses}


COMPILER_PROBLEMS = problems(502, 503, 504)
"""What every route can answer that needs the process that has Keras."""
