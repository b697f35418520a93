"""Sums written as text, for models that turn one sequence into another."""

from typing import Annotated

from pydantic import Field

from engine.data.loaders.additions import CHARACTERS, load_additions
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source


class AdditionArguments(Arguments):
    """How many sums there are, of numbers with at most how many digits, and how they are drawn."""

    samples: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    digits: Annotated[int, Field(ge=1, le=9)] = 2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


ADDITIONS = Source(
    name="additions",
    title="Additions as text",
    origin="drawn at random",
    task="classification",
    samples=20_000,
    description="Sums such as “23+8” and their results “31”, as numbers of characters"
    f" ({len(CHARACTERS)} of them, 1 starts an answer). `previous` is the answer moved on by one, for a decoder that is"
    " told what it should have written so far (teacher forcing).",
    inputs=(
        ArraySpec(name="question", shape=[5], dtype="int32"),
        ArraySpec(name="previous", shape=[3], dtype="int32"),
    ),
    targets=(ArraySpec(name="answer", shape=[3], dtype="int32", classes=len(CHARACTERS)),),
    arguments=AdditionArguments,
    load=load_additions,
    class_names=tuple(CHARACTERS),
)

SOURCES = (ADDITIONS,)
