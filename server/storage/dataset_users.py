"""Which runs use a data set."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import select

from engine.errors import EngineError
from engine.training.events import FINAL_STATUSES
from server.storage.database import Database
from server.storage.tables import runs

Data = Mapping[str, Any]
"""The `data` of a run's config, as JSON has it."""


class DatasetUsers:
    """The runs that are not over and name a data set, to train or to validate on."""

    def __init__(self, database: Database):
        self._database = database

    @contextmanager
    def refuse_used(self, name: str) -> Iterator[None]:
        """No run begins while the block lasts. Raises `EngineError` `conflict` where one uses the data set."""
        with self._refuse(lambda data: name in _list_datasets(data), f"the data set {name!r}"):
            yield

    @contextmanager
    def refuse_used_split(self, dataset: str, split: str) -> Iterator[None]:
        """No run begins while the block lasts. Raises `EngineError` `conflict` where one uses the stored split."""
        named = {"kind": "stored", "name": split}
        with self._refuse(
            lambda data: data.get("dataset") == dataset and data.get("split") == named,
            f"the split {split!r} of the data set {dataset!r}",
        ):
            yield

    @contextmanager
    def _refuse(self, uses: Callable[[Data], bool], what: str) -> Iterator[None]:
        unfinished = select(runs.c.id, runs.c.name, runs.c.status, runs.c.config).where(
            runs.c.status.not_in(FINAL_STATUSES)
        )
        with self._database.write() as connection:
            for row in connection.execute(unfinished):
                if uses(orjson.loads(row.config).get("data") or {}):
                    raise EngineError(
                        "conflict",
                        f"The run {row.name!r} ({row.status}) uses {what}.",
                        f"Wait until it is over, or stop it: POST /api/runs/{row.id}/stop.",
                    )
            yield


def _list_datasets(data: Data) -> set[str | None]:
    return {data.get("dataset"), (data.get("validation") or {}).get("dataset")}
