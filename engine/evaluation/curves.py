"""ROC and precision-recall curves, with few enough points to be drawn."""

import numpy as np
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve
from tsdownsample import MinMaxLTTBDownsampler

from engine.evaluation.arrays import Array
from engine.evaluation.results import ClassCurves, Curve

MOST_POINTS = 200
DIGITS = 6


def draw_class_curves(label: int, name: str, is_class: Array, scores: Array) -> ClassCurves | None:
    """The curves of one class: `is_class` is True for its samples, `scores` are for it; both of shape `(n,)`.

    None where all samples are of the class, or none is: there is nothing to tell apart.
    """
    share = float(is_class.mean())
    if share in (0.0, 1.0):
        return None
    false_positives, true_positives, _ = roc_curve(is_class, scores)
    precision, recall, _ = precision_recall_curve(is_class, scores)
    return ClassCurves(
        label=label,
        name=name,
        share=share,
        roc=_thin_out(false_positives, true_positives, float(auc(false_positives, true_positives))),
        # scikit-learn counts recall down; what is drawn goes up.
        precision_recall=_thin_out(recall[::-1], precision[::-1], float(average_precision_score(is_class, scores))),
    )


def _thin_out(x: Array, y: Array, area: float) -> Curve:
    """The points that make the curve's shape; `x` ascends."""
    if len(x) > MOST_POINTS:
        kept = MinMaxLTTBDownsampler().downsample(np.ascontiguousarray(x), np.ascontiguousarray(y), n_out=MOST_POINTS)
        x, y = x[kept], y[kept]
    return Curve(x=x.round(DIGITS).tolist(), y=y.round(DIGITS).tolist(), area=area)
