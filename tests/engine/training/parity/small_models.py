"""Models of a few weights, and data for them: 18 samples, so that a batch of four leaves a smaller one at the end."""

import keras
import numpy as np
from keras import layers

SAMPLES = 18

_random = np.random.default_rng(5)
FEATURES = _random.normal(size=(SAMPLES, 6)).astype("float32")
CLASSES = _random.integers(0, 3, SAMPLES)
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
NUMBERS = FEATURES[:, :1] * 2 + FEATURES[:, 1:2] ** 2
YES_OR_NO = (NUMBERS > 1).astype("float32")
WEIGHTS = _random.uniform(0.2, 3, SAMPLES).astype("float32")
IMAGES = _random.integers(0, 256, (SAMPLES, 6, 6, 1)).astype("uint8")
WORDS = np.where(np.arange(7) < _random.integers(2, 8, (SAMPLES, 1)), _random.integers(1, 9, (SAMPLES, 7)), 0)
SERIES = _random.normal(size=(SAMPLES, 5, 2)).astype("float32")


def make_classifier(*between: layers.Layer) -> keras.Model:
    """Six numbers to three classes, with more layers before the last one."""
    hidden = layers.Dense(5, activation="relu", name="hidden")
    answer = layers.Dense(3, activation="softmax", name="answer")
    return keras.Sequential([keras.Input((6,), name="features"), hidden, *between, answer])


def make_line(*between: layers.Layer) -> keras.Model:
    """Six numbers to one."""
    return keras.Sequential([keras.Input((6,), name="features"), *between, layers.Dense(1, name="answer")])


def make_yes_or_no() -> keras.Model:
    """Six numbers to a probability."""
    hidden = layers.Dense(5, activation="tanh", name="hidden")
    return keras.Sequential([keras.Input((6,), name="features"), hidden, layers.Dense(1, "sigmoid", name="answer")])


def make_picture_model(*before: layers.Layer) -> keras.Model:
    """Small pictures to three classes, with a convolution and a pooling."""
    middle = [layers.Rescaling(1 / 255), *before, layers.Conv2D(2, 3, activation="relu", name="convolution")]
    end = [layers.MaxPooling2D(), layers.Flatten(), layers.Dense(3, "softmax", name="answer")]
    return keras.Sequential([keras.Input((6, 6, 1), name="picture", dtype="uint8"), *middle, *end])


def make_branches() -> keras.Model:
    """Two inputs and two outputs: a number and a class."""
    left, right = keras.Input((6,), name="left"), keras.Input((2,), name="right")
    both = layers.Concatenate()([layers.Dense(4, "relu", name="dense_left")(left), right])
    number = layers.Dense(1, name="number")(both)
    kind = layers.Dense(3, "softmax", name="kind")(both)
    return keras.Model([left, right], [number, kind])


BRANCH_INPUTS = (FEATURES, SERIES[:, 0])
BRANCH_TARGETS = (NUMBERS, CLASSES)
