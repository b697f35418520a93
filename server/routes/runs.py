"""Runs: launch, list, read, annotate, delete. What is asked of them while they train is in `run_control`."""

import asyncio
import shutil
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from engine.training.events import RunStatus
from server.dependencies import CompilerDep, CursorQuery, LimitDep, SettingsDep, WeightStoreDep
from server.forking import ForksDep
from server.json_body import StrictRoute
from server.launch import launch_run
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.routes.run_examples import RUN_CREATE, RUN_UPDATE
from server.run_dependencies import BroadcastDep, ControlDep, ExecutorDep, RunStoreDep
from server.schemas.run import RunCreate, RunPage, RunPublic, RunUpdate
from server.storage.pages import PageRequest
from server.storage.runs import RunFilter

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)

RunSort = Literal["created_at", "-created_at", "name", "-name", "status", "-status"]


@router.post("", status_code=202, summary="Train a model", responses={**problems(404, 409), **COMPILER_PROBLEMS})
async def create_run(
    body: Annotated[RunCreate, Body(openapi_examples=RUN_CREATE)],
    store: RunStoreDep,
    weights: WeightStoreDep,
    forks: ForksDep,
    compiler: CompilerDep,
    executor: ExecutorDep,
    broadcast: BroadcastDep,
    response: Response,
) -> RunPublic:
    """Freezes the model's draft (or the named version) and the config into a run, and queues it.

    With `start` it is a fork: layers that are called as in the checkpoint, and have the same shapes, start with its
    weights, and `start_report` lists them and the others.

    422 with the issues where it would not train; nothing is stored then.
    """
    run = await launch_run(body, store, weights, forks, compiler, executor, broadcast)
    response.headers["Location"] = f"/api/runs/{run.id}"
    return run


@router.get("", summary="List runs")
def list_runs(
    store: RunStoreDep,
    limit: LimitDep,
    cursor: CursorQuery = None,
    sort: Annotated[RunSort, Query(description="What to sort by; `-` in front turns the order round.")] = "-created_at",
    status: Annotated[list[RunStatus], Query(description="Only runs with one of these statuses.")] = [],  # noqa: B006
    model_id: Annotated[str | None, Query(max_length=100, description="Only runs of this model.")] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="Only runs with this in their name, notes or model's name.")
    ] = None,
) -> RunPage:
    """A page of runs without their curves."""
    return store.list(PageRequest(limit, cursor, sort), RunFilter(status, model_id, q))


@router.get("/{run_id}", summary="Read a run", responses=problems(404))
def read_run(run_id: str, store: RunStoreDep) -> RunPublic:
    """The run's config, status and newest logs."""
    return store.get(run_id)


@router.patch("/{run_id}", summary="Rename, annotate or change a run", responses=problems(404, 409))
async def update_run(
    run_id: str,
    body: Annotated[RunUpdate, Body(openapi_examples=RUN_UPDATE)],
    store: RunStoreDep,
    control: ControlDep,
    broadcast: BroadcastDep,
) -> RunPublic:
    """Changes what is sent and leaves the rest.

    `learning_rate` and `epochs` reach the worker as commands; a `mark` event says when they took effect. A finished
    run goes on from its last checkpoint where it is to train more epochs.
    """
    if body.learning_rate is not None or body.epochs is not None:
        await control.change(run_id, body.learning_rate, body.epochs)
    run = await asyncio.to_thread(store.update, run_id, body)
    broadcast.publish_run(run)
    return run


@router.delete("/{run_id}", status_code=204, summary="Delete a run", responses=problems(404, 409))
async def delete_run(
    run_id: str, store: RunStoreDep, weights: WeightStoreDep, broadcast: BroadcastDep, settings: SettingsDep
) -> None:
    """Deletes the run with its curves, logs and checkpoint files. A run that is not over has to be stopped first."""
    await asyncio.to_thread(store.delete, run_id)
    broadcast.publish_deleted(run_id)
    await asyncio.to_thread(weights.collect)
    await asyncio.to_thread(shutil.rmtree, settings.runs_folder / run_id, ignore_errors=True)
