"""Models: list, create, read, change, delete."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from server.dependencies import CursorQuery, LimitDep, ModelStoreDep, WeightStoreDep
from server.json_body import StrictRoute
from server.routes.examples import MODEL_CREATE
from server.routes.problems import problems
from server.schemas.model import ModelCreate, ModelPage, ModelPublic, ModelUpdate
from server.storage.pages import PageRequest

router = APIRouter(prefix="/models", tags=["models"], route_class=StrictRoute)

ModelSort = Literal["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"]


@router.get("", summary="List models")
def list_models(
    store: ModelStoreDep,
    limit: LimitDep,
    cursor: CursorQuery = None,
    sort: Annotated[
        ModelSort, Query(description="What to sort by; `-` in front turns the order round.")
    ] = "-updated_at",
    q: Annotated[str | None, Query(max_length=200, description="Only names that contain this.")] = None,
) -> ModelPage:
    """A page of models without their graphs."""
    return store.list(PageRequest(limit, cursor, sort), search=q)


@router.post("", status_code=201, summary="Create a model")
def create_model(
    body: Annotated[ModelCreate, Body(openapi_examples=MODEL_CREATE)], store: ModelStoreDep, response: Response
) -> ModelPublic:
    """A new model, empty or with a first graph. The graph need not be right yet."""
    model = store.create(body)
    response.headers["Location"] = f"/api/models/{model.id}"
    return model


@router.get("/{model_id}", summary="Read a model", responses=problems(404))
def read_model(model_id: str, store: ModelStoreDep) -> ModelPublic:
    """The model without its graph."""
    return store.get(model_id)


@router.patch("/{model_id}", summary="Rename a model, or change its training config", responses=problems(404))
def update_model(model_id: str, body: ModelUpdate, store: ModelStoreDep) -> ModelPublic:
    """Changes what is sent and leaves the rest; `"training": null` forgets the training config."""
    return store.update(model_id, body)


@router.delete("/{model_id}", status_code=204, summary="Delete a model", responses=problems(404))
def delete_model(model_id: str, store: ModelStoreDep, weights: WeightStoreDep) -> None:
    """Deletes the model with its versions. Its runs stay, with their curves and checkpoints."""
    store.delete(model_id)
    weights.collect()
