"""Work on data that takes longer than a request, as the API tells of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from engine.graph.issues import Issue

DataJobKind = Literal["make", "download", "duplicates"]
"""A data set of one's own is made, one of Keras's is fetched, or a data set is looked through for copies."""

DataJobState = Literal["waiting", "running", "finished", "failed", "cancelled"]
OVER: frozenset[DataJobState] = frozenset({"finished", "failed", "cancelled"})


class DataJob(BaseModel):
    """Work on the data set `name`. `progress` is the share that is done, from 0 to 1.

    `received_bytes` and `total_bytes` are those of a download, the latter where it is known. `dataset` is the data
    set's name once it is ready. Where it failed `reason` says why, and `issues` name file, row and column.
    """

    id: str
    kind: DataJobKind = "make"
    name: str
    title: str
    state: DataJobState
    progress: Annotated[float, Field(ge=0, le=1)] = 0
    received_bytes: int | None = None
    total_bytes: int | None = None
    reason: str | None = None
    issues: list[Issue] = []
    dataset: str | None = None
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in OVER


class JobProgress(BaseModel):
    """What a job's process tells while it works."""

    progress: float
    received_bytes: int | None = None
    total_bytes: int | None = None
