"""How many samples train the model and how many validate it, as Keras divides them."""

import math

from engine.graph.issues import Issue
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.keras_objects import ConfigIssues
from engine.training.split_rows import Rows, find_slice


def count_samples(data: FedData, fit: FitSettings) -> tuple[int, int]:
    """The numbers of training and of validation samples, with validation data of its own or with a part of the data.
    Of a K-fold run they are those of the first model.

    Raises:
        ConfigError: there are two kinds of validation (`data.validation`, `data.split`), or `split_samples` finds
            none on a side, or samples have weights and classes too (`fit.class_weight`).
    """
    problems = ConfigIssues()
    if data.sample_weights is not None and fit.class_weight:
        problems.add(
            "two_kinds_of_weights",
            "fit.class_weight",
            "Keras weighs either samples or classes; both data.sample_weights and fit.class_weight are set.",
            "Leave one of them out.",
        )
    if data.validation is not None and fit.validation_split:
        problems.add(
            "two_kinds_of_validation",
            "data.validation",
            f"There are validation data (data.validation) and a validation split of {fit.validation_split}"
            " (fit.validation_split); expected one of them.",
            "Set fit.validation_split to 0, or leave data.validation out.",
        )
    _refuse_second_to_split(data, fit, problems)
    problems.raise_if_any()
    if data.validation is not None:
        return data.samples, data.validation.samples
    if data.split is not None:
        return len(data.split.training), len(data.split.validation)
    return split_samples(data.samples, fit)


def _refuse_second_to_split(data: FedData, fit: FitSettings, problems: ConfigIssues) -> None:
    if data.split is None:
        return
    if fit.validation_split:
        problems.add(
            "split_and_validation_split",
            "data.split",
            f"There are a split (data.split) and a validation split of {fit.validation_split} (fit.validation_split);"
            " expected one of them.",
            "Set fit.validation_split to 0, or leave data.split out.",
        )
    if data.validation is not None:
        problems.add(
            "split_and_validation_data",
            "data.split",
            "There are a split (data.split) and validation data (data.validation); expected one of them.",
            "Leave one of them out.",
        )


def divide_rows(data: FedData, fit: FitSettings) -> "tuple[slice | Rows, slice | Rows]":
    """The samples that train the model and those of the same data that validate it, for `FedData.take`.

    Of a K-fold run they are those of the first model. Raises `ConfigError` as `split_samples` does.
    """
    if data.split is not None:
        return find_slice(data.split.training), find_slice(data.split.validation)
    training, _ = split_samples(data.samples, fit)
    return slice(0, training), slice(training, data.samples)


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


def list_class_weights(fit: FitSettings) -> dict[int, float]:
    """The weights of classes that are numbers already; empty where there are none."""
    return fit.class_weight if isinstance(fit.class_weight, dict) else {}


def check_fit_settings(fit: FitSettings, samples: int, outputs: int) -> list[Issue]:
    """What is wrong, or only odd, about the settings of `fit` for that many training samples and outputs."""
    problems = ConfigIssues()
    if fit.initial_epoch >= fit.epochs:
        message = f"Training would start at epoch {fit.initial_epoch} and end before epoch {fit.epochs}, which is none."
        problems.add("no_epoch", "fit.initial_epoch", message, "Take more epochs; they are counted from 0.")
    if fit.class_weight and outputs > 1:
        message = f"Keras weights classes for models with a single output only; this one has {outputs}."
        problems.add("class_weight_not_possible", "fit.class_weight", message, "Leave class_weight out.")
    for label, weight in list_class_weights(fit).items():
        if not math.isfinite(weight) or weight < 0:
            message = f"The weight of class {label} is {weight}; expected a finite number that is not negative."
            problems.add("invalid_argument", f"fit.class_weight.{label}", message)
    available = math.ceil(samples / fit.batch_size)
    if fit.batch_size > samples:
        message = (
            f"A batch of {fit.batch_size} is larger than the {samples} training samples, so each step sees them all."
        )
        problems.warn("batch_larger_than_data", "fit.batch_size", message, "Take a smaller batch for more steps.")
    if fit.steps_per_epoch and fit.steps_per_epoch > available:
        message = f"{fit.steps_per_epoch} steps per epoch are more than the {available} batches that the data has."
        problems.warn("more_steps_than_batches", "fit.steps_per_epoch", message, "Leave steps_per_epoch out.")
    return problems.issues
