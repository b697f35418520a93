"""How far a run is: what its newest events change in its row."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, update

from engine.training.commands import SetEpochs
from engine.training.events import (
    WAIT,
    CheckpointEvent,
    EpochEvent,
    Event,
    MarkEvent,
    PlanEvent,
    SetupEvent,
    StatusEvent,
    StepsEvent,
)
from engine.training.fold_names import split_name
from server.storage.commands import note_effect
from server.storage.event_json import encode_number
from server.storage.run_status import change_status
from server.storage.tables import runs

PROGRESS_COLUMNS = (
    runs.c.last_seq,
    runs.c.status,
    runs.c.started_at,
    runs.c.latest,
    runs.c.trained_seconds,
    runs.c.training_since,
    runs.c.fold,
)


def advance_run(
    connection: Connection, run_id: str, before: RowMapping, events: Sequence[Event], *, reopens: bool = False
) -> None:
    """Brings the row up to date. `before` has the `PROGRESS_COLUMNS`.

    A final status is never left again, unless `reopens` says that the run goes on.
    """
    changes: dict[str, Any] = {"last_seq": events[-1].seq}
    latest: dict[str, float | str] = orjson.loads(before["latest"])
    for event in events:
        match event:
            case StatusEvent():
                change_status(connection, run_id, changes, before, event, reopens=reopens)
            case SetupEvent():
                changes |= _note_setup(event, changes.get("fold", before["fold"]))
            case StepsEvent():
                changes |= _count_steps(event)
                latest = _forget_later(latest, event.fold)
                shown = {name: numbers for name, numbers in event.values.items() if numbers and not _is_wait(name)}
                latest |= {name: encode_number(numbers[-1]) for name, numbers in shown.items()}
            case EpochEvent():
                changes |= {"epoch": event.epoch, "step": event.step} | _note_fold(event.fold)
                latest = _forget_later(latest, event.fold)
                latest |= {name: encode_number(number) for name, number in event.logs.items()}
            case MarkEvent(command=int(number), step=step):
                asked = note_effect(connection, run_id, number, step)
                changes |= {"epochs": asked.epochs} if isinstance(asked, SetEpochs) else {}
            case PlanEvent():
                changes["plan"] = event.model_dump_json()
            case CheckpointEvent(position=int()):
                changes["resumable"] = True
            case _:
                pass
    if latest != orjson.loads(before["latest"]):
        changes["latest"] = orjson.dumps(latest).decode()
    connection.execute(update(runs).where(runs.c.id == run_id).values(changes))


def _is_wait(name: str) -> bool:
    """Whether it says how long steps waited for data, and nothing of the model, as what is shown of a run is to."""
    return split_name(name)[1] == WAIT


def _note_setup(event: SetupEvent, fold: int | None) -> dict[str, object]:
    """`fold` is the one that was trained before: in another one no epoch has begun yet."""
    sizes = event.model_dump(include={"epochs", "steps_per_epoch", "samples", "fold", "folds"})
    return sizes if event.fold == fold else {**sizes, "epoch": None}


def _count_steps(event: StepsEvent) -> dict[str, object]:
    """`step` is how many updates are done."""
    done = max(map(len, event.values.values()), default=0)
    return {"epoch": event.epoch, "step": event.first_step + done} | _note_fold(event.fold)


def _note_fold(fold: int | None) -> dict[str, object]:
    return {} if fold is None else {"fold": fold}


def _forget_later(latest: dict[str, float | str], fold: int | None) -> dict[str, float | str]:
    """A run that went back to an earlier fold has nothing to tell of later ones yet."""
    if fold is None:
        return latest
    return {name: value for name, value in latest.items() if (split_name(name)[0] or 0) <= fold}
