"""What is asked where layers are to be fitted to data."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.graph.document import Graph
from engine.training.config import DataSettings, FitSettings


class ModelAdaptRequest(BaseModel):
    """Which samples are looked at: the training part of `data`, which `data.split` or `validation_split` divides.

    What is None is that of the model's training config.
    """

    model_config = ConfigDict(extra="forbid")

    data: DataSettings | None = None
    validation_split: Annotated[float, Field(ge=0, lt=1)] | None = None


class GraphAdaptRequest(BaseModel):
    """A graph, and the data to fit it to."""

    model_config = ConfigDict(extra="forbid")

    graph: Graph
    data: DataSettings
    validation_split: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @property
    def fit(self) -> FitSettings:
        """The settings of a training that would divide the samples in this way."""
        return FitSettings(validation_split=self.validation_split)
