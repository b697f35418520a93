"""What can be asked about the values and gradients of a graph's tensors, and the answers. Imports no Keras."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.graph.document import Identifier, TensorReference

LayerName = Annotated[str, Field(min_length=1, max_length=200)]


class Request(BaseModel):
    """`inputs` has, by node, the values of its output 0 as nested lists, the samples first.

    A node with several outputs takes an object instead, by the output's number: `{"1": [[0.5]]}`. Any node's tensor
    can be fed, also an inner one: what comes before it is then not computed. NaN and infinities are the strings
    `"NaN"`, `"Infinity"` and `"-Infinity"`. `training` is the flag that layers are called with.
    """

    model_config = ConfigDict(extra="forbid")

    inputs: Annotated[dict[Identifier, JsonValue], Field(min_length=1, max_length=1000)]
    outputs: Annotated[list[TensorReference], Field(min_length=1, max_length=100)]
    training: bool = False


class FunctionRequest(Request):
    """The values of `outputs`, computed from `inputs`."""


class VariablesOf(BaseModel):
    """All weights of these layers, by their Keras names."""

    model_config = ConfigDict(extra="forbid")
    variables: Annotated[list[LayerName], Field(min_length=1, max_length=1000)]


class InputNodes(BaseModel):
    """What is fed into these nodes."""

    model_config = ConfigDict(extra="forbid")
    inputs: Annotated[list[Identifier], Field(min_length=1, max_length=1000)]


class GradientsRequest(Request):
    """The derivatives of the sum of all numbers in `outputs`, with respect to weights or to what is fed."""

    with_respect_to: VariablesOf | InputNodes


class ArrayValues(BaseModel):
    """Numbers as nested lists; NaN and infinities are strings."""

    shape: list[int]
    dtype: str
    values: JsonValue


class TensorValues(ArrayValues):
    """The values of one output of a node."""

    node: str
    output: int


class WeightsUsed(BaseModel):
    """With which weights it was computed: stored ones, or new ones, made with `seed`, for some layers or for all."""

    kind: Literal["stored", "partly_stored", "new"]
    new_layers: list[str]
    seed: int


class Result(BaseModel):
    weights: WeightsUsed
    image_data_format: str


class FunctionResult(Result):
    """The outputs in the order in which they were asked for."""

    outputs: list[TensorValues]


class Gradient(BaseModel):
    """The derivative with respect to a variable (then `layer` and its `path` are set) or to a fed tensor (`node`).

    `gradient` is None where the outputs do not depend on it, or where it holds whole numbers.
    """

    layer: str | None = None
    path: str | None = None
    node: str | None = None
    output: int | None = None
    gradient: ArrayValues | None


class GradientsResult(Result):
    gradients: list[Gradient]
