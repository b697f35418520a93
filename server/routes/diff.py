"""What differs between two versions of a model, or between models: as data and as a picture."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.concurrency import run_in_threadpool

from engine.graph.differences import DiffResult
from server.dependencies import CompilerDep, ModelStoreDep, VersionStoreDep
from server.jobs.compiler import Operation
from server.jobs.framing import FileAnswer
from server.jobs.report_questions import DiffQuestion
from server.model_graphs import DRAFT, read_graph
from server.routes.problems import COMPILER_PROBLEMS, problems

router = APIRouter(prefix="/models/{model_id}/diff", tags=["diff"], responses={**COMPILER_PROBLEMS, **problems(404)})


@dataclass(frozen=True)
class Sides:
    """Which two graphs are compared."""

    before: Annotated[
        str, Query(alias="from", max_length=100, description="A version's id, or `draft`: the earlier side.")
    ]
    after: Annotated[
        str, Query(alias="to", max_length=100, description="A version's id, or `draft`: the later side.")
    ] = DRAFT
    before_model: Annotated[
        str | None,
        Query(alias="from_model", max_length=100, description="The model of the earlier side; none for this one."),
    ] = None


SidesDep = Annotated[Sides, Depends()]


async def _read_question(
    model_id: str, sides: SidesDep, models: ModelStoreDep, versions: VersionStoreDep
) -> DiffQuestion:
    def read() -> DiffQuestion:
        return DiffQuestion(
            before=read_graph(models, versions, sides.before_model or model_id, sides.before),
            after=read_graph(models, versions, model_id, sides.after),
        )

    return await run_in_threadpool(read)


QuestionDep = Annotated[DiffQuestion, Depends(_read_question)]


@router.get("", summary="Compare versions", response_model=DiffResult)
async def compare_versions(question: QuestionDep, compiler: CompilerDep) -> Response:
    """Layers and calls that are new, gone or changed, from what to what, other connections, and parameter counts.

    Graphs with issues can be compared too. Pieces are matched by id and then, for a model that was imported under
    other ids, by name and structure.
    """
    body = await compiler.call(Operation.DIFF, question.model_dump_json().encode())
    return Response(body, media_type="application/json")


@router.get(
    "/picture",
    summary="Draw what differs",
    response_class=Response,
    responses={200: {"description": "The picture.", "content": {"image/svg+xml": {}}}},
)
async def draw_differences(question: QuestionDep, compiler: CompilerDep) -> Response:
    """Both graphs in one drawing (SVG), with colours for what was added, removed and changed, and a legend."""
    answer = await compiler.call(Operation.DRAW_DIFF, question.model_dump_json().encode())
    picture = FileAnswer.decode(answer)
    return Response(picture.content, media_type=picture.media_type)
