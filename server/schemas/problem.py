"""The one shape of every error: RFC 9457 `application/problem+json`."""

from pydantic import BaseModel

from engine.graph.issues import Issue


class Problem(BaseModel):
    """`type` is a stable identifier such as `/problems/not-found`; `detail` says what was expected and what came."""

    type: str
    title: str
    status: int
    detail: str
    issues: list[Issue] = []
