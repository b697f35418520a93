"""What a run starts with where that is not a new model: a checkpoint of another run."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class RunStart(BaseModel):
    """Start with the weights of a checkpoint, layer by layer, by name. The optimizer starts anew."""

    model_config = ConfigDict(extra="forbid")
    run_id: Annotated[str, Field(max_length=100)]
    checkpoint_id: Annotated[str, Field(max_length=100)]


class NewLayer(BaseModel):
    """A layer that starts with new weights, by its Keras name, and why."""

    layer: str
    reason: str


class StartReport(BaseModel):
    """With what a run started: the checkpoint, of which there may be none any more, and what became of its weights.

    `kept` are the layers, by their Keras names, that have the checkpoint's weights. `new` have new ones: the checkpoint
    has none for them, or of other shapes. `unused` are layers of the checkpoint that the run's model does not have.
    """

    run_id: str
    run_name: str
    checkpoint_id: str
    epoch: int
    step: int
    kept: list[str]
    new: list[NewLayer]
    unused: list[str]
