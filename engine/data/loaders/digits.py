"""Reads scikit-learn's digits, and asks questions about one or two of them."""

import numpy as np
from sklearn import datasets

from engine.data.loaders.tables import shuffle

PAIRS = 4_000

QUESTIONS = {
    "which digit is this": lambda digit: digit,
    "is this digit even": lambda digit: 10 + (digit % 2 == 0),
    "is this digit odd": lambda digit: 10 + (digit % 2 == 1),
    "is this more than four": lambda digit: 10 + (digit > 4),
    "is this less than three": lambda digit: 10 + (digit < 3),
}
"""What can be asked of an image, and the number of the answer: the digit itself, 10 for no, 11 for yes."""

WORDS = ["", *dict.fromkeys(word for question in QUESTIONS for word in question.split())]
"""The vocabulary of the questions; a word's number is its place, 0 is padding."""

QUESTION_LENGTH = max(len(question.split()) for question in QUESTIONS)


def load_digits() -> dict[str, np.ndarray]:
    """Load grey images of 8 × 8 pixels from 0 (paper) to 1 (ink), and which digit each shows."""
    digits = datasets.load_digits()
    # The file counts the ink in sixteenths.
    images = (digits.data.reshape(-1, 8, 8, 1) / 16).astype("float32")
    return shuffle({"image": images, "digit": digits.target.astype("int32")})


def load_digits_halves() -> dict[str, np.ndarray]:
    """Load digits cut down the middle: a left and a right half of 8 × 4 pixels each."""
    digits = load_digits()
    images = digits["image"]
    return {"left": images[:, :, :4], "right": images[:, :, 4:], "digit": digits["digit"]}


def load_digits_pairs() -> dict[str, np.ndarray]:
    """Load pairs of images, and whether both show the same digit (1)."""
    digits = load_digits()
    images, labels = digits["image"], digits["digit"]
    first, second = pair_up(labels)
    same = (labels[first] == labels[second]).astype("int32")
    return {"first": images[first], "second": images[second], "same": same}


def pair_up(labels: np.ndarray, pairs: int = PAIRS) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of two samples each, half of them of one label, in an order that is the same every time."""
    random = np.random.default_rng(0)
    first = random.integers(len(labels), size=pairs)
    of_label = {label: np.flatnonzero(labels == label) for label in np.unique(labels)}
    second = np.array(
        [
            random.choice(of_label[labels[row]]) if index % 2 else random.integers(len(labels))
            for index, row in enumerate(first)
        ]
    )
    order = random.permutation(pairs)
    return first[order], second[order]


def load_digits_questions() -> dict[str, np.ndarray]:
    """Load an image, a question about it as word numbers, and the answer: a digit, 10 for no, 11 for yes."""
    digits = load_digits()
    images, labels = digits["image"], digits["digit"]
    answer_of = list(QUESTIONS.values())
    rows = np.repeat(np.arange(len(images)), len(QUESTIONS))
    asked = np.tile(np.arange(len(QUESTIONS)), len(images))
    answers = np.array([answer_of[question](labels[row]) for row, question in zip(rows, asked, strict=True)])
    tokens = np.array([number_words(question) for question in QUESTIONS], "int32")
    order = np.random.default_rng(0).permutation(len(rows))
    return {
        "image": images[rows[order]],
        "question": tokens[asked[order]],
        "answer": answers[order].astype("int32"),
    }


def number_words(question: str) -> list[int]:
    """Number the words of a question, with zeros after the last one."""
    numbers = [WORDS.index(word) for word in question.split()]
    return [*numbers, *[0] * (QUESTION_LENGTH - len(numbers))]
