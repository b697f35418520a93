"""Copies in data sets, as the API is asked for them."""

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.data.duplicate_results import DuplicateReport
from engine.training.split_settings import SplitSettings
from server.schemas.data_jobs import DataJob


class DuplicatesRequest(BaseModel):
    """How to read the data set, and how its samples are divided, both as in a run's `data`."""

    model_config = ConfigDict(extra="forbid")

    arguments: dict[str, JsonValue] = {}
    split: SplitSettings | None = None


class DuplicatesFound(BaseModel):
    """What the last look found, None before the first one; `job` is the look that is under way."""

    report: DuplicateReport | None
    job: DataJob | None
