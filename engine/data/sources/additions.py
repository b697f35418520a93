"""Sums written as text, for models that turn one sequence into another."""

from typing import Annotated

import numpy as np
from pydantic import Field

from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Arrays, Source

CHARACTERS = "·^0123456789+ "
"""What the numbers stand for: 0 is padding, 1 the start of an answer."""

START = CHARACTERS.index("^")


class AdditionArguments(Arguments):
    """How many sums there are, of numbers with at most how many digits, and how they are drawn."""

    samples: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    digits: Annotated[int, Field(ge=1, le=9)] = 2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


def _read(arguments: AdditionArguments) -> Arrays:
    """As in "Learning to Execute" (Zaremba and Sutskever, 2014): characters in, characters out."""
    random = np.random.default_rng(arguments.seed)
    terms = random.integers(10**arguments.digits, size=(arguments.samples, 2))
    question_length, answer_length = 2 * arguments.digits + 1, arguments.digits + 1
    questions = _write([f"{first}+{second}".ljust(question_length) for first, second in terms])
    answers = _write([str(first + second).ljust(answer_length) for first, second in terms])
    previous = np.concatenate([np.full((len(answers), 1), START, "int32"), answers[:, :-1]], axis=1)
    return Arrays({"question": questions, "previous": previous}, {"answer": answers}, tuple(CHARACTERS))


def _write(texts: list[str]) -> Array:
    return np.array([[CHARACTERS.index(character) for character in text] for text in texts], "int32")


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
    load=_read,
)

SOURCES = (ADDITIONS,)
