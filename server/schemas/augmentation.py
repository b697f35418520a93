"""What is asked about the augmentation of images."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.graph.document import Graph, Identifier
from engine.training.config import DataSettings

AugmentationArguments = Annotated[dict[str, JsonValue], Field(max_length=100)]


class AugmentRequest(BaseModel):
    """A graph and how its images are to be augmented, in the arguments of Keras's `ImageDataGenerator`.

    What is left out of `arguments` has its default there; None asks what the graph says now. `node` is the input whose
    images are meant, None for the first one that takes images. `data` tells what is black and white; without it that
    is 0 and 255.
    """

    model_config = ConfigDict(extra="forbid")

    graph: Graph
    node: Identifier | None = None
    arguments: AugmentationArguments | None = None
    data: DataSettings | None = None
