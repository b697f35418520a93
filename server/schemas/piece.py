"""Changes of one piece of a graph. A field that is left out stays as it is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.graph.document import MAX_NODES, Argument, Graph, Identifier, Layer, PathStep


class PieceUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LayerUpdate(PieceUpdate):
    """`config` is merged: the keys that are sent are set (`null` is a value too), the others stay."""

    class_name: str | None = None
    package: str | None = None
    name: str | None = None
    config: dict[str, JsonValue] | None = None
    trainable: bool | None = None
    graph: Graph | None = None
    code: str | None = None


class NodeUpdate(PieceUpdate):
    """`arguments` are merged, like a layer's config."""

    layer: Identifier | None = None
    arguments: dict[str, JsonValue] | None = None


class EdgeUpdate(PieceUpdate):
    """`path` is replaced as a whole."""

    source: Identifier | None = None
    output: int | None = None
    target: Identifier | None = None
    argument: Argument | None = None
    path: list[PathStep] | None = None


class TrainableRequest(PieceUpdate):
    """`nodes` are ids of nodes, or of groups. `with_ancestors` takes along everything back to the inputs."""

    nodes: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_NODES)]
    trainable: bool
    with_ancestors: bool = False


class NestRequest(PieceUpdate):
    """`name` is the new layer's id, with a number behind it where that is taken."""

    nodes: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_NODES)]
    name: Annotated[Identifier, Field(max_length=90)] = "block"


class DissolveRequest(PieceUpdate):
    """`layer` is the id of a layer that holds a graph."""

    layer: Identifier


class InsertRequest(PieceUpdate):
    """`index` is the place in the chain, 0 the first; the end where it is None."""

    layer: Layer
    index: Annotated[int, Field(ge=0)] | None = None


class PopRequest(PieceUpdate):
    """`index` is the place in the chain; negative ones count from the end."""

    index: int = -1
