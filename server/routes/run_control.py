"""What people ask of runs while they wait or train, and how workers hear of it."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from engine.errors import EngineError
from engine.training.commands import Command, Stop
from server.json_body import StrictRoute
from server.routes.problems import problems
from server.routes.run_events import Bearer
from server.routes.run_examples import RUN_RESUME, RUN_STOP
from server.run_dependencies import BoardDep, ControlDep
from server.schemas.run import RunPublic, RunResume, RunStop

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"], route_class=StrictRoute, responses=problems(404))

LONGEST_WAIT_S = 30


@router.post("/pause", status_code=202, summary="Pause a run", responses=problems(409))
async def pause_run(run_id: str, control: ControlDep) -> RunPublic:
    """Asks the worker to write a checkpoint and wait; a run that waits for its turn is paused at once.

    After a while (`LAYERLOOM_PAUSED_WORKER_MINUTES`) the worker ends; the run stays paused and goes on all the same.
    """
    return await control.pause(run_id)


@router.post("/resume", status_code=202, summary="Resume a run", responses=problems(409))
async def resume_run(
    run_id: str,
    control: ControlDep,
    body: Annotated[RunResume | None, Body(openapi_examples=RUN_RESUME)] = None,
) -> RunPublic:
    """Lets a paused run go on, or one that was stopped or has failed, from its last checkpoint.

    With `checkpoint` from that one: what the run did after it is done anew, and its curves show the new way. A run that
    is finished can go on from any but its end. 409 where the file is damaged (the one before is named), gone or of
    another run, where training cannot go on from it, or where the run trains.
    """
    return await control.resume(run_id, None if body is None else body.checkpoint)


@router.post("/stop", status_code=202, summary="Stop a run", responses=problems(409))
async def stop_run(
    run_id: str,
    control: ControlDep,
    body: Annotated[RunStop | None, Body(openapi_examples=RUN_STOP)] = None,
) -> RunPublic:
    """Asks the worker to write a checkpoint and end, after the current step or epoch.

    A run that waits for its turn, or that is paused without a worker, is stopped at once.
    """
    return await control.stop(run_id, Stop(when=(body or RunStop()).when))


@router.post("/checkpoints", status_code=202, summary="Save a checkpoint now", responses=problems(409))
async def save_checkpoint(run_id: str, control: ControlDep) -> RunPublic:
    """Asks the worker for a checkpoint after the current step. A `checkpoint` event says when it is on disk."""
    return await control.save_checkpoint(run_id)


@router.get("/commands", summary="Wait for commands", responses=problems(401, 403))
async def follow_commands(
    run_id: str,
    bearer: Bearer,
    board: BoardDep,
    after: Annotated[int, Query(ge=0, lt=2**53, description="Only commands with a higher number.")] = 0,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT_S, description="How many seconds to wait where there is none yet.")
    ] = 0,
) -> list[Command]:
    """For workers: the commands that have not taken effect, as soon as there are any; an empty list after `wait`."""
    if bearer is None:
        raise EngineError("unauthorized", "Expected the attempt's token in the header Authorization: Bearer …")
    return await board.follow(run_id, bearer.credentials, after, wait)
