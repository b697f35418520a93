"""What a comparison of two graphs answers: what is new, gone, changed and connected in another way."""

from typing import Literal

from pydantic import BaseModel, JsonValue

Kind = Literal["added", "removed", "changed"]
Aspect = Literal["argument", "call_argument", "name", "class", "trainable", "code", "graph", "layer", "text"]


class ValueChange(BaseModel):
    """One value that is not what it was. `before` means nothing where the value was added, `after` where it is gone.

    `path` leads to the value: the argument's name, and the keys inside it where it is an object
    (`["kernel_initializer", "config", "seed"]`).
    """

    aspect: Aspect
    path: list[str] = []
    kind: Kind
    before: JsonValue = None
    after: JsonValue = None


class LayerChange(BaseModel):
    """A layer that is new, gone or changed; `before` and `after` are its ids in the two graphs.

    `nested` compares the graphs that it holds, where both sides hold one. The parameter counts are None where the layer
    is not in the graph, or could not be built.
    """

    kind: Kind
    before: str | None
    after: str | None
    name: str
    class_name: str
    changes: list[ValueChange] = []
    nested: "GraphDiff | None" = None
    parameters_before: int | None = None
    parameters_after: int | None = None


class NodeChange(BaseModel):
    """A call that is new, gone, or of another layer or with other constants. `name` is its layer's name."""

    kind: Kind
    before: str | None
    after: str | None
    name: str
    class_name: str
    changes: list[ValueChange] = []


class NodeMatch(BaseModel):
    """A call that both graphs have: its ids in both."""

    before: str
    after: str


class TensorEnd(BaseModel):
    """An output of a node, with the name of the node's layer."""

    node: str
    name: str
    output: int


class EdgeChange(BaseModel):
    """A place of a call where another tensor comes in: `before` is None where nothing did, `after` where nothing does.

    `target` is the node's id in the later graph, or in the earlier one where it is gone.
    """

    kind: Kind
    target: str
    target_name: str
    argument: str
    path: list[str] = []
    before: TensorEnd | None = None
    after: TensorEnd | None = None


class EndsChange(BaseModel):
    """The model's inputs or outputs in their order, where they are not what they were."""

    before: list[TensorEnd]
    after: list[TensorEnd]


class RemarkChange(BaseModel):
    """A group or a note on the canvas. `text` is its title, or the text itself."""

    kind: Kind
    id: str
    text: str
    changes: list[ValueChange] = []


class GraphDiff(BaseModel):
    """Everything that differs. `same` means that nothing does, nested graphs and remarks included.

    `matched` are the calls that both graphs have, changed or not. `settings` are the graph's own (`class`, `name`).
    """

    same: bool
    settings: list[ValueChange] = []
    layers: list[LayerChange] = []
    nodes: list[NodeChange] = []
    edges: list[EdgeChange] = []
    inputs: EndsChange | None = None
    outputs: EndsChange | None = None
    groups: list[RemarkChange] = []
    notes: list[RemarkChange] = []
    matched: list[NodeMatch] = []


class GraphCounts(BaseModel):
    """One side of a comparison in numbers. Parameters count what could be built; `ok` says whether all of it could."""

    ok: bool
    nodes: int
    layers: int
    parameters: int
    trainable_parameters: int
    parameter_bytes: int


class DiffResult(BaseModel):
    """Two graphs compared, with what Keras counts on each side."""

    before: GraphCounts
    after: GraphCounts
    diff: GraphDiff
