"""Reads the texts of `keras.datasets` as rows of zeros and ones: which words occur in each."""

import keras
import numpy as np


def load_imdb_multi_hot(num_words: int = 10_000) -> dict[str, np.ndarray]:
    """Load which words occur in each film review, and whether it is positive (1)."""
    (texts, labels), _ = keras.datasets.imdb.load_data(num_words=num_words)
    return {"words": mark_words(texts, num_words), "sentiment": labels}


def load_imdb_multi_hot_test(num_words: int = 10_000) -> dict[str, np.ndarray]:
    """Load which words occur in each test review, and whether it is positive (1)."""
    _, (texts, labels) = keras.datasets.imdb.load_data(num_words=num_words)
    return {"words": mark_words(texts, num_words), "sentiment": labels}


def load_reuters_multi_hot(num_words: int = 10_000) -> dict[str, np.ndarray]:
    """Load which words occur in each newswire, and the topic of each."""
    (texts, topics), _ = keras.datasets.reuters.load_data(num_words=num_words)
    return {"words": mark_words(texts, num_words), "topic": topics}


def load_reuters_multi_hot_test(num_words: int = 10_000) -> dict[str, np.ndarray]:
    """Load which words occur in each test newswire, and the topic of each."""
    _, (texts, topics) = keras.datasets.reuters.load_data(num_words=num_words)
    return {"words": mark_words(texts, num_words), "topic": topics}


def mark_words(texts: np.ndarray, num_words: int) -> np.ndarray:
    """Mark with 1 which of the words occur in each text, one row per text; bytes, as there are many."""
    marks = np.zeros((len(texts), num_words), "uint8")
    for row, text in zip(marks, texts, strict=True):
        row[text] = 1
    return marks
