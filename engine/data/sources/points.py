"""Points of a plane in classes: what a model draws its borders between can be seen at a glance."""

from typing import Annotated

from pydantic import Field

from engine.data.loaders import points
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source

ORIGIN = "drawn by scikit-learn"
SAMPLES = 1_000
POINT = ArraySpec(name="point", shape=[2], dtype="float32")

Samples = Annotated[int, Field(ge=10, le=1_000_000, description="How many points are drawn.")]
Seed = Annotated[int, Field(ge=0, lt=2**32, description="Another seed draws other points.")]
Noise = Annotated[float, Field(ge=0, le=10, description="The standard deviation of what is added to the points.")]


class BlobArguments(Arguments):
    """As in `sklearn.datasets.make_blobs`."""

    samples: Samples = SAMPLES
    centers: Annotated[int, Field(ge=2, le=100, description="How many clusters, each a class.")] = 3
    features: Annotated[int, Field(ge=1, le=20, description="How many numbers a point has.")] = 2
    cluster_std: Annotated[float, Field(ge=0, le=100, description="The standard deviation of each cluster.")] = 1.0
    seed: Seed = 0


class MoonArguments(Arguments):
    """As in `sklearn.datasets.make_moons`."""

    samples: Samples = SAMPLES
    noise: Noise = 0.1
    seed: Seed = 0


class CircleArguments(Arguments):
    """As in `sklearn.datasets.make_circles`."""

    samples: Samples = SAMPLES
    noise: Noise = 0.05
    factor: Annotated[float, Field(ge=0, lt=1, description="The inner circle's radius; the outer one's is 1.")] = 0.5
    seed: Seed = 0


class SpiralArguments(Arguments):
    """How many arms wind around each other, and how often."""

    samples: Samples = SAMPLES
    arms: Annotated[int, Field(ge=2, le=20, description="How many arms, each a class.")] = 2
    turns: Annotated[float, Field(gt=0, le=20, description="How often an arm goes around the middle.")] = 1.5
    noise: Noise = 0.02
    seed: Seed = 0


BLOBS = Source(
    name="blobs",
    title="Clusters of points",
    origin=ORIGIN,
    task="classification",
    samples=SAMPLES,
    description="Points around centres that are drawn at random; which centre is each from? Straight lines part them,"
    " where they do not overlap.",
    inputs=(POINT,),
    targets=(ArraySpec(name="cluster", shape=[], dtype="int32", classes=3),),
    arguments=BlobArguments,
    load=points.load_blobs,
)

MOONS = Source(
    name="moons",
    title="Two moons",
    origin=ORIGIN,
    task="binary_classification",
    samples=SAMPLES,
    description="Points of two half circles that reach into each other; is it the lower one (1)? No straight line parts"
    " them.",
    inputs=(POINT,),
    targets=(ArraySpec(name="moon", shape=[], dtype="int32", classes=2),),
    arguments=MoonArguments,
    load=points.load_moons,
    class_names=("upper", "lower"),
)

CIRCLES = Source(
    name="circles",
    title="Circle in a circle",
    origin=ORIGIN,
    task="binary_classification",
    samples=SAMPLES,
    description="Points of two circles around 0; is it the inner one (1)?",
    inputs=(POINT,),
    targets=(ArraySpec(name="circle", shape=[], dtype="int32", classes=2),),
    arguments=CircleArguments,
    load=points.load_circles,
    class_names=("outer", "inner"),
)

SPIRALS = Source(
    name="spirals",
    title="Spirals",
    origin="drawn at random",
    task="classification",
    samples=SAMPLES,
    description="Points of spiral arms that wind around each other; which arm is each from? A model needs some hidden"
    " layers for it.",
    inputs=(POINT,),
    targets=(ArraySpec(name="arm", shape=[], dtype="int32", classes=2),),
    arguments=SpiralArguments,
    load=points.load_spirals,
)

SOURCES = (BLOBS, MOONS, CIRCLES, SPIRALS)
