"""Draws sums and writes them as text."""

import numpy as np

CHARACTERS = "·^0123456789+ "
"""What the numbers stand for: 0 is padding, 1 the start of an answer."""


def load_additions(samples: int = 20_000, digits: int = 2, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw sums of two numbers, as in "Learning to Execute" (Zaremba and Sutskever, 2014): characters in and out."""
    terms = np.random.default_rng(seed).integers(10**digits, size=(samples, 2))
    questions = number_characters([f"{first}+{second}".ljust(2 * digits + 1) for first, second in terms])
    answers = number_characters([str(first + second).ljust(digits + 1) for first, second in terms])
    start = np.full((samples, 1), CHARACTERS.index("^"), "int32")
    previous = np.concatenate([start, answers[:, :-1]], axis=1)
    return {"question": questions, "previous": previous, "answer": answers}


def number_characters(texts: list[str]) -> np.ndarray:
    """Number the characters of texts of one length."""
    return np.array([[CHARACTERS.index(character) for character in text] for text in texts], "int32")
