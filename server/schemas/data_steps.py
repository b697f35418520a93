"""What steps on data are tried with."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.data.steps.settings import DataSteps


class StepsTrial(BaseModel):
    """A data set's arguments, the steps to try, and which samples to show: `rows` of them from `start` on."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    arguments: dict[str, JsonValue] = {}
    steps: DataSteps = []
    start: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    rows: Annotated[int, Field(ge=1, le=20)] = 3
