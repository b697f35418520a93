"""What steps make of a data set."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from engine.evaluation.step_results import StepsPreview
from server.dependencies import CompilerDep
from server.jobs.compiler import Operation
from server.jobs.data_questions import StepsQuestion
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.data_steps import StepsTrial

router = APIRouter(prefix="/datasets", tags=["datasets"], responses=COMPILER_PROBLEMS)

DatasetName = Annotated[str, Path(max_length=200, description="The data set's name, such as `digits`.")]


@router.post(
    "/{name}/preview", summary="Try steps on a data set", response_model=StepsPreview, responses=problems(404, 409)
)
async def preview_steps(name: DatasetName, body: StepsTrial, compiler: CompilerDep) -> Response:
    """Samples before and after every step, with shapes, dtypes and ranges. Nothing is kept.

    A step that cannot be applied is no error of the request: the stages end there, and `issues` say why.
    """
    question = StepsQuestion(name=name, **body.model_dump())
    answer = await compiler.call(Operation.PREVIEW_STEPS, question.model_dump_json().encode())
    return Response(answer, media_type="application/json")
