"""The graph document: layers, the nodes that call them, and the edges that carry tensors between the calls."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

FORMAT: Final = 1
MAX_LAYERS = 10_000
MAX_NODES = 10_000
MAX_EDGES = 50_000
MAX_CODE = 100_000
"""Characters of Python that one layer may bring."""

Identifier = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+$")]
Argument = Annotated[int, Field(ge=0, lt=100)] | Annotated[str, Field(min_length=1, max_length=100)]
PathStep = Annotated[int, Field(ge=0, lt=10_000)] | Annotated[str, Field(max_length=100)]


class Part(BaseModel):
    """What every piece of the document has in common: an unknown field is an error, never dropped in silence."""

    model_config = ConfigDict(extra="forbid")


class Layer(Part):
    """A Keras layer: what is needed to make an instance. Its weights are shared by all nodes that call it.

    `config` holds Keras's own argument names; an argument that is left out takes Keras's default. `name` is the Keras
    layer name (the `id`, where it is None).

    `package` says where `class_name` is to be found: None among Keras's own layers; `keras.ops` for an operation, by
    the name of its public function (`add`, `image.resize`); `layerloom` for our own layers; `code` for the class that
    the Python in `code` defines. Any other package is kept as it is, and an issue says that it is missing.

    `graph` is set for a layer that is itself a model (`class_name` is then `Functional` or `Sequential`), and for a
    wrapper around one (`TimeDistributed`), where it stands for the argument that takes a layer.
    """

    id: Identifier
    class_name: Annotated[str, Field(min_length=1, max_length=200)]
    package: Annotated[str, Field(max_length=200)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    config: dict[str, JsonValue] = {}
    trainable: bool = True
    graph: "Graph | None" = None
    code: Annotated[str, Field(max_length=MAX_CODE)] | None = None

    @property
    def keras_name(self) -> str:
        """The name that the Keras layer gets."""
        return self.name or self.id


class Node(Part):
    """One call of a layer. `arguments` are the call's constants, by keyword, such as `{"axis": 1, "training": false}`.

    A positional constant is keyed by its position as a decimal string (`{"1": 2.0}`).
    """

    id: Identifier
    layer: Identifier
    arguments: dict[str, JsonValue] = {}


class Edge(Part):
    """A tensor that goes from output `output` of node `source` into the call of node `target`.

    `argument` is the position (0 is the first) or the keyword of the call's argument. `path` says where inside that
    argument the tensor stands: empty where the argument is the tensor itself, `[1]` for the second one of a list (so
    the order of a merge is explicit), `["query"]` for a member of a dictionary, longer for nested structures.
    """

    id: Identifier
    source: Identifier
    output: Annotated[int, Field(ge=0, lt=1000)] = 0
    target: Identifier
    argument: Argument = 0
    path: Annotated[list[PathStep], Field(max_length=8)] = []


class TensorReference(Part):
    """Output `output` of node `node`."""

    node: Identifier
    output: Annotated[int, Field(ge=0, lt=1000)] = 0


class Group(Part):
    """A titled frame around nodes: for the reader, without meaning for the model."""

    id: Identifier
    title: Annotated[str, Field(max_length=200)]
    nodes: Annotated[list[Identifier], Field(max_length=MAX_NODES)] = []


class Note(Part):
    """A text on the canvas."""

    id: Identifier
    text: Annotated[str, Field(max_length=10_000)]


class Graph(Part):
    """The document. A half-drawn, invalid graph is a valid document: `engine.graph.rules` says what is wrong with it.

    `inputs` and `outputs` fix the order of the model's inputs (nodes that call an `InputLayer`) and outputs. Where one
    is None it is derived: every `InputLayer` node, and every output tensor of the nodes that nothing follows, in
    document order.

    `class_name` is what Keras makes of it: a `Sequential` has to be a plain chain. `name` is the Keras name of a graph
    inside a wrapper; a graph that is a layer has that layer's name, and the outermost one that of the model.
    """

    format: Literal[1] = FORMAT
    class_name: Literal["Functional", "Sequential"] = "Functional"
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    layers: Annotated[list[Layer], Field(max_length=MAX_LAYERS)] = []
    nodes: Annotated[list[Node], Field(max_length=MAX_NODES)] = []
    edges: Annotated[list[Edge], Field(max_length=MAX_EDGES)] = []
    inputs: Annotated[list[TensorReference], Field(max_length=1000)] | None = None
    outputs: Annotated[list[TensorReference], Field(max_length=1000)] | None = None
    groups: Annotated[list[Group], Field(max_length=1000)] = []
    notes: Annotated[list[Note], Field(max_length=1000)] = []


class Position(Part):
    """A place on the canvas, in canvas pixels at zoom 1."""

    x: Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]
    y: Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]


class Layout(Part):
    """Where nodes and notes stand. Apart from the graph, so that moving one changes no hash and makes no version.

    `nested` has the same for the graph of each layer that holds one, by the layer's id. What has no position yet is
    laid out by whoever draws it.
    """

    positions: Annotated[dict[Identifier, Position], Field(max_length=2 * MAX_NODES)] = {}
    nested: "Annotated[dict[Identifier, Layout], Field(max_length=MAX_LAYERS)]" = {}
