"""Tasks with more than one input, made of scikit-learn's real digits: every pixel and every answer is theirs."""

from engine.data.loaders import digits
from engine.data.loaders.digits import PAIRS, QUESTION_LENGTH, QUESTIONS, WORDS
from engine.data.schema import ArraySpec, Task
from engine.data.source import Arguments, Loader, Source

ORIGIN = "made from scikit-learn's digits"
DIGIT_NAMES = tuple("0123456789")
IMAGE = [8, 8, 1]


class NoArguments(Arguments):
    """These data sets take no arguments."""


def _describe(
    name: str, title: str, task: Task, samples: int, about: str, inputs: tuple[ArraySpec, ...], target: ArraySpec,
    load: Loader, class_names: tuple[str, ...],
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
        class_names=class_names,
    )


HALVES = _describe(
    "digits_halves", "Digits in two halves", "classification", 1797,
    "Each digit cut down the middle: a left and a right half of 8 × 4 pixels; which digit are they of?",
    (
        ArraySpec(name="left", shape=[8, 4, 1], dtype="float32"),
        ArraySpec(name="right", shape=[8, 4, 1], dtype="float32"),
    ),
    ArraySpec(name="digit", shape=[], dtype="int32", classes=10),
    digits.load_digits_halves, DIGIT_NAMES,
)  # fmt: skip

DIGIT_PAIRS = _describe(
    "digits_pairs", "Pairs of digits", "binary_classification", PAIRS,
    "Two images each; do they show the same digit (1) or two different ones (0)? A bit more than half of them do.",
    (ArraySpec(name="first", shape=IMAGE, dtype="float32"), ArraySpec(name="second", shape=IMAGE, dtype="float32")),
    ArraySpec(name="same", shape=[], dtype="int32", classes=2),
    digits.load_digits_pairs, ("different", "same"),
)  # fmt: skip

DIGIT_QUESTIONS = _describe(
    "digits_questions", "Questions about digits", "classification", 1797 * len(QUESTIONS),
    "An image and a question about it, as word numbers: " + "; ".join(f"“{text}?”" for text in QUESTIONS)
    + f" Words 1 to {len(WORDS) - 1}, 0 is padding. The answers: the ten digits, no, yes.",
    (
        ArraySpec(name="image", shape=IMAGE, dtype="float32"),
        ArraySpec(name="question", shape=[QUESTION_LENGTH], dtype="int32"),
    ),
    ArraySpec(name="answer", shape=[], dtype="int32", classes=12),
    digits.load_digits_questions, (*DIGIT_NAMES, "no", "yes"),
)  # fmt: skip

SOURCES = (HALVES, DIGIT_PAIRS, DIGIT_QUESTIONS)
