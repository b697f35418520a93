"""Which runs use a data set."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from sqlalchemy import select

from engine.errors import EngineError
from engine.training.events import FINAL_STATUSES
from server.storage.database import Database
from server.storage.tables import runs


class DatasetUsers:
    """The runs that are not over and name a data set, to train or to validate on."""

    def __init__(self, database: Database):
        self._database = database

    @contextmanager
    def refuse_used(self, name: str) -> Iterator[None]:
        """No run begins while the block lasts. Raises `EngineError` `conflict` where one uses the data set."""
        unfinished = select(runs.c.id, runs.c.name, runs.c.status, runs.c.config).where(
            runs.c.status.not_in(FINAL_STATUSES)
        )
        with self._database.write() as connection:
            for row in connection.execute(unfinished):
                if name in _list_datasets(row.config):
                    raise EngineError(
                        "conflict",
                        f"The run {row.name!r} ({row.status}) uses the data set {name!r}.",
                        f"Wait until it is over, or stop it: POST /api/runs/{row.id}/stop.",
                    )
            yield


def _list_datasets(config: str) -> set[str | None]:
    data = orjson.loads(config).get("data") or {}
    return {data.get("dataset"), (data.get("validation") or {}).get("dataset")}
