"""What the installed Keras offers."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from engine.layers.schema import Catalogue
from server.dependencies import CatalogueDep
from server.routes.problems import COMPILER_PROBLEMS

router = APIRouter(prefix="/catalogue", tags=["catalogue"], responses=COMPILER_PROBLEMS)


@router.get(
    "",
    summary="Read the catalogue",
    response_model=Catalogue,
    responses={304: {"description": "The catalogue is still the one that `If-None-Match` names."}},
)
async def read_catalogue(
    catalogue: CatalogueDep, if_none_match: Annotated[str | None, Header(description="The ETag of an answer.")] = None
) -> Response:
    """Every layer, optimizer, loss, metric, callback, initializer, regularizer, constraint and application that can be
    used, each argument typed, with its default and its help text. Generated from the installed Keras."""
    document = await catalogue.fetch()
    headers = {"ETag": document.etag, "Cache-Control": "no-cache"}
    if if_none_match is not None and document.etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(document.body, media_type="application/json", headers=headers)
