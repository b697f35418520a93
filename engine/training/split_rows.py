"""Which samples of a data set are on which side of a split, by their numbers."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

SIDES = ("training", "validation", "test")

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SplitRows:
    """Numbers of samples, each side in ascending order, and no number on two sides.

    `test` is what is kept apart from both, empty where nothing is.
    """

    training: Rows
    validation: Rows
    test: Rows = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def arrays(self) -> list[Rows]:
        """The sides in their order."""
        return [self.training, self.validation, self.test]


def find_slice(rows: Rows) -> "slice | Rows":
    """The same samples as a slice where they lie one after the other: a slice of an array takes no memory."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows
