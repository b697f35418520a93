"""Mean and spread of the curves of a run with several folds."""

from collections.abc import Sequence

from engine.training.fold_names import summarize_folds
from server.storage.metrics import Curve


def summarize_curves(curves: Sequence[Curve]) -> list[Curve]:
    """The curves by epoch `mean/…` and `std/…` of those named `fold_…/…`; none where there are no folds."""
    import numpy as np

    values = {one.name: dict(zip(one.x.tolist(), one.y.tolist(), strict=True)) for one in curves}
    return [
        Curve(name, np.array(list(numbers), np.int64), np.array(list(numbers.values()), np.float64))
        for name, numbers in summarize_folds(values).items()
    ]
