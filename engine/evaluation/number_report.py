"""How far predicted numbers are from the measured ones."""

import numpy as np
from sklearn.metrics import mean_absolute_error, median_absolute_error, r2_score, root_mean_squared_error

from engine.evaluation.arrays import Array
from engine.evaluation.results import Bins, NumberReport

FEWEST_BINS, MOST_BINS = 10, 40
MOST_POINTS = 1000
DIGITS = 6


def report_numbers(true: Array, predicted: Array) -> NumberReport:
    """Both arrays have shape `(n,)`, at least one number, and only finite ones."""
    true, predicted = true.astype("float64"), predicted.astype("float64")
    residuals = predicted - true
    bins = min(max(int(len(true) ** 0.5), FEWEST_BINS), MOST_BINS)
    counts, edges = np.histogram(residuals, bins=bins)
    rows = np.arange(len(true))
    if len(rows) > MOST_POINTS:
        rows = np.sort(np.random.default_rng(0).choice(len(true), MOST_POINTS, replace=False))
    varies = len(true) > 1 and true.min() != true.max()
    return NumberReport(
        values=len(true),
        mean_residual=float(residuals.mean()),
        mean_absolute_error=float(mean_absolute_error(true, predicted)),
        root_mean_squared_error=float(root_mean_squared_error(true, predicted)),
        median_absolute_error=float(median_absolute_error(true, predicted)),
        r2=float(r2_score(true, predicted)) if varies else None,
        residuals=Bins(edges=edges.tolist(), counts=counts.tolist()),
        true=true[rows].round(DIGITS).tolist(),
        predicted=predicted[rows].round(DIGITS).tolist(),
    )
