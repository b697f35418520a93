"""The weights of models as the API shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.models.weight_results import WeightsFit


class WeightsSource(BaseModel):
    """Where a model's weights came from.

    `upload` is a file that somebody sent, `import` the file that the model was made from, `layer` a change of single
    layers, `run` a checkpoint, `session` a model that was driven batch by batch. `name` is the file's, the layer's, the
    run's or the session's.
    """

    kind: Literal["upload", "import", "layer", "run", "session"]
    name: str
    run_id: str | None = None
    checkpoint_id: str | None = None
    step: int | None = None


class WeightsPublic(BaseModel):
    """The weights of a model: the SHA-256 of their npz file, its size in bytes, and where they came from.

    A run starts with them where its config's `weights` is `sha256`.
    """

    sha256: str
    size: int
    source: WeightsSource
    set_at: datetime


class WeightsReceipt(BaseModel):
    """The model's weights after a change, and which layers got them; the others kept theirs, or got new ones."""

    weights: WeightsPublic
    fit: WeightsFit


class WeightsFromRun(BaseModel):
    """A checkpoint of a run whose weights a model takes, layer by layer, by name."""

    model_config = ConfigDict(extra="forbid")
    run: Annotated[str, Field(max_length=100)]
    checkpoint: Annotated[str, Field(max_length=100)]
