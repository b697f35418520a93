"""Augmentation of images, in the arguments that people know from Keras's `ImageDataGenerator`."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from engine.training.augmentation.schema import Augmentation, AugmentationForm
from server.dependencies import CompilerDep
from server.jobs.compiler import Operation
from server.jobs.preview_questions import AugmentQuestion
from server.json_body import StrictRoute
from server.routes.preview_examples import AUGMENT
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.augmentation import AugmentRequest

router = APIRouter(
    prefix="/augmentation", tags=["preview"], route_class=StrictRoute, responses=COMPILER_PROBLEMS | problems(404, 409)
)


@router.get("", summary="Describe augmentation", response_model=AugmentationForm)
async def describe_augmentation(compiler: CompilerDep) -> Response:
    """The arguments of `ImageDataGenerator` that Keras's random layers can express, and why the others are none."""
    return Response(await compiler.call(Operation.DESCRIBE_AUGMENTATION, b""), media_type="application/json")


@router.post("", summary="Augment the images of a graph", response_model=Augmentation)
async def augment_graph(
    body: Annotated[AugmentRequest, Body(openapi_examples=AUGMENT)], compiler: CompilerDep
) -> Response:
    """The graph with the random layers that the arguments stand for behind its input; those there are changed.

    Nothing is stored: send the graph to where it belongs. Keras's layers draw in training only.
    """
    question = AugmentQuestion(graph=body.graph, node=body.node, arguments=body.arguments, data=body.data)
    answer = await compiler.call(Operation.AUGMENT, question.model_dump_json().encode())
    return Response(answer, media_type="application/json")
