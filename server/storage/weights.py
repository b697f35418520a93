"""Weights: npz files named by their hash, each there for as long as a model or a run names it."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection, delete, insert, or_, select, update

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.models.weight_results import StoredWeights
from engine.training.config import RunConfig
from server.schemas.run_start import StartReport
from server.schemas.weights import WeightsPublic, WeightsSource
from server.storage.columns import utc_now
from server.storage.database import Database
from server.storage.models import model_not_found
from server.storage.tables import models, runs, weights
from server.storage.weights_columns import read_weights_columns

FILE_NAME = re.compile(r"[0-9a-f]{64}\.npz")
log = logging.getLogger("layerloom.weights")


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """Stored weights on the disk."""

    path: Path
    weights: WeightsPublic


@dataclass(frozen=True, slots=True)
class WrittenWeights:
    """Weights that are written and not kept yet: they lie at `path`, and `place` is where they belong."""

    path: Path
    place: Path
    stored: StoredWeights

    def put(self, connection: Connection) -> None:
        """Keeps them. Inside the one writing transaction that there can be, which also names them."""
        self.path.replace(self.place)
        sha256 = self.stored.sha256
        if connection.execute(select(weights.c.size).where(weights.c.sha256 == sha256)).first() is None:
            layers = orjson.dumps(self.stored.layers).decode()
            row = {"sha256": sha256, "size": self.stored.size, "layers": layers, "created_at": utc_now()}
            connection.execute(insert(weights).values(row))


@dataclass(frozen=True, slots=True)
class Fork:
    """The weights with which a run starts, and what became of the checkpoint that they were taken from.

    `graph` is the one to train, where preprocessing layers had learned something in the checkpoint; else None.
    """

    weights: WrittenWeights
    report: StartReport
    graph: Graph | None = None

    def set_weights(self, config: RunConfig) -> RunConfig:
        """The config of a run that starts with them."""
        changes = {"weights": self.weights.stored.sha256, "partial_weights": bool(self.report.new)}
        return config.model_copy(update=changes)


class WeightStore:
    """All weights. Files are put in place and taken away only inside the one writing transaction that there can be.

    A crash at any moment leaves no row without its file that anything names, and at most files that nothing names.
    """

    def __init__(self, database: Database, folder: Path):
        self._database = database
        self._folder = folder

    def find(self, model_id: str) -> WeightsFile | None:
        """The model's weights; None where it has none. Raises `EngineError` (`not_found`)."""
        with self._database.read() as connection:
            found = _fetch(connection, model_id)
        return None if found is None else WeightsFile(self._path_of(found.sha256), found)

    def find_file(self, sha256: str | None) -> Path | None:
        """The file with this hash; None where there is none."""
        if sha256 is None:
            return None
        with self._database.read() as connection:
            known = connection.execute(select(weights.c.sha256).where(weights.c.sha256 == sha256)).scalar_one_or_none()
        return None if known is None else self._path_of(known)

    def keep(self, model_id: str, written: Path, stored: StoredWeights, source: WeightsSource) -> WeightsPublic:
        """Moves the file that was written to its place and makes it the model's weights.

        Raises `EngineError` (`not_found`); the file is then left where it is.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._database.write() as connection:
            name_weights(connection, model_id, stored.sha256, source)
            self.expect(written, stored).put(connection)
            found = _fetch(connection, model_id)
        self.collect()
        if found is None:
            raise model_not_found(model_id)
        return found

    def expect(self, written: Path, stored: StoredWeights) -> WrittenWeights:
        """What was written to a file beside those that are kept, for a transaction that keeps and names it."""
        return WrittenWeights(written, self._path_of(stored.sha256), stored)

    def forget(self, model_id: str) -> None:
        """Leaves the model without weights. Raises `EngineError` (`not_found`)."""
        values = dict.fromkeys(("weights", "weights_source", "weights_set_at"))
        with self._database.write() as connection:
            _set(connection, model_id, values)
        self.collect()

    def collect(self) -> None:
        """Removes the files that no model and no run names any more.

        In a transaction of its own, after the one that took the last name away: nothing is lost where that one fails.
        The file goes before its row, so that a crash between the two leaves a row that nothing names, for later.
        """
        named = or_(
            select(models.c.id).where(models.c.weights == weights.c.sha256).exists(),
            select(runs.c.id).where(runs.c.weights == weights.c.sha256).exists(),
        )
        unnamed = select(weights.c.sha256).where(~named)
        with self._database.read() as connection:
            if connection.execute(unnamed.limit(1)).first() is None:
                return
        with self._database.write() as connection:
            for sha256 in connection.execute(unnamed).scalars().all():
                self._path_of(sha256).unlink(missing_ok=True)
                connection.execute(delete(weights).where(weights.c.sha256 == sha256))

    def sweep(self) -> None:
        """What a starting server does: `collect`, then removes the files of which the database knows nothing."""
        self.collect()
        if not self._folder.is_dir():
            return
        with self._database.write() as connection:
            known = set(connection.execute(select(weights.c.sha256)).scalars())
            for path in self._folder.iterdir():
                if path.is_file() and not (FILE_NAME.fullmatch(path.name) and path.stem in known):
                    log.info("removing %s, which nothing refers to", path.name)
                    path.unlink(missing_ok=True)

    def _path_of(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.npz"


def refuse_unknown_weights(connection: Connection, sha256: str | None) -> None:
    """Inside the transaction that is about to name the weights. Raises `EngineError` (`conflict`)."""
    if sha256 is None:
        return
    if connection.execute(select(weights.c.sha256).where(weights.c.sha256 == sha256)).first() is None:
        raise EngineError(
            "conflict",
            f"The weights {sha256!r} are not stored any more.",
            "Read the model again and take the weights that it has now.",
        )


def name_weights(connection: Connection, model_id: str, sha256: str, source: WeightsSource) -> None:
    """Makes these the model's, inside a transaction that also keeps them. Raises `EngineError` (`not_found`)."""
    values = {"weights": sha256, "weights_source": source.model_dump_json(), "weights_set_at": utc_now()}
    _set(connection, model_id, values)


def _fetch(connection: Connection, model_id: str) -> WeightsPublic | None:
    columns = (models.c.weights, weights.c.size, models.c.weights_source, models.c.weights_set_at)
    joined = models.outerjoin(weights, weights.c.sha256 == models.c.weights)
    row = connection.execute(select(*columns).select_from(joined).where(models.c.id == model_id)).one_or_none()
    if row is None:
        raise model_not_found(model_id)
    return read_weights_columns(*row)


def _set(connection: Connection, model_id: str, values: Mapping[str, object]) -> None:
    change = update(models).where(models.c.id == model_id).values({**values, "updated_at": utc_now()})
    if connection.execute(change).rowcount == 0:
        raise model_not_found(model_id)
