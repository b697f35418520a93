"""What is asked about a graph's costs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.graph.document import Graph
from engine.models.cost_results import CostSettings, Precision, Size
from engine.training.config import CompileSettings, KerasReference, RunConfig

Sizes = dict[Annotated[str, Field(min_length=1, max_length=100)], Annotated[list[Size | None], Field(max_length=32)]]


class GraphCostRequest(CostSettings):
    """A graph and for what its costs are counted. `optimizer` null counts none."""

    graph: Graph
    optimizer: KerasReference | None = "adam"


class ModelCostRequest(BaseModel):
    """For what a model's costs are counted. What is left out is taken from the model's training config.

    `dims` gives sizes to the dimensions that an input leaves open, by the input's node: its whole shape without the
    batch, with null for what stays unknown.
    """

    model_config = ConfigDict(extra="forbid")

    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    dims: Annotated[Sizes, Field(max_length=1000)] = {}
    precision: Precision | None = None
    optimizer: KerasReference | None = None
    version_id: str | None = None

    def complete(self, training: RunConfig | None) -> tuple[CostSettings, KerasReference]:
        """The settings and the optimizer: as asked, as the model is trained, or as Keras would by default."""
        defaults = CostSettings()
        fit, precision = (training.fit.batch_size, training.precision) if training else (None, None)
        settings = CostSettings(
            batch_size=self.batch_size or fit or defaults.batch_size,
            dims=self.dims,
            precision=self.precision or precision or defaults.precision,
        )
        by_default = training.compile.optimizer if training else CompileSettings(loss="mse").optimizer
        return settings, self.optimizer or by_default
