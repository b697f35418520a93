"""Tasks with more than one input, made of scikit-learn's real digits: every pixel and every answer is theirs."""

from collections.abc import Callable

import numpy as np

from engine.data.schema import ArraySpec, Task
from engine.data.source import Arguments, Array, Arrays, Source
from engine.data.sources.scikit_learn import DIGITS

ORIGIN = "made from scikit-learn's digits"
DIGIT_NAMES = tuple("0123456789")
PAIRS = 4_000
SEED = 0
IMAGE = [8, 8, 1]

QUESTIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("which digit is this", lambda digit: digit),
    ("is this digit even", lambda digit: 10 + (digit % 2 == 0)),
    ("is this digit odd", lambda digit: 10 + (digit % 2 == 1)),
    ("is this more than four", lambda digit: 10 + (digit > 4)),
    ("is this less than three", lambda digit: 10 + (digit < 3)),
)
"""What can be asked of an image, and the number of the answer: the digit itself, 10 for no, 11 for yes."""

WORDS = ["", *dict.fromkeys(word for question, _ in QUESTIONS for word in question.split())]
"""The vocabulary of the questions; a word's number is its place, 0 is padding."""

QUESTION_LENGTH = max(len(question.split()) for question, _ in QUESTIONS)


class NoArguments(Arguments):
    """These data sets take no arguments."""


def read_digits() -> tuple[Array, Array]:
    """The images (1797, 8, 8, 1) from 0 to 1, and their digits."""
    digits = DIGITS.read({})
    return digits.inputs["image"], digits.targets["digit"]


def _read_halves(arguments: NoArguments) -> Arrays:
    del arguments
    images, digits = read_digits()
    return Arrays({"left": images[:, :, :4], "right": images[:, :, 4:]}, {"digit": digits}, DIGIT_NAMES)


def _read_pairs(arguments: NoArguments) -> Arrays:
    del arguments
    images, digits = read_digits()
    first, second = pair_up(digits)
    same = (digits[first] == digits[second]).astype("int32")
    return Arrays({"first": images[first], "second": images[second]}, {"same": same}, ("different", "same"))


def pair_up(labels: Array, count: int = PAIRS) -> tuple[Array, Array]:
    """Rows of two samples each, half of them of one label, in an order that is the same every time."""
    random = np.random.default_rng(SEED)
    first = random.integers(len(labels), size=count)
    of_label = {label: np.flatnonzero(labels == label) for label in np.unique(labels)}
    second = np.array(
        [
            random.choice(of_label[labels[row]]) if index % 2 else random.integers(len(labels))
            for index, row in enumerate(first)
        ]
    )
    order = random.permutation(count)
    return first[order], second[order]


def _read_questions(arguments: NoArguments) -> Arrays:
    del arguments
    images, digits = read_digits()
    random = np.random.default_rng(SEED)
    rows = np.repeat(np.arange(len(images)), len(QUESTIONS))
    asked = np.tile(np.arange(len(QUESTIONS)), len(images))
    answers = np.array([QUESTIONS[question][1](digits[row]) for row, question in zip(rows, asked, strict=True)])
    tokens = np.array([_number_words(question) for question, _ in QUESTIONS], "int32")
    order = random.permutation(len(rows))
    return Arrays(
        {"image": images[rows[order]], "question": tokens[asked[order]]},
        {"answer": answers[order].astype("int32")},
        (*DIGIT_NAMES, "no", "yes"),
    )


def _number_words(question: str) -> list[int]:
    numbers = [WORDS.index(word) for word in question.split()]
    return [*numbers, *[0] * (QUESTION_LENGTH - len(numbers))]


def _describe(
    name: str, title: str, task: Task, samples: int, about: str, inputs: tuple[ArraySpec, ...], target: ArraySpec,
    load: Callable[[NoArguments], Arrays],
) -> Source[NoArguments]:  # fmt: skip
    return Source(
        name=name,
        title=title,
        origin=ORIGIN,
        task=task,
        samples=samples,
        description=about,
        inputs=inputs,
        targets=(target,),
        arguments=NoArguments,
        load=load,
    )


HALVES = _describe(
    "digits_halves", "Digits in two halves", "classification", 1797,
    "Each digit cut down the middle: a left and a right half of 8 × 4 pixels; which digit are they of?",
    (
        ArraySpec(name="left", shape=[8, 4, 1], dtype="float32"),
        ArraySpec(name="right", shape=[8, 4, 1], dtype="float32"),
    ),
    ArraySpec(name="digit", shape=[], dtype="int32", classes=10),
    _read_halves,
)  # fmt: skip

DIGIT_PAIRS = _describe(
    "digits_pairs", "Pairs of digits", "binary_classification", PAIRS,
    "Two images each; do they show the same digit (1) or two different ones (0)? A bit more than half of them do.",
    (ArraySpec(name="first", shape=IMAGE, dtype="float32"), ArraySpec(name="second", shape=IMAGE, dtype="float32")),
    ArraySpec(name="same", shape=[], dtype="int32", classes=2),
    _read_pairs,
)  # fmt: skip

DIGIT_QUESTIONS = _describe(
    "digits_questions", "Questions about digits", "classification", 1797 * len(QUESTIONS),
    "An image and a question about it, as word numbers: " + "; ".join(f"“{text}?”" for text, _ in QUESTIONS)
    + f" Words 1 to {len(WORDS) - 1}, 0 is padding. The answers: the ten digits, no, yes.",
    (
        ArraySpec(name="image", shape=IMAGE, dtype="float32"),
        ArraySpec(name="question", shape=[QUESTION_LENGTH], dtype="int32"),
    ),
    ArraySpec(name="answer", shape=[], dtype="int32", classes=12),
    _read_questions,
)  # fmt: skip

SOURCES = (HALVES, DIGIT_PAIRS, DIGIT_QUESTIONS)
