"""Whether the server is there."""

from fastapi import APIRouter
from pydantic import BaseModel

from server.version import get_version

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """`status` is always `ok`: a server that cannot answer does not answer."""

    status: str
    version: str


@router.get("/health", summary="Is the server there?")
async def read_health() -> Health:
    """Answers as soon as the server takes requests. Says nothing about the process that has Keras."""
    return Health(status="ok", version=get_version())
