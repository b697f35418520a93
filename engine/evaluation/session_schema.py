"""What can be asked of a model that is driven batch by batch, and the answers. Imports no Keras."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.backend.results import ArrayValues
from engine.evaluation.settings import Precision
from engine.graph.document import Graph
from engine.training.config import CompileSettings
from engine.training.events import Logs


class SessionStart(BaseModel):
    """`weights` is npz or a checkpoint, None for new weights. `optimizer_state` takes the optimizer's state from there
    too, as the checkpoint has it."""

    model_config = ConfigDict(extra="forbid")

    graph: Graph
    compile: CompileSettings
    weights: Path | None = None
    optimizer_state: bool = False
    precision: Precision = "float32"
    seed: int = 0


class EndFacts(BaseModel):
    """An input or an output: `shape` has null for what is open, the first of which counts the samples."""

    name: str
    shape: list[int | None]
    dtype: str


class SessionFacts(BaseModel):
    """The model; `steps` is how many updates its optimizer has made."""

    inputs: list[EndFacts]
    outputs: list[EndFacts]
    parameters: int
    trainable_parameters: int
    steps: int


class Inputs(BaseModel):
    """`inputs` has nested lists by input name, the samples first; the lists alone where there is one input."""

    model_config = ConfigDict(extra="forbid")

    inputs: JsonValue


class Batch(Inputs):
    """A batch with its targets, by output name, or alone where there is one output.

    `sample_weight` is one number per sample. With `reset_metrics` the metrics begin anew, so that the logs are those of
    this batch alone; else they go on from the batches before, as Keras does it.
    """

    targets: JsonValue
    sample_weight: Annotated[list[float], Field(min_length=1)] | None = None
    reset_metrics: bool = False


class TrainingBatch(Batch):
    class_weight: dict[Annotated[int, Field(ge=0)], float] | None = None


class BatchLogs(BaseModel):
    """Keras's logs, and how many updates the optimizer has made."""

    logs: Logs
    steps: int


class OutputValues(ArrayValues):
    output: str


class BatchPredictions(BaseModel):
    outputs: list[OutputValues]
