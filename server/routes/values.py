"""Functions of a model's tensors, and gradients between them."""

from typing import Annotated

from fastapi import APIRouter, Body

from engine.backend.results import FunctionResult, GradientsResult
from server.dependencies import CompilerDep
from server.jobs import value_questions as ask
from server.jobs.value_questions import FunctionQuestion, GradientsQuestion
from server.json_body import StrictRoute
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.weight_examples import FUNCTION, GRADIENTS
from server.schemas.values import FunctionCall, GradientsCall
from server.value_sources import ValueSourcesDep

router = APIRouter(
    prefix="/models/{model_id}",
    tags=["values"],
    route_class=StrictRoute,
    responses={**problems(404, 409), **COMPILER_PROBLEMS},
)


@router.post("/function", summary="Compute tensors of a model")
async def call_function(
    model_id: str,
    body: Annotated[FunctionCall, Body(openapi_examples=FUNCTION)],
    sources: ValueSourcesDep,
    compiler: CompilerDep,
) -> FunctionResult:
    """Compiles any tensors of the graph into a function of any others, calls it, and answers their values.

    `weights` in the answer says with which weights: where none are stored, or some layers have none, new ones are made
    with the same seed every time. 422 with the issues where shapes, numbers or nodes do not fit.
    """
    source = await sources.find(model_id, body)
    question = FunctionQuestion(graph=source.graph, weights=source.weights, request=body.to_request())
    return await ask.call_function(compiler, question)


@router.post("/gradients", summary="Compute gradients of a model")
async def take_gradients(
    model_id: str,
    body: Annotated[GradientsCall, Body(openapi_examples=GRADIENTS)],
    sources: ValueSourcesDep,
    compiler: CompilerDep,
) -> GradientsResult:
    """The derivatives of the sum of the outputs with respect to layers' weights, or to what is fed into nodes.

    A gradient is null where the outputs do not depend on the thing, or where it holds whole numbers.
    """
    source = await sources.find(model_id, body)
    question = GradientsQuestion(graph=source.graph, weights=source.weights, request=body.to_request())
    return await ask.take_gradients(compiler, question)
