"""The draft graph piece by piece: layers, nodes and edges."""

from fastapi import APIRouter, Response

from engine.graph import edits
from engine.graph.document import Edge, Layer, Node
from server.draft_editor import DraftEditorDep
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.schemas.model import DraftPublic
from server.schemas.piece import EdgeUpdate, LayerUpdate, NodeUpdate

router = APIRouter(
    prefix="/models/{model_id}/graph",
    tags=["graph"],
    route_class=StrictRoute,
    responses=problems(404, 409, 412),
)


@router.post("/layers", status_code=201, summary="Add a layer", response_model=DraftPublic)
def add_layer(body: Layer, draft: DraftEditorDep) -> Response:
    """Adds a layer, which nothing calls yet. 409 where the graph has a layer with this id."""
    return draft.change(lambda g: edits.add_layer(g, body), 201)


@router.patch("/layers/{layer_id}", summary="Change a layer", response_model=DraftPublic)
def update_layer(layer_id: str, body: LayerUpdate, draft: DraftEditorDep) -> Response:
    """Changes the fields that are sent; `config` is merged key by key."""
    changes = body.model_dump(exclude_unset=True)
    return draft.change(lambda g: edits.update_layer(g, layer_id, changes))


@router.delete("/layers/{layer_id}", summary="Delete a layer", response_model=DraftPublic)
def delete_layer(layer_id: str, draft: DraftEditorDep) -> Response:
    """Deletes the layer with the nodes that call it and their edges."""
    return draft.change(lambda g: edits.remove_layer(g, layer_id))


@router.post("/nodes", status_code=201, summary="Add a node", response_model=DraftPublic)
def add_node(body: Node, draft: DraftEditorDep) -> Response:
    """Adds a call of a layer that the graph has. 409 where the graph has a node with this id."""
    return draft.change(lambda g: edits.add_node(g, body), 201)


@router.patch("/nodes/{node_id}", summary="Change a node", response_model=DraftPublic)
def update_node(node_id: str, body: NodeUpdate, draft: DraftEditorDep) -> Response:
    """Changes the fields that are sent; `arguments` are merged key by key."""
    changes = body.model_dump(exclude_unset=True)
    return draft.change(lambda g: edits.update_node(g, node_id, changes))


@router.delete("/nodes/{node_id}", summary="Delete a node", response_model=DraftPublic)
def delete_node(node_id: str, draft: DraftEditorDep) -> Response:
    """Deletes the node with its edges, and its layer where no other node calls that one."""
    return draft.change(lambda g: edits.remove_node(g, node_id))


@router.post("/edges", status_code=201, summary="Add an edge", response_model=DraftPublic)
def add_edge(body: Edge, draft: DraftEditorDep) -> Response:
    """Connects two nodes that the graph has. 409 where the graph has an edge with this id."""
    return draft.change(lambda g: edits.add_edge(g, body), 201)


@router.patch("/edges/{edge_id}", summary="Change an edge", response_model=DraftPublic)
def update_edge(edge_id: str, body: EdgeUpdate, draft: DraftEditorDep) -> Response:
    """Changes the fields that are sent."""
    changes = body.model_dump(exclude_unset=True)
    return draft.change(lambda g: edits.update_edge(g, edge_id, changes))


@router.delete("/edges/{edge_id}", summary="Delete an edge", response_model=DraftPublic)
def delete_edge(edge_id: str, draft: DraftEditorDep) -> Response:
    """Deletes the edge. Where it filled a place of a list, the later ones of the list move up."""
    return draft.change(lambda g: edits.remove_edge(g, edge_id))
