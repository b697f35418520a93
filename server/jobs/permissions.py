"""What can be asked of a run in which state. Each function raises where it cannot, and says why and what can be done.

`expected` is the status that the run will have by what was asked of it before.
"""

from typing import NoReturn

from engine.errors import EngineError
from engine.training.config import KerasObject
from engine.training.events import FINAL_STATUSES, RunStatus
from server.schemas.run import RunPublic


def refuse_over(run: RunPublic, wish: str) -> None:
    """Raises `EngineError` (`conflict`) where the run is over."""
    if run.status in FINAL_STATUSES:
        raise EngineError(
            "conflict",
            f"Run {run.id!r} is {run.status} already; expected one that waits, trains or is paused, to be {wish}.",
        )


def refuse_pause(run: RunPublic, expected: RunStatus) -> None:
    """Raises `EngineError` (`conflict`)."""
    refuse_over(run, "paused")
    _refuse_stopping(run, expected)
    if expected == "paused":
        about = "is paused already" if run.status == "paused" else "is about to pause"
        raise EngineError("conflict", f"Run {run.id!r} {about}.", f"It goes on with POST /api/runs/{run.id}/resume.")


def refuse_resume(run: RunPublic, expected: RunStatus) -> None:
    """Raises `EngineError` (`conflict`)."""
    if run.status == "finished":
        _refuse_finished(run)
    if run.status in FINAL_STATUSES:
        return
    _refuse_stopping(run, expected)
    if expected != "paused":
        doing = "waits for its turn" if run.status == "queued" else "trains"
        raise EngineError(
            "conflict", f"Run {run.id!r} {doing}; expected one that is paused, stopped or failed, to be resumed."
        )


def refuse_going_back(run: RunPublic, expected: RunStatus) -> None:
    """Raises `EngineError` (`conflict`) where the run trains, or will: then it cannot go on from elsewhere."""
    if run.status in FINAL_STATUSES:
        return
    _refuse_stopping(run, expected)
    if run.status == "paused" and expected == "paused":
        return
    doing = {"queued": "waits for its turn", "paused": "is about to go on"}.get(run.status, "trains")
    raise EngineError(
        "conflict",
        f"Run {run.id!r} {doing}; expected one that is over or paused, to go on from an earlier checkpoint.",
        f"Pause it first: POST /api/runs/{run.id}/pause.",
    )


def refuse_end(run: RunPublic, step: int) -> None:
    """Raises `EngineError` (`conflict`) where the checkpoint after `step` updates is the end of a finished run."""
    if run.status == "finished" and run.step is not None and step >= run.step:
        _refuse_finished(run)


def refuse_save(run: RunPublic, expected: RunStatus, *, has_worker: bool) -> None:
    """Raises `EngineError` (`conflict`)."""
    refuse_over(run, "saved")
    _refuse_stopping(run, expected)
    if not has_worker:
        state = "is paused, and its worker has written its checkpoint" if run.status == "paused" else "has not begun"
        raise EngineError("conflict", f"Run {run.id!r} {state}; expected one that trains, to write a checkpoint now.")


def refuse_learning_rate(run: RunPublic, expected: RunStatus) -> None:
    """Raises `EngineError` (`conflict`)."""
    if run.status != "finished":
        refuse_over(run, "trained with another learning rate")
    _refuse_stopping(run, expected)
    optimizer = run.config.compile.optimizer
    schedule = optimizer.config.get("learning_rate") if isinstance(optimizer, KerasObject) else None
    if isinstance(schedule, dict):
        name = schedule.get("class_name", "a schedule")
        raise EngineError(
            "conflict",
            f"Run {run.id!r} takes its learning rate from {name}, which sets it anew at every step;"
            " expected an optimizer with a fixed learning rate, to change it.",
        )


def refuse_epochs(run: RunPublic, expected: RunStatus, epochs: int, ended: int) -> None:
    """`ended` epochs are over, counted from the run's start. Raises `EngineError` (`conflict`)."""
    if run.status == "finished" and run.folds is not None:
        raise EngineError(
            "conflict",
            f"Run {run.id!r} has finished its {run.folds} folds; none of them is trained for longer then.",
            "Start a new run with more epochs.",
        )
    if run.status == "finished":
        if epochs <= ended:
            raise EngineError(
                "conflict",
                f"Run {run.id!r} has done {ended} epochs; expected more of them for it to go on, got {epochs}.",
            )
        return
    if run.status in FINAL_STATUSES:
        raise EngineError(
            "conflict",
            f"Run {run.id!r} is {run.status}; expected one that waits, trains, is paused or finished.",
            f"Resume it first: POST /api/runs/{run.id}/resume.",
        )
    _refuse_stopping(run, expected)
    least = max(ended, 0 if run.epoch is None else run.epoch + 1)
    if epochs < least:
        raise EngineError(
            "conflict",
            f"Run {run.id!r} is in its epoch number {least} already; expected at least as many, got {epochs}.",
            f'POST /api/runs/{run.id}/stop with {{"when": "epoch"}} ends it after this one.',
        )


def _refuse_finished(run: RunPublic) -> NoReturn:
    raise EngineError(
        "conflict",
        f"Run {run.id!r} is finished: all of its {run.epochs} epochs are done, or a callback ended it.",
        "Start a new run with more epochs."
        if run.folds is not None
        else f'PATCH /api/runs/{run.id} with more epochs, such as {{"epochs": {run.epochs + 10}}}, lets it go on.',
    )


def _refuse_stopping(run: RunPublic, expected: RunStatus) -> None:
    if expected == "stopped" and run.status != "stopped":
        raise EngineError("conflict", f"Run {run.id!r} is about to stop.")
