"""How the samples of a data set are divided for training and validation. Imports no Keras: the server reads it too."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.training.base_settings import Settings

MOST_MODELS = 200
"""As many models at most are trained by one K-fold run."""

SplitName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""The name of a stored split; also the name of its folder."""

ByArray = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[float, Field(gt=0, lt=1)]
TestShare = Annotated[float, Field(ge=0, lt=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Gap = Annotated[int, Field(ge=0, le=1_000_000)]
FoldKind = Literal["plain", "stratified", "grouped", "stratified_grouped", "time"]


class OneSplit(Settings):
    """The samples are divided once. `validation` and `test` are shares; what is for testing is kept apart.

    Both are shares of all samples, rounded up as scikit-learn does.
    """

    validation: Share = 0.2
    test: TestShare = 0.0

    @model_validator(mode="after")
    def _leave_something(self) -> "OneSplit":
        if self.validation + self.test >= 1:
            raise ValueError(
                f"validation ({self.validation:g}) and test ({self.test:g}) take all samples; expected shares that"
                " leave some for training"
            )
        return self


class HoldoutSplit(OneSplit):
    """Samples by chance; the last ones where `shuffle` is false. As scikit-learn's `train_test_split`."""

    kind: Literal["holdout"] = "holdout"
    seed: Seed = 0
    shuffle: bool = True


class StratifiedSplit(OneSplit):
    """By chance, with the same share of each class on all sides. As `train_test_split` with `stratify`.

    `by` is the array with the classes; None: the first target.
    """

    kind: Literal["stratified"] = "stratified"
    by: ByArray | None = None
    seed: Seed = 0


class GroupedSplit(OneSplit):
    """Whole groups by chance, so that none is on two sides: the photos of one patient. As `GroupShuffleSplit`.

    `by` is the array that says to which group a sample belongs. The shares are shares of the groups.
    """

    kind: Literal["grouped"] = "grouped"
    by: ByArray
    seed: Seed = 0


class TimeSplit(OneSplit):
    """The latest samples validate, and later ones still are for testing. Nothing is shuffled.

    `by` is the array with the times, None: the samples' order. Samples of one time are on one side. `gap` samples
    before the border are left out: windows that look ahead would tell of what comes after it.
    """

    kind: Literal["time"] = "time"
    by: ByArray | None = None
    gap: Gap = 0


class KFoldSplit(Settings):
    """As many times as there are `folds`, another part of the samples validates a new model, and the others train it.

    `variant` is how the parts are made: `plain` is scikit-learn's `KFold`, `stratified` its `StratifiedKFold`,
    `grouped` its `GroupKFold`, `stratified_grouped` its `StratifiedGroupKFold`, `time` its `TimeSeriesSplit`, which
    validates on what comes after the samples that train and takes no notice of `shuffle`. `by` is the array with the
    classes (None: the first target), with the groups, or with the times (None: the samples' order). `repeats` divides
    anew so many times, as `RepeatedKFold` does. `gap` is for `time`.
    """

    kind: Literal["k_fold"] = "k_fold"
    variant: FoldKind = "plain"
    folds: Annotated[int, Field(ge=2, le=100)] = 5
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    shuffle: bool = True
    by: ByArray | None = None
    seed: Seed = 0
    gap: Gap = 0

    @model_validator(mode="after")
    def _make_sense(self) -> "KFoldSplit":
        if self.repeats > 1 and (self.variant == "time" or not self.shuffle):
            raise ValueError(
                f"{self.repeats} repeats without shuffling would be the same; expected repeats of 1, or shuffle"
            )
        if self.folds * self.repeats > MOST_MODELS:
            raise ValueError(
                f"{self.folds} folds {self.repeats} times are {self.folds * self.repeats} models; expected"
                f" {MOST_MODELS} at most"
            )
        if self.variant in ("grouped", "stratified_grouped") and self.by is None:
            raise ValueError("groups need by, the array that says to which group a sample belongs")
        if self.gap and self.variant != "time":
            raise ValueError(f"gap is for the variant time; received {self.gap} for {self.variant}")
        return self


class StoredSplit(Settings):
    """One that was stored under a name, the same for every run that names it."""

    kind: Literal["stored"] = "stored"
    name: SplitName


ComputedSplit = Annotated[
    HoldoutSplit | StratifiedSplit | GroupedSplit | TimeSplit | KFoldSplit, Field(discriminator="kind")
]
"""A split that is made from its settings and the data alone."""

SplitSettings = Annotated[
    HoldoutSplit | StratifiedSplit | GroupedSplit | TimeSplit | KFoldSplit | StoredSplit, Field(discriminator="kind")
]
