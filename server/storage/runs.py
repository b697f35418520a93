"""Runs: launched, listed, annotated, deleted. What happens while they train is in `attempts` and `events`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, RowMapping, Select, select

from engine.errors import EngineError
from engine.training.config import RunConfig
from engine.training.events import FINAL_STATUSES, PlanEvent, RunStatus, StatusEvent
from engine.training.fold_names import summarize_history, summarize_newest
from server.schemas.run import HistoryPublic, RunCreate, RunPage, RunPublic, RunUpdate
from server.schemas.run_start import StartReport
from server.storage.columns import utc_now
from server.storage.database import Database
from server.storage.events import insert_events
from server.storage.logs import read_log_tail
from server.storage.models import fetch_draft
from server.storage.pages import PageRequest, fetch_page
from server.storage.tables import events, models, runs
from server.storage.versions import fetch_version, save_version
from server.storage.weights import Fork, refuse_unknown_weights

SORTABLE = {"created_at": runs.c.created_at, "name": runs.c.name, "status": runs.c.status}
PUBLIC = [runs.c.resumable, *(runs.c[name] for name in RunPublic.model_fields if name in runs.c)]
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs a list shows: all, or those with one of the statuses, of one model, with a text in name or notes."""

    statuses: Sequence[RunStatus] = ()
    model_id: str | None = None
    search: str | None = None


class RunStore:
    """All runs. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def read_graph(self, new: RunCreate) -> str:
        """The graph that would be trained, as a JSON text. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            if new.version_id is None:
                return fetch_draft(connection, new.model_id).graph
            graph: str = fetch_version(connection, new.model_id, new.version_id)["graph"]
            return graph

    def create(self, new: RunCreate, checked_graph: str, fork: Fork | None = None) -> RunPublic:
        """Stores a queued run; the draft becomes a version where it is none yet. `fork` is what it starts from.

        Raises:
            EngineError: `not_found`; `conflict` where the draft is no longer the graph that was checked, or the weights
                that training starts with are gone.
        """
        with self._database.write() as connection:
            if fork is not None:
                fork.weights.put(connection)
            refuse_unknown_weights(connection, new.config.weights)
            values = _freeze_version(connection, new, checked_graph)
            if fork is not None and fork.graph is not None:
                values["graph"] = fork.graph.model_dump_json()
            model_name = connection.execute(select(models.c.name).where(models.c.id == new.model_id)).scalar_one()
            run_id, now = uuid4().hex, utc_now()
            values |= {
                "id": run_id,
                "name": new.name or _make_name(connection, new.model_id, model_name),
                "model_id": new.model_id,
                "model_name": model_name,
                "config": new.config.model_dump_json(),
                "weights": new.config.weights,
                "start_report": None if fork is None else fork.report.model_dump_json(),
                "status": "queued",
                "epochs": new.config.fit.epochs,
                "last_seq": 1,
                "created_at": now,
            }
            connection.execute(runs.insert().values(values))
            insert_events(connection, run_id, [StatusEvent(seq=1, time=now, status="queued")])
            return fetch_run(connection, run_id)

    def list(self, page: PageRequest, wanted: RunFilter) -> RunPage:
        """A page of runs. Raises `EngineError` (`invalid_cursor`)."""
        statement: Select[tuple[object, ...]] = select(*PUBLIC)
        if wanted.statuses:
            statement = statement.where(runs.c.status.in_(wanted.statuses))
        if wanted.model_id is not None:
            statement = statement.where(runs.c.model_id == wanted.model_id)
        if wanted.search:
            found = [
                column.icontains(wanted.search, autoescape=True)
                for column in (runs.c.name, runs.c.notes, runs.c.model_name)
            ]
            statement = statement.where(found[0] | found[1] | found[2])
        with self._database.read() as connection:
            rows = fetch_page(connection, statement, page, SORTABLE, runs.c.id)
        return RunPage(items=[to_public(row) for row in rows.rows], next_cursor=rows.next_cursor)

    def get(self, run_id: str) -> RunPublic:
        """One run. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            return fetch_run(connection, run_id)

    def get_graph(self, run_id: str) -> str:
        """The graph that the run trains, as a JSON text. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            graph: str | None = connection.execute(select(runs.c.graph).where(runs.c.id == run_id)).scalar_one_or_none()
        if graph is None:
            raise run_not_found(run_id)
        return graph

    def update(self, run_id: str, change: RunUpdate) -> RunPublic:
        """Changes name and notes where they were sent. Raises `EngineError` (`not_found`)."""
        values = change.model_dump(include={"name", "notes"}, exclude_unset=True, exclude_none=True)
        with self._database.write() as connection:
            if values:
                connection.execute(runs.update().where(runs.c.id == run_id).values(values))
            return fetch_run(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Deletes a run and all that was stored of it.

        Raises:
            EngineError: `not_found`; `conflict` where it is not over yet.
        """
        with self._database.write() as connection:
            run = fetch_run(connection, run_id)
            if run.status not in FINAL_STATUSES:
                raise EngineError(
                    "conflict",
                    f"Run {run_id!r} is {run.status}; expected one that is finished, failed or stopped.",
                    f"Stop it first: POST /api/runs/{run_id}/stop.",
                )
            connection.execute(runs.delete().where(runs.c.id == run_id))

    def read_log_tail(self, run_id: str, lines: int) -> Sequence[str]:
        """The last `lines` lines of the run's log."""
        with self._database.read() as connection:
            return read_log_tail(connection, run_id, lines)

    def read_history(self, run_id: str) -> HistoryPublic:
        """Keras's `History`, from the epochs that ended so far. Raises `EngineError` (`not_found`)."""
        ended = select(events.c.body).where(events.c.run_id == run_id, events.c.type == "epoch").order_by(events.c.seq)
        with self._database.read() as connection:
            run = fetch_run(connection, run_id)
            bodies = [orjson.loads(body) for (body,) in connection.execute(ended)]
        bodies = _drop_repeated(bodies)
        history: dict[str, list[float]] = {}
        for body in bodies:
            for name, number in body["logs"].items():
                history.setdefault(name, []).append(number)
        params = {"verbose": 0, "epochs": run.epochs, "steps": run.steps_per_epoch or 0}
        history |= summarize_history({name: [float(one) for one in numbers] for name, numbers in history.items()})
        epochs = sorted({body["epoch"] for body in bodies})
        return HistoryPublic(history=history, epoch=epochs, params=params)


def _drop_repeated(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The epochs without those that a run did again after it went on from a checkpoint, nor what came after them."""
    kept: list[dict[str, Any]] = []
    for body in bodies:
        while kept and _find_place(kept[-1]) >= _find_place(body):
            kept.pop()
        kept.append(body)
    return kept


def _find_place(body: dict[str, Any]) -> tuple[int, int]:
    """Epochs begin anew with each fold. Events of before there were folds do not name one."""
    return body.get("fold") or 0, body["epoch"]


def fetch_run(connection: Connection, run_id: str) -> RunPublic:
    """The run inside a transaction that does more. Raises `EngineError` (`not_found`)."""
    row = connection.execute(select(*PUBLIC).where(runs.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise run_not_found(run_id)
    return to_public(row)


def fetch_last_seq(connection: Connection, run_id: str) -> int:
    """The number of the run's newest event. Raises `EngineError` (`not_found`)."""
    last_seq = connection.execute(select(runs.c.last_seq).where(runs.c.id == run_id)).scalar_one_or_none()
    if last_seq is None:
        raise run_not_found(run_id)
    return int(last_seq)


def run_not_found(run_id: str) -> EngineError:
    """The error for an id that no run has."""
    return EngineError("not_found", f"There is no run with id {run_id!r}.", "GET /api/runs lists the runs.")


def to_public(row: RowMapping) -> RunPublic:
    """A row with the `PUBLIC` columns as the API shows it."""
    plan, start = row["plan"], row["start_report"]
    shown = {name: value for name, value in row.items() if name != "resumable"} | {
        "config": RunConfig.model_validate_json(row["config"]),
        "latest": _list_latest(row),
        "start_report": None if start is None else StartReport.model_validate_json(start),
        "plan": None if plan is None else PlanEvent.model_validate_json(plan),
        "can_resume": row["status"] == "paused" or (row["resumable"] and row["status"] in _list_ends(row)),
    }
    return RunPublic(**shown)


def _list_latest(row: RowMapping) -> dict[str, float]:
    """The newest logs; in a run of several folds with the mean and spread of those that have ended."""
    latest = {name: float(value) for name, value in orjson.loads(row["latest"]).items()}
    if row["fold"] is None:
        return latest
    return latest | summarize_newest(latest, row["fold"] - (row["status"] != "finished"))


def _list_ends(row: RowMapping) -> Collection[RunStatus]:
    """The statuses after which a run can go on. Of several folds only the last could have more epochs."""
    return FINAL_STATUSES if row["folds"] is None else FINAL_STATUSES - {"finished"}


def _freeze_version(connection: Connection, new: RunCreate, checked_graph: str) -> dict[str, object]:
    version_id = new.version_id
    if version_id is None:
        if fetch_draft(connection, new.model_id).graph != checked_graph:
            raise EngineError("conflict", "The model was changed while it was being checked.", "Start the run again.")
        version_id = save_version(connection, new.model_id).version.id
    version = fetch_version(connection, new.model_id, version_id)
    return {
        "version_id": version_id,
        "version_number": version["number"],
        "graph": version["graph"],
        "layout": version["layout"],
    }


def _make_name(connection: Connection, model_id: str, model_name: str) -> str:
    """The model's name and the next number that none of its runs has."""
    names = connection.execute(select(runs.c.name).where(runs.c.model_id == model_id)).scalars()
    numbers = [int(found[1]) for name in names if (found := re.search(r" #(\d{1,9})$", name))]
    suffix = f" #{max(numbers, default=0) + 1}"
    return model_name[: NAME_LENGTH - len(suffix)].rstrip() + suffix
