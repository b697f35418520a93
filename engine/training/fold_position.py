"""Where a K-fold run is among its folds: what its checkpoints keep besides where the model in training is."""

from collections.abc import Sequence
from typing import Self

import keras
from pydantic import BaseModel, ConfigDict, JsonValue

from engine.training.fold_names import name_in_fold, summarize_history


class FoldHistory(BaseModel):
    """Keras's History of a fold that is over."""

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")
    history: dict[str, list[JsonValue]]
    epoch: list[int]


class FoldPosition(BaseModel):
    """The fold in training, counted from 1, of so many, and the Histories of those that are over, in their order."""

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")
    fold: int
    folds: int
    ended: list[FoldHistory] = []

    @property
    def is_over(self) -> bool:
        """Whether the fold itself has ended."""
        return len(self.ended) >= self.fold

    def end(self, history: "keras.callbacks.History") -> Self:
        """The position at the end of the fold."""
        return self.model_copy(update={"ended": [*self.ended[: self.fold - 1], keep_history(history)]})


def keep_history(history: "keras.callbacks.History") -> FoldHistory:
    """What a checkpoint keeps of a History: numbers. Metrics that answer arrays have no mean over folds."""
    numbers: dict[str, list[JsonValue]] = {}
    for name, values in history.history.items():
        if all(isinstance(value, int | float) for value in values):
            numbers[name] = [float(value) for value in values]
    return FoldHistory(history=numbers, epoch=[int(epoch) for epoch in history.epoch])


def join_histories(histories: Sequence[FoldHistory]) -> "keras.callbacks.History":
    """One History of all folds: `fold_1/loss` and so on, `mean/loss` and `std/loss`; epochs of the longest fold."""
    joined = keras.callbacks.History()
    joined.history = {
        name_in_fold(name, fold): list(values)
        for fold, one in enumerate(histories, 1)
        for name, values in one.history.items()
    }
    joined.history |= summarize_history(joined.history)
    joined.epoch = max((one.epoch for one in histories), key=len, default=[])
    return joined
