"""Which numbers an array holds: what is black and what is white in its images."""

import numpy as np
import numpy.typing as npt

Range = tuple[float, float]

MOST_NUMBERS = 2_000_000
"""So many numbers of an array tell its range."""


def measure_range(array: "npt.NDArray[np.generic]") -> Range | None:
    """The least and the largest finite number; None where there is none."""
    if array.dtype.kind not in "biuf":
        return None
    numbers = array.astype("float64")
    finite = numbers[np.isfinite(numbers)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def find_limits(array: "npt.NDArray[np.generic]") -> Range | None:
    """What is black and white in images of this array, the samples first; None where it holds no numbers.

    That is all a byte can hold, 0 and 1 where nothing is outside, otherwise the range of the first samples.
    """
    if array.dtype == np.uint8:
        return 0.0, 255.0
    first = max(1, MOST_NUMBERS // max(1, array[:1].size))
    limits = measure_range(np.asarray(array[:first]))
    return (0.0, 1.0) if limits is not None and limits[0] >= 0 and 0 < limits[1] <= 1 else limits
