"""What is kept about a stored split beside its rows. Imports nothing heavy: the server lists it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.training.split_settings import ComputedSplit, SplitName

MANIFEST_NAME = "split.json"
"""The file in a split's folder that says what it is. It is written last, so a folder without one was never finished."""

ROWS_NAME = "rows.npz"
"""The file with the numbers of the samples."""

MOST_CLASSES = 100
"""More classes than these are not counted: nobody reads them."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SideSizes(_Part):
    """How many samples the sides of one division have.

    `classes` has, for each side with samples, how many of each class there are, in the order of the manifest's
    `class_names`; it is empty where the first target holds no classes.
    """

    training: int
    validation: int
    test: int = 0
    classes: dict[str, list[int]] = {}


class SplitReport(_Part):
    """How a definition divides a data set: `sides` has one entry, or one for each model of a K-fold run.

    `class_names` are those of the first target's classes, empty where it holds none, or more than are counted.
    """

    dataset: Annotated[str, Field(min_length=1, max_length=200)]
    arguments: dict[str, JsonValue] = {}
    definition: ComputedSplit
    samples: int
    sides: list[SideSizes]
    class_names: list[str] = []


class StoredSplitInfo(SplitReport):
    """A split that was stored. `fingerprint` is of all arrays of the data set, `targets_fingerprint` of its targets."""

    name: SplitName
    created_at: datetime
    fingerprint: str
    targets_fingerprint: str
