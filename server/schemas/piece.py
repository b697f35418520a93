"""Changes of one piece of a graph. A field that is left out stays as it is."""

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.graph.document import Argument, Graph, Identifier, PathStep


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
