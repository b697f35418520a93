"""The type of arrays here: numbers that a model answers, and texts and numbers that go into it."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
