"""What a model costs, as asked and as answered. Imports no Keras: the server serves these as they are."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.graph.document import Identifier
from engine.graph.issues import Issue
from engine.models.results import LayerResult, TensorSpec

MAX_SIZE = 2**31 - 1
"""The largest size of one dimension: what a 32-bit index reaches."""

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]
Precision = Literal["float32", "mixed_float16", "mixed_bfloat16", "float64"]


class CostSettings(BaseModel):
    """For what a model's costs are counted.

    `dims` gives sizes to the dimensions that an input leaves open, by the input's node: its whole shape without the
    batch (`{"words": [200]}` for `(None, None)`), with null for what stays unknown.
    """

    model_config = ConfigDict(extra="forbid")

    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] = 32
    dims: Annotated[dict[Identifier, Annotated[list[Size | None], Field(max_length=32)]], Field(max_length=1000)] = {}
    precision: Precision = "float32"


class NodeCost(BaseModel):
    """One call of a layer on a whole batch.

    `flops` counts floating-point operations of the forward pass, a multiplication and an addition as two.
    `activation_bytes` is the size of the output tensors. Shares are parts of the graph's sums, from 0 to 1. `uncounted`
    has the types of TensorFlow operations for which no count is known, with how many numbers they give: most of them
    only move numbers, the others (`Relu`, `Tanh`) cost some operations for each. `unknown` says why a number is null.
    """

    outputs: list[TensorSpec]
    flops: int | None
    flops_share: float | None = None
    activation_bytes: int | None
    activation_share: float | None = None
    uncounted: dict[str, int] = {}
    unknown: str | None = None


class LayerCost(LayerResult):
    """One layer, however many nodes call it. `parameter_share` is its part of the graph's parameters, from 0 to 1."""

    parameter_share: float = 0.0


class CostResult(BaseModel):
    """The costs of a graph for one batch, in FLOPs and bytes.

    `forward_bytes` is the most that output tensors take at one time while the layers run one after the other and each
    tensor is dropped after its last use. `kept_bytes` is what training keeps of them for the backward pass: the
    outputs of all calls, inside nested graphs too. What a layer makes only inside itself is in neither.
    `training_bytes` is the sum of parameters, gradients, the optimizer's variables and `kept_bytes`. Nodes in `unknown`
    are missing in the sums. `nested` has the same for the graph of each layer that holds one, by the layer's id, for
    one call of it.
    """

    ok: bool
    issues: list[Issue]
    batch_size: int
    precision: Precision
    optimizer: str | None = None
    nodes: dict[str, NodeCost]
    layers: dict[str, LayerCost]
    flops: int
    forward_bytes: int
    kept_bytes: int
    parameters: int
    trainable_parameters: int
    parameter_bytes: int
    gradient_bytes: int
    optimizer_bytes: int
    training_bytes: int
    uncounted: dict[str, int] = {}
    unknown: list[str] = []
    nested: "dict[str, CostResult]" = {}


class SummaryRow(BaseModel):
    """One call of a layer, in the order in which the calls are made. `sources` are the nodes that lead into it."""

    node: str
    layer: str
    name: str
    class_name: str
    outputs: list[TensorSpec]
    parameters: int
    trainable: bool
    calls: int
    sources: list[str]


class SummaryResult(BaseModel):
    """A model's summary: Keras's own table as text, and the same as data, one row for each node."""

    text: str
    rows: list[SummaryRow]
    parameters: int
    trainable_parameters: int
    parameter_bytes: int
