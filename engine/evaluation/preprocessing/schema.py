"""What is asked and told about the layers that prepare data. Imports no Keras: the server serves these as they are."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.evaluation.results import ShownArray
from engine.graph.document import Identifier
from engine.training.events import Number

MOST_DRAWS = 25
"""So often random layers draw in one question."""


class PreviewSettings(BaseModel):
    """What of a graph is looked at, and on which example.

    `node` is the last node to be looked at; None goes through all layers that prepare data. `example` is the number of
    a sample of the data set, from 0; None takes one by `seed`. With `training` random layers draw `count` times as in
    a training; the same `seed` draws the same.
    """

    model_config = ConfigDict(extra="forbid")

    node: Identifier | None = None
    example: Annotated[int, Field(ge=0)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    training: bool = True
    count: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = 9


class PreviewArray(BaseModel):
    """One sample's array, without the sample dimension: its least and largest number, None where it has none.

    An image is a `picture` (a PNG as a data URL, made smaller where it is large), everything else is in `shown`.
    """

    shape: list[int]
    dtype: str
    minimum: Number | None
    maximum: Number | None
    picture: str | None = None
    shown: ShownArray | None = None


class PreviewStep(BaseModel):
    """What comes out of one node, as it is when nothing is trained. `sources` are the nodes that it comes from.

    `preparing` is False for inputs and for layers on the way that are not for preparing data. `random` says that it,
    or one before it, draws in training.
    """

    node: str
    layer: str
    class_name: str
    sources: list[str]
    preparing: bool
    random: bool
    output: PreviewArray


class LeftOut(BaseModel):
    """A preprocessing layer that was not looked at, and why."""

    node: str
    reason: str


class Preview(BaseModel):
    """One example on its way through the layers that prepare data, in the order of the calls, the inputs first.

    `draws` are what comes out of the last step in training, each drawn anew; empty where nothing is random. `target` is
    the class of the example where it has one. `draw_targets` is empty unless layers mix the samples of a batch: then
    each draw begins with a sample of its own, and it says of each what is in it. `remarks` say what a reader would
    wonder about.
    """

    dataset: str
    samples: int
    example: int
    target: str | None
    steps: list[PreviewStep]
    draws: list[PreviewArray]
    draw_targets: list[str] = []
    left_out: list[LeftOut]
    remarks: list[str] = []
