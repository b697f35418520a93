"""The draft graph by larger parts: a part made a layer, a layer taken apart, and a chain that grows and shrinks."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi.concurrency import run_in_threadpool

from engine.errors import EngineError
from engine.graph.chain import insert_layer, pop_layer
from engine.graph.dissolving import dissolve_layer
from engine.graph.document import Graph, Layout
from engine.graph.nesting import TensorType, nest_nodes
from engine.models.results import CheckResult
from server.dependencies import CompilerDep
from server.draft_editor import DraftEditor, DraftEditorDep
from server.jobs.compiler import Compiler, Operation
from server.json_body import StrictRoute
from server.routes.part_examples import DISSOLVE, INSERT, NEST, POP
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.model import DraftPublic
from server.schemas.piece import DissolveRequest, InsertRequest, NestRequest, PopRequest
from server.storage.models import refuse_stale

router = APIRouter(
    prefix="/models/{model_id}/graph",
    tags=["graph"],
    route_class=StrictRoute,
    responses={**COMPILER_PROBLEMS, **problems(404, 409, 412)},
)


@router.post("/nest", summary="Make a part of the graph a layer", response_model=DraftPublic)
async def nest(
    body: Annotated[NestRequest, Body(openapi_examples=NEST)], draft: DraftEditorDep, compiler: CompilerDep
) -> Response:
    """Moves the nodes into a new layer that holds a graph. What goes into the part becomes the inner graph's inputs.

    422 where an input of the model, or only some calls of a shared layer, would be moved.
    """
    revision, check = await _check_draft(draft, compiler)

    def change(graph: Graph, layout: Layout) -> tuple[Graph, Layout]:
        tensors = {
            node_id: [TensorType(tuple(spec.shape), spec.dtype) for spec in node.outputs]
            for node_id, node in check.nodes.items()
        }
        changed, moved, _ = nest_nodes(graph, layout, body.nodes, body.name, tensors)
        return changed, moved

    return await run_in_threadpool(draft.change_checked, change, revision)


@router.post("/dissolve", summary="Take a nested model apart", response_model=DraftPublic)
async def dissolve(
    body: Annotated[DissolveRequest, Body(openapi_examples=DISSOLVE)], draft: DraftEditorDep, compiler: CompilerDep
) -> Response:
    """Moves the layers of a layer's graph into the graph around it. Where several nodes call it, they share them."""
    revision, check = await _check_draft(draft, compiler)
    nested = check.nested.get(body.layer)

    def change(graph: Graph, layout: Layout) -> tuple[Graph, Layout]:
        return dissolve_layer(graph, layout, body.layer, _count(check), _count(nested) if nested else {})

    return await run_in_threadpool(draft.change_checked, change, revision)


@router.post("/insert", summary="Put a layer into a chain", response_model=DraftPublic)
def insert(body: Annotated[InsertRequest, Body(openapi_examples=INSERT)], draft: DraftEditorDep) -> Response:
    """Adds a layer at a place of a chain, by default its end, as Keras's `Sequential.add` does.

    422 where the graph is no chain.
    """
    return draft.change(lambda g: insert_layer(g, body.layer, body.index))


@router.post("/pop", summary="Take a layer out of a chain", response_model=DraftPublic)
def pop(body: Annotated[PopRequest, Body(openapi_examples=POP)], draft: DraftEditorDep) -> Response:
    """Removes a layer of a chain, by default the last, as Keras's `Sequential.pop` does; its neighbours are connected.

    422 where the graph is no chain.
    """
    return draft.change(lambda g: pop_layer(g, body.index))


async def _check_draft(draft: DraftEditor, compiler: Compiler) -> tuple[int, CheckResult]:
    """The revision of the draft, and what the check says of the graph that is edited."""
    stored = await run_in_threadpool(draft.store.get_draft, draft.model_id)
    refuse_stale(draft.expected, stored.revision)
    answer = await compiler.call(Operation.CHECK, stored.graph.encode())
    check = await run_in_threadpool(CheckResult.model_validate_json, answer)
    for layer_id in draft.inside:
        if layer_id not in check.nested:
            raise EngineError("not_found", f"There is no graph inside a layer {layer_id!r}.", "Take a layer's id.")
        check = check.nested[layer_id]
    return stored.revision, check


def _count(check: CheckResult) -> dict[str, int]:
    return {node_id: len(node.outputs) for node_id, node in check.nodes.items()}
