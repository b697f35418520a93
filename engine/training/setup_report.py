"""The report of what will be trained."""

import math

import keras

from engine.training.reporting import Reporter


def report_setup(
    report: Reporter,
    model: "keras.Model",
    *,
    epochs: int,
    steps_per_epoch: int,
    samples: int,
    validation_samples: int,
    batch_size: int,
) -> None:
    """Reports the sizes of a training, and the model's numbers of parameters."""
    report.setup(
        {
            "epochs": epochs,
            "steps_per_epoch": steps_per_epoch,
            "samples": samples,
            "validation_samples": validation_samples,
            "batch_size": batch_size,
            "parameters": model.count_params(),
            "trainable_parameters": sum(math.prod(weight.shape) for weight in model.trainable_weights),
        }
    )
