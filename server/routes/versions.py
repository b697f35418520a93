"""Versions of a model."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from server.dependencies import CursorQuery, LimitDep, VersionStoreDep
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.schemas.model import VersionCreate, VersionDetail, VersionPage, VersionPublic
from server.storage.pages import PageRequest

router = APIRouter(prefix="/models/{model_id}/versions", tags=["versions"], route_class=StrictRoute)


@router.get("", summary="List a model's versions", responses=problems(404))
def list_versions(model_id: str, store: VersionStoreDep, limit: LimitDep, cursor: CursorQuery = None) -> VersionPage:
    """A page of versions without their graphs, the newest first."""
    return store.list(model_id, PageRequest(limit, cursor, "-number"))


@router.post(
    "",
    status_code=201,
    summary="Make the draft a version",
    responses={
        200: {"model": VersionPublic, "description": "The newest version has this graph already."},
        **problems(404),
    },
)
def create_version(
    model_id: str,
    store: VersionStoreDep,
    response: Response,
    body: Annotated[VersionCreate, Body()] = VersionCreate(),  # noqa: B008
) -> VersionPublic:
    """Freezes the draft. Where the newest version has the same graph, that version is answered with 200."""
    saved = store.save(model_id, body.message)
    response.status_code = 201 if saved.is_new else 200
    response.headers["Location"] = f"/api/models/{model_id}/versions/{saved.version.id}"
    return saved.version


@router.get("/{version_id}", summary="Read a version", responses=problems(404))
def read_version(model_id: str, version_id: str, store: VersionStoreDep) -> VersionDetail:
    """A version with its graph and layout."""
    return store.get(model_id, version_id)
