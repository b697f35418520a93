"""A model's draft graph as a whole."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import JsonValue

from server.dependencies import ModelStoreDep
from server.drafts import apply_json_patch
from server.etags import ExpectedRevision, format_etag
from server.json_body import StrictRoute
from server.routes.examples import DRAFT, PATCH
from server.routes.problems import problems
from server.schemas.model import Draft, DraftPublic
from server.storage.models import StoredDraft

router = APIRouter(prefix="/models/{model_id}/graph", tags=["graph"], route_class=StrictRoute, responses=problems(404))


def answer_draft(draft: StoredDraft, status_code: int = 200) -> Response:
    """The draft with its ETag. Its documents go out as they are stored, without being parsed."""
    body = f'{{"graph":{draft.graph},"layout":{draft.layout},"revision":{draft.revision},"hash":"{draft.hash}"}}'
    headers = {"ETag": format_etag(draft.revision)}
    return Response(body, status_code=status_code, media_type="application/json", headers=headers)


@router.get("", summary="Read the draft graph", response_model=DraftPublic)
def read_graph(model_id: str, store: ModelStoreDep) -> Response:
    """The graph that is being edited, with its layout. The ETag is what `If-Match` takes."""
    return answer_draft(store.get_draft(model_id))


@router.put("", summary="Save the draft graph", response_model=DraftPublic, responses=problems(412))
def replace_graph(
    model_id: str,
    body: Annotated[Draft, Body(openapi_examples=DRAFT)],
    store: ModelStoreDep,
    expected: ExpectedRevision,
) -> Response:
    """Replaces graph and layout. A half-drawn graph with issues can be saved."""
    return answer_draft(store.replace_draft(model_id, body, expected))


@router.patch("", summary="Change the draft graph", response_model=DraftPublic, responses=problems(412))
def patch_graph(
    model_id: str,
    body: Annotated[list[dict[str, JsonValue]], Body(max_length=10_000, openapi_examples=PATCH)],
    store: ModelStoreDep,
    expected: ExpectedRevision,
) -> Response:
    """JSON Patch (RFC 6902) over `{graph, layout}`: all operations are carried out, or none."""
    return answer_draft(store.edit_draft(model_id, apply_json_patch(body), expected))
