"""What the server may ask of the process that has Keras about the values and gradients of a graph's tensors."""

from pathlib import Path

from engine.backend.results import FunctionRequest, FunctionResult, GradientsRequest, GradientsResult
from engine.graph.document import Graph
from server.jobs.compiler import Compiler, Operation, Question


class FunctionQuestion(Question):
    """`weights` is a weights file or a checkpoint of the graph's model; None takes new, seeded weights."""

    graph: Graph
    weights: Path | None
    request: FunctionRequest


class GradientsQuestion(Question):
    graph: Graph
    weights: Path | None
    request: GradientsRequest


async def call_function(compiler: Compiler, question: FunctionQuestion) -> FunctionResult:
    """The values of the tensors that the question names."""
    answer = await compiler.call(Operation.CALL_FUNCTION, question.model_dump_json().encode())
    return FunctionResult.model_validate_json(answer)


async def take_gradients(compiler: Compiler, question: GradientsQuestion) -> GradientsResult:
    """The gradients that the question names."""
    answer = await compiler.call(Operation.TAKE_GRADIENTS, question.model_dump_json().encode())
    return GradientsResult.model_validate_json(answer)
