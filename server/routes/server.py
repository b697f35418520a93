"""What this server is and what it allows, for pages and programs."""

from fastapi import APIRouter
from pydantic import BaseModel

from server.dependencies import SettingsDep
from server.version import get_version

router = APIRouter(prefix="/server", tags=["server"])


class ServerPublic(BaseModel):
    """`version` is Layerloom's. `allow_code`: models may bring layers in Python, which its child processes then run."""

    version: str
    allow_code: bool


@router.get("", summary="What does this server allow?")
async def read_server(settings: SettingsDep) -> ServerPublic:
    """What a client has to know of how the server was started. It stays the same for as long as the server runs."""
    return ServerPublic(version=get_version(), allow_code=settings.allow_code)
