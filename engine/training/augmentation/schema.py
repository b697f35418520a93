"""What is told about the augmentation of images. Imports no Keras: the server serves these as they are."""

from pydantic import BaseModel, JsonValue

from engine.graph.document import Graph
from engine.layers.schema import Argument


class AugmentationForm(BaseModel):
    """The arguments of Keras's `ImageDataGenerator` that layers can express, with its defaults.

    `unavailable` says of the others what to do instead.
    """

    arguments: list[Argument]
    unavailable: dict[str, str]


class Augmentation(BaseModel):
    """A graph and how the images of one of its inputs (`node`) are augmented.

    `arguments` are those that differ from `ImageDataGenerator`'s defaults. `nodes` are the nodes behind the input that
    they stand for, in order, and `last` is the last of them (the input where there are none). `remarks` say where
    layers do something else than `ImageDataGenerator` did, and what was left as it is.
    """

    graph: Graph
    node: str
    arguments: dict[str, JsonValue]
    nodes: list[str]
    last: str
    remarks: list[str]
