"""What a check, a compile and an export answer. Imports no Keras: the server serves these as they are."""

from pydantic import BaseModel

from engine.graph.issues import Issue


class TensorSpec(BaseModel):
    """A symbolic tensor: `shape` with None for an unknown dimension (the batch comes first), and dtype."""

    shape: list[int | None]
    dtype: str


class NodeResult(BaseModel):
    """One call: the specs of its input tensors in the order of its edges, and of its output tensors in Keras's order.

    Absent from the result where the call failed.
    """

    inputs: list[TensorSpec] = []
    outputs: list[TensorSpec]


class LayerResult(BaseModel):
    """One layer, however many nodes call it. Parameters are counts of numbers, memory is in bytes."""

    parameters: int
    trainable_parameters: int
    parameter_bytes: int


class CheckResult(BaseModel):
    """A checked graph. `ok` means that no issue is an error. Totals count each shared layer once, and no layer
    that no output depends on.

    `inputs` and `outputs` are the layer names that Keras knows the model's ends by, in the model's order (a layer with
    several outputs stands there once for each). `nested` has the same for the graph of each layer that holds one, by
    the layer's id; its issues are also among the outer ones, with `within`.
    """

    ok: bool
    issues: list[Issue]
    nodes: dict[str, NodeResult]
    layers: dict[str, LayerResult]
    inputs: list[str]
    outputs: list[str]
    parameters: int
    trainable_parameters: int
    parameter_bytes: int
    nested: "dict[str, CheckResult]" = {}


class CompileResult(BaseModel):
    """Graph and training config checked together. `summary` is Keras's own table; the rest is what will be trained."""

    ok: bool
    issues: list[Issue]
    check: CheckResult
    summary: str | None = None
    samples: int | None = None
    validation_samples: int | None = None
    steps_per_epoch: int | None = None
    epochs: int
    metrics_names: list[str] = []
