"""The report about one output on one split."""

from collections.abc import Sequence

import numpy as np

from engine.evaluation.answers import ShownInput, describe_samples, read_answers
from engine.evaluation.arrays import Array
from engine.evaluation.class_report import report_classes, report_columns
from engine.evaluation.example_losses import measure_losses
from engine.evaluation.number_report import report_numbers
from engine.evaluation.reading import OutputReading
from engine.evaluation.results import OutputReport, Sample
from engine.training.feeding import FedData

MOST_NUMBERS = 50_000_000
"""Predicted numbers that one report looks at; of more, those of the first samples are taken."""


def report_output(
    reading: OutputReading,
    data: FedData,
    ends: Sequence[ShownInput],
    target: Array,
    predicted: Array,
    worst: int,
    numbers: Array | None = None,
) -> OutputReport:
    """What scikit-learn says about the output, and the samples with the highest loss.

    `numbers` says which of the data's samples each row of `target` and `predicted` is of, the same one maybe more than
    once; None: they are in the order of the data.
    """
    most = max(1, MOST_NUMBERS // max(1, int(np.prod(predicted.shape[1:], dtype="int64"))))
    notes = []
    if len(predicted) > most:
        notes.append(f"Of {len(predicted):,} samples the first {most:,} are looked at: the output is large.")
    target, predicted = target[:most], predicted[:most]
    report = OutputReport(
        output=reading.name,
        target=reading.target,
        kind=reading.kind,
        scores=reading.scores,
        class_names=reading.class_names,
        samples=len(predicted),
        not_finite=0,
        worst=_find_worst(reading, data, ends, target, predicted, worst, numbers),
    )
    notes += _fill(report, reading, target, predicted)
    report.note = " ".join(notes) or None
    return report


def _fill(report: OutputReport, reading: OutputReading, target: Array, predicted: Array) -> list[str]:
    """Puts the numbers into the report; returns what a reader has to know about them."""
    if reading.kind == "numbers" and target.size != predicted.size:
        return [
            f"The target {reading.target!r} has {list(target.shape[1:])} numbers for each sample and the output"
            f" {list(predicted.shape[1:])}, so they cannot be compared one by one."
        ]
    true, numbers = _flatten(reading, target, predicted)
    good: Array = np.asarray(np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=-1))
    if reading.kind == "numbers":
        good &= np.isfinite(true)
    report.not_finite = int(len(good) - good.sum())
    true, numbers = true[good], numbers[good]
    if not len(true):
        return ["No prediction is a finite number: the training may have gone astray."]
    if reading.kind == "numbers":
        report.numbers = report_numbers(true, numbers)
    elif reading.kind == "classes":
        report.classes = report_classes(true, numbers, reading.class_names)
    else:
        report.classes = report_columns(true, numbers, reading.class_names)
    return []


def _flatten(reading: OutputReading, target: Array, predicted: Array) -> tuple[Array, Array]:
    """Targets and scores with samples and their positions along one axis."""
    if reading.kind == "numbers":
        return target.reshape(-1).astype("float64"), predicted.reshape(-1).astype("float64")
    scores = reading.score(predicted).reshape(-1, len(reading.class_names))
    if reading.kind == "classes":
        return reading.label(target).reshape(-1), scores
    return target.reshape(-1, reading.width), scores


def _find_worst(
    reading: OutputReading,
    data: FedData,
    ends: Sequence[ShownInput],
    target: Array,
    predicted: Array,
    count: int,
    numbers: Array | None,
) -> list[Sample]:
    losses = measure_losses(reading.loss, target, predicted) if count else None
    if losses is None:
        return []
    # What is not a number is as bad as can be.
    order = np.argsort(-np.where(np.isnan(losses), np.inf, losses), kind="stable")
    samples = order if numbers is None else numbers[order]
    # Of several predictions of one sample the worst stands for it.
    first = np.sort(np.unique(samples, return_index=True)[1])[:count]
    rows, samples = order[first], samples[first]
    answers = read_answers(reading, predicted[rows], target[rows], losses[rows])
    inputs = [array[samples] for array in data.inputs]
    return describe_samples(ends, inputs, [[one] for one in answers], [int(one) for one in samples])
