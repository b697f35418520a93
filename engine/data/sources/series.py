"""Curves and sequences for learning: a sine to follow, its future, and a sequence to remember."""

from typing import Annotated

from pydantic import Field

from engine.data.loaders import series
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source

ORIGIN = "drawn at random"
SAMPLES = 1_000
SYMBOLS = 8

Samples = Annotated[int, Field(ge=10, le=100_000, description="How many samples are drawn.")]
Seed = Annotated[int, Field(ge=0, lt=2**32, description="Another seed draws others.")]
Noise = Annotated[float, Field(ge=0, le=10, description="The standard deviation of what is added to the sine.")]


class SineArguments(Arguments):
    """How much of the sine there is, and how noisy it is."""

    samples: Samples = SAMPLES
    periods: Annotated[float, Field(gt=0, le=100, description="How many periods around 0 there are.")] = 1.0
    noise: Noise = 0.1
    seed: Seed = 0


class SineWindowArguments(Arguments):
    """How the series is made, and how it is cut into windows."""

    samples: Samples = SAMPLES
    window: Annotated[int, Field(ge=1, le=500, description="How many steps the model sees.")] = 20
    horizon: Annotated[int, Field(ge=1, le=1_000, description="How many steps after them the wanted value is.")] = 1
    period: Annotated[float, Field(ge=2, le=10_000, description="How many steps a period takes.")] = 25.0
    noise: Noise = 0.1
    seed: Seed = 0


class CopyArguments(Arguments):
    """How long the sequences are, how long they have to be remembered, and how many symbols there are."""

    samples: Samples = 5_000
    length: Annotated[int, Field(ge=1, le=100, description="How many symbols are to be copied.")] = 5
    delay: Annotated[int, Field(ge=0, le=200, description="How many blanks come before the sign to go.")] = 5
    symbols: Annotated[int, Field(ge=2, le=1_000, description="How many different symbols there are.")] = SYMBOLS
    seed: Seed = 0


SINE = Source(
    name="sine",
    title="Noisy sine",
    origin=ORIGIN,
    task="regression",
    samples=SAMPLES,
    description="Numbers and the sine of each, with noise: a curve for a model to follow.",
    inputs=(ArraySpec(name="x", shape=[1], dtype="float32"),),
    targets=(ArraySpec(name="y", shape=[], dtype="float32"),),
    arguments=SineArguments,
    load=series.load_sine,
)

SINE_WINDOWS = Source(
    name="sine_windows",
    title="Windows of a noisy sine",
    origin=ORIGIN,
    task="regression",
    samples=SAMPLES,
    description="Windows of a series in time; what comes after each? They are in the order of time, so that Keras's"
    " validation_split validates on what is latest.",
    inputs=(ArraySpec(name="window", shape=[20, 1], dtype="float32"),),
    targets=(ArraySpec(name="next", shape=[], dtype="float32"),),
    arguments=SineWindowArguments,
    load=series.load_sine_windows,
)

COPY_SEQUENCE = Source(
    name="copy_sequence",
    title="Sequences to copy from memory",
    origin=ORIGIN,
    task="classification",
    samples=5_000,
    description="A few symbols, then blanks (0), then a sign to go (1) and blanks again: only then is the model to say"
    " the symbols (from 2 on), and before it nothing (0). With a long `delay` it tells memories apart.",
    inputs=(ArraySpec(name="sequence", shape=[16], dtype="int32"),),
    targets=(ArraySpec(name="copy", shape=[16], dtype="int32", classes=SYMBOLS + series.FIRST_SYMBOL),),
    arguments=CopyArguments,
    load=series.load_copy_sequence,
)

SOURCES = (SINE, SINE_WINDOWS, COPY_SEQUENCE)
