"""Models as the API shows them: a named thing with a draft graph and immutable versions."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.graph.document import Graph, Layout
from engine.training.config import RunConfig
from server.schemas.names import DisplayName
from server.schemas.weights import WeightsPublic


class ModelCreate(BaseModel):
    """A new model, empty or with a first draft. `training` is the training config that the page remembers with it."""

    model_config = ConfigDict(extra="forbid")
    name: DisplayName
    graph: Graph = Graph()
    layout: Layout = Layout()
    training: RunConfig | None = None


class ModelUpdate(BaseModel):
    """What of a model can be changed beside its graph."""

    model_config = ConfigDict(extra="forbid")
    name: DisplayName | None = None
    training: RunConfig | None = None


class ModelPublic(BaseModel):
    """A model without its graph. `revision` counts the saved changes of the draft and is its ETag."""

    id: str
    name: str
    revision: int
    hash: str
    nodes: int
    versions: int
    runs: int
    training: RunConfig | None
    weights: WeightsPublic | None = None
    created_at: datetime
    updated_at: datetime


class ModelPage(BaseModel):
    items: list[ModelPublic]
    next_cursor: str | None


class Draft(BaseModel):
    """The graph that is being edited, with its layout. The response's ETag is the revision in quotes."""

    model_config = ConfigDict(extra="forbid")
    graph: Graph
    layout: Layout = Layout()


class DraftPublic(Draft):
    revision: int
    hash: str


class VersionCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    message: Annotated[str, Field(max_length=500)] = ""


class VersionPublic(BaseModel):
    """An immutable graph, addressed by its hash. `number` counts from 1 within the model."""

    id: str
    model_id: str
    number: int
    hash: str
    message: str
    created_at: datetime


class VersionDetail(VersionPublic):
    graph: Graph
    layout: Layout


class VersionPage(BaseModel):
    items: list[VersionPublic]
    next_cursor: str | None


class TemplatePublic(BaseModel):
    """A complete example: graph, layout and a training config that is known to work on the named data set."""

    id: str
    title: str
    category: str
    description: str
    graph: Graph
    layout: Layout
    training: RunConfig
