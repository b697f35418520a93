"""How many samples train the model and how many validate it, as Keras divides them."""

import math

from engine.training.config import FitSettings
from engine.training.keras_objects import ConfigIssues


def split_samples(samples: int, fit: FitSettings) -> tuple[int, int]:
    """The numbers of training and of validation samples: Keras takes the last ones for validation.

    Raises:
        ConfigError: the split leaves none on one side (`fit.validation_split`).
    """
    if fit.validation_split == 0:
        return samples, 0
    training = math.floor(samples * (1.0 - fit.validation_split))
    if training in (0, samples):
        problems = ConfigIssues()
        problems.add(
            "empty_split",
            "fit.validation_split",
            f"A validation split of {fit.validation_split} divides {samples} samples into {training} for training and"
            f" {samples - training} for validation; expected at least one on each side.",
            "Take a split between 0.1 and 0.3, or more data.",
        )
        problems.raise_if_any()
    return training, samples - training
