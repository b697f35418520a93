"""Layers of a draft frozen and unfrozen."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from engine.graph.freezing import set_trainable
from server.draft_editor import DraftEditorDep
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.routes.weight_examples import FREEZE
from server.schemas.model import DraftPublic
from server.schemas.piece import TrainableRequest

router = APIRouter(
    prefix="/models/{model_id}/graph", tags=["graph"], route_class=StrictRoute, responses=problems(404, 412)
)


@router.post("/trainable", summary="Freeze or unfreeze layers", response_model=DraftPublic)
def change_trainable(
    body: Annotated[TrainableRequest, Body(openapi_examples=FREEZE)], draft: DraftEditorDep
) -> Response:
    """Sets `trainable` on the layers that these nodes call, with `with_ancestors` also on all that come before them.

    The id of a group stands for the nodes in it.
    """
    return draft.change(
        lambda g: set_trainable(g, body.nodes, trainable=body.trainable, with_ancestors=body.with_ancestors)
    )
