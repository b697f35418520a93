"""Templates: complete examples to start from."""

from fastapi import APIRouter

from server.schemas.model import TemplatePublic
from server.templates import fetch_templates

router = APIRouter(prefix="/templates", tags=["models"])


@router.get("", summary="List templates")
def list_templates() -> list[TemplatePublic]:
    """Complete examples, each with a training config that is known to work.

    `POST /models/import` makes a model of one.
    """
    return fetch_templates()
