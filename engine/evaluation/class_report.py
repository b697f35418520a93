"""How well classes are told apart: scikit-learn's report, confusion matrix and curves."""

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from engine.evaluation.arrays import Array
from engine.evaluation.curves import draw_class_curves
from engine.evaluation.results import Average, ClassCurves, ClassReport, ClassRow

MOST_ROWS = 200
"""Classes in the table and in the confusion matrix."""

MOST_CURVES = 20
HALF = 0.5
"""Where Keras's own metrics draw the line."""


def report_classes(true: Array, scores: Array, names: Sequence[str]) -> ClassReport:
    """One class per sample: `true` are labels of shape `(n,)`, `scores` have shape `(n, classes)`."""
    predicted = scores.argmax(axis=-1)
    labels = np.arange(len(names))
    table = precision_recall_fscore_support(true, predicted, labels=labels, zero_division=0)
    shown = _choose_rows(table[3])
    fits = len(shown) == len(names)
    return ClassReport(
        accuracy=float(np.mean(true == predicted)),
        rows=_make_rows(table, names, shown),
        left_out=len(names) - len(shown),
        macro=_average(table, weights=None),
        weighted=_average(table, weights=table[3]),
        confusion=confusion_matrix(true, predicted, labels=labels).tolist() if fits else None,
        curves=_draw_curves([true == label for label in shown], scores[:, shown], shown, names, table[3]),
    )


def report_columns(true: Array, scores: Array, names: Sequence[str]) -> ClassReport:
    """Yes or no for each of several columns: both arrays have shape `(n, columns)`."""
    wanted, predicted = true.astype(bool), scores > HALF
    table = precision_recall_fscore_support(wanted, predicted, average=None, zero_division=0)
    shown = _choose_rows(table[3])
    return ClassReport(
        accuracy=float(np.mean(wanted == predicted)),
        rows=_make_rows(table, names, shown),
        left_out=len(names) - len(shown),
        macro=_average(table, weights=None),
        weighted=_average(table, weights=table[3]),
        confusion=None,
        curves=_draw_curves([wanted[:, label] for label in shown], scores[:, shown], shown, names, table[3]),
    )


def _choose_rows(support: Array) -> "list[int]":
    """The classes that are shown, in their order: all of them, or those with most samples."""
    most = np.argsort(-support, kind="stable")[:MOST_ROWS]
    return [int(label) for label in np.sort(most)]


def _make_rows(table: Sequence[Array], names: Sequence[str], shown: Sequence[int]) -> list[ClassRow]:
    precision, recall, f1, support = table
    return [
        ClassRow(
            label=label,
            name=names[label],
            precision=float(precision[label]),
            recall=float(recall[label]),
            f1=float(f1[label]),
            support=int(support[label]),
        )
        for label in shown
    ]


def _average(table: Sequence[Array], weights: Array | None) -> Average:
    """Over all classes that have samples: what is not there can be neither found nor missed."""
    there = table[3] > 0
    if not there.any():
        return Average(precision=0, recall=0, f1=0)
    means = [float(np.average(c[there], weights=None if weights is None else weights[there])) for c in table[:3]]
    return Average(precision=means[0], recall=means[1], f1=means[2])


def _draw_curves(
    members: Sequence[Array], scores: Array, labels: Sequence[int], names: Sequence[str], support: Array
) -> list[ClassCurves]:
    """The curves of the classes with most samples, in the order of the classes. Two classes have the same curves."""
    if len(names) == 2 and scores.shape[1] == 2 and bool((members[0] != members[1]).all()):
        chosen = [1]
    else:
        chosen = sorted(sorted(range(len(labels)), key=lambda i: -support[labels[i]])[:MOST_CURVES])
    drawn = (draw_class_curves(labels[i], names[labels[i]], members[i], scores[:, i]) for i in chosen)
    return [one for one in drawn if one is not None]
