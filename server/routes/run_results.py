"""What a run has produced so far: history, curves, logs."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.dependencies import DatabaseDep, LimitDep
from server.downsampling import FEWEST_POINTS, encode_curves
from server.fold_curves import summarize_curves
from server.routes.problems import problems
from server.run_dependencies import RunStoreDep
from server.schemas.run import HistoryPublic, LogPage, MetricsPublic
from server.storage.logs import read_logs
from server.storage.metrics import read_curves
from server.storage.runs import fetch_last_seq

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"], responses=problems(404))

AfterQuery = Annotated[int, Query(ge=0, lt=2**53, description="Only what came after the event with this number.")]


@router.get("/history", summary="Read Keras's History")
def read_history(run_id: str, store: RunStoreDep) -> HistoryPublic:
    """The dict that `model.fit(...).history` would have, up to the last epoch that ended."""
    return store.read_history(run_id)


@router.get("/metrics", summary="Read the curves", response_model=MetricsPublic)
def read_metrics(
    run_id: str,
    database: DatabaseDep,
    points: Annotated[
        int, Query(ge=FEWEST_POINTS, le=100_000, description="About how many points of each curve; peaks are kept.")
    ] = 2000,
    after: AfterQuery = 0,
) -> Response:
    """One series per metric, by step and by epoch. Go on from `last_seq` on the stream.

    Mean and spread over the folds of a run are always whole, also with `after`.
    """
    with database.read() as connection:
        last_seq = fetch_last_seq(connection, run_id)
        steps = read_curves(connection, run_id, "step", after)
        epochs = read_curves(connection, run_id, "epoch", after)
        # A new fold changes the means of epochs that had ended long before.
        every_epoch = epochs if after == 0 else read_curves(connection, run_id, "epoch")
    epochs = [*epochs, *summarize_curves(every_epoch)]
    parts = (run_id.encode(), encode_curves(steps, points), encode_curves(epochs, points), last_seq)
    return Response(b'{"run_id":"%b","steps":%b,"epochs":%b,"last_seq":%d}' % parts, media_type="application/json")


@router.get("/logs", summary="Read the logs")
def read_run_logs(run_id: str, database: DatabaseDep, limit: LimitDep, after: AfterQuery = 0) -> LogPage:
    """What the worker printed and logged, oldest first; go on with `after=next_after`."""
    with database.read() as connection:
        fetch_last_seq(connection, run_id)
        found = read_logs(connection, run_id, after, limit + 1)
    items = found[:limit]
    return LogPage(items=items, next_after=items[-1].seq if len(found) > limit else None)
