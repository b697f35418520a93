"""How the metrics of a K-fold run are named: each fold's own, their mean and their spread. Imports no Keras."""

import math
import re
from collections.abc import Mapping, Sequence

MEAN = "mean"
SPREAD = "std"

_OF_FOLD = re.compile(r"fold_([1-9][0-9]{0,5})/(.+)", re.DOTALL)


def name_in_fold(name: str, fold: int | None) -> str:
    """The metric's name in the run: `fold_2/loss` in the second fold, its own where the run has no folds."""
    return name if fold is None else f"fold_{fold}/{name}"


def split_name(name: str) -> tuple[int | None, str]:
    """The fold that a name is of, counted from 1, and the metric's own name; no fold where it is of none."""
    found = _OF_FOLD.fullmatch(name)
    return (None, name) if found is None else (int(found[1]), found[2])


def summarize_folds(values: Mapping[str, Mapping[int, float]]) -> dict[str, dict[int, float]]:
    """Mean and spread of the folds' metrics, each by epoch over the folds that have it, `mean/loss` and `std/loss`.

    `values` has a number by epoch for every `fold_…/…`; what is of no fold is left out. The spread is the standard
    deviation as `numpy.std` has it (of the folds that there are, not an estimate for others).
    """
    by_metric: dict[str, dict[int, list[float]]] = {}
    for name, numbers in values.items():
        fold, metric = split_name(name)
        if fold is not None:
            folds = by_metric.setdefault(metric, {})
            for epoch, number in numbers.items():
                folds.setdefault(epoch, []).append(number)
    found: dict[str, dict[int, float]] = {}
    for metric, epochs in by_metric.items():
        ordered = sorted(epochs.items())
        found[f"{MEAN}/{metric}"] = {epoch: _average(numbers) for epoch, numbers in ordered}
        found[f"{SPREAD}/{metric}"] = {epoch: _measure_spread(numbers) for epoch, numbers in ordered}
    return found


def summarize_history(history: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """`summarize_folds` of a History, whose lists have a number for each epoch that a metric was measured in."""
    found = summarize_folds({name: dict(enumerate(numbers)) for name, numbers in history.items()})
    return {name: list(numbers.values()) for name, numbers in found.items()}


def summarize_newest(latest: Mapping[str, float], ended: int) -> dict[str, float]:
    """Mean and spread of the newest values of the first `ended` folds."""
    of_ended = {name: {0: number} for name, number in latest.items() if (split_name(name)[0] or ended + 1) <= ended}
    return {name: numbers[0] for name, numbers in summarize_folds(of_ended).items()}


def _average(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _measure_spread(numbers: Sequence[float]) -> float:
    average = _average(numbers)
    # Not by powers, which raise where a product is infinite.
    return math.sqrt(sum((one - average) * (one - average) for one in numbers) / len(numbers))
