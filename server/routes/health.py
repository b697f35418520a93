"""Whether the server is there."""

from fastapi import APIRouter
from pydantic import BaseModel

from server.health import describe_health

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """`status` is always `ok`: a server that cannot answer does not answer."""

    status: str
    version: str


@router.get("/health", summary="Is the server there?")
async def read_health() -> Health:
    """Answers as soon as the server takes requests. Says nothing about the process that has Keras."""
    return Health.model_validate(describe_health())
