"""Which class each sample belongs to, where an array says so."""

import warnings

import numpy as np
import numpy.typing as npt
from sklearn.utils.multiclass import type_of_target

from engine.training.targets import describe_target

AnyArray = npt.NDArray[np.generic]


def read_labels(values: AnyArray) -> "AnyArray | None":
    """One class per sample, as a number or a text: shape (samples,). None where the array holds no classes.

    Labels may stand in columns of one, or as one-hot rows.
    """
    flat = flatten_column(values)
    if flat is None:
        if values.ndim != 2 or values.dtype.kind not in "biuf":
            return None
        numbers: npt.NDArray[np.float32] = values.astype("float32", copy=False)
        return np.argmax(values, axis=1) if describe_target(numbers, 2).nature == "one_hot" else None
    try:
        with warnings.catch_warnings():
            # It wonders about integers with many values: so does whoever reads how many classes there are.
            warnings.simplefilter("ignore")
            kind = type_of_target(flat)
    except ValueError:
        # NaN is no class.
        return None
    return flat if kind in ("binary", "multiclass") else None


def flatten_column(values: AnyArray) -> "AnyArray | None":
    """One value per sample, shape (samples,); None where there are more."""
    return values.reshape(len(values)) if all(size == 1 for size in values.shape[1:]) else None
