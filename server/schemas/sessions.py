"""Models driven batch by batch, as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.evaluation.session_schema import SessionFacts
from engine.evaluation.settings import Precision
from engine.training.config import CompileSettings

Id = Annotated[str, Field(max_length=100)] | None


class SessionCreate(BaseModel):
    """A model to be driven batch by batch, from exactly one of:

    `model_id` takes the draft, or the version `version_id`, with the model's stored weights (`new_weights` starts with
    new ones). `run_id` takes what a run trains, with the weights of its checkpoint `checkpoint_id` (an id, `best` or
    `last`). Without `compile` the model's own training settings hold, or the run's; then the optimizer goes on in the
    state that the checkpoint has.
    """

    model_config = ConfigDict(extra="forbid")
    model_id: Id = None
    version_id: Id = None
    run_id: Id = None
    checkpoint_id: Id = None
    compile: CompileSettings | None = None
    new_weights: bool = False
    precision: Precision | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @model_validator(mode="after")
    def check(self) -> Self:
        """Only one of the two ways."""
        if (self.model_id is None) == (self.run_id is None):
            raise ValueError("expected one of `model_id` and `run_id`")
        if self.version_id is not None and self.model_id is None:
            raise ValueError("a `version_id` belongs to a `model_id`")
        if self.checkpoint_id is not None and self.run_id is None:
            raise ValueError("a `checkpoint_id` belongs to a `run_id`")
        if self.new_weights and self.run_id is not None:
            raise ValueError("`new_weights` is for a `model_id`; a run has its checkpoint's")
        return self


class SessionPublic(SessionFacts):
    """An open session. It ends `idle_timeout_s` after it was last used."""

    id: str
    model_id: str | None
    version_id: str | None
    run_id: str | None
    checkpoint_id: str | None
    idle_timeout_s: float
    created_at: datetime
    used_at: datetime


class SessionList(BaseModel):
    items: list[SessionPublic]
