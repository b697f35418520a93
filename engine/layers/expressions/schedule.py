"""Learning rates by a formula of `epoch` and `lr`."""

import math

from engine.layers.expressions.errors import ExpressionError, fault_at
from engine.layers.expressions.formula import Formula, read_formula, require_text

VARIABLES = ("epoch", "lr")
TRIED_EPOCHS = 1_000
"""So many epochs are gone through one by one before training; the last one is tried as well."""


class Schedule:
    """A learning rate for each epoch, as `keras.callbacks.LearningRateScheduler` calls it.

    `epoch` counts from 0, and `lr` is the learning rate at the epoch's beginning. Raises `ExpressionError`.
    """

    def __init__(self, expression: object):
        self.formula: Formula = read_formula(require_text(expression), VARIABLES)

    def __call__(self, epoch: int, lr: float) -> float:
        """The learning rate of the epoch. Raises `ExpressionError` where the formula gives none."""
        try:
            rate = self.formula.compute_number({"epoch": int(epoch), "lr": float(lr)})
        except ExpressionError as error:
            text = f"In epoch {epoch} (counted from 0), with lr = {lr:g}: {error.message}"
            raise ExpressionError(error.code, text, error.hint, error.position) from None
        if not math.isfinite(rate) or rate <= 0:
            text = f"The schedule gives {rate:g} in epoch {epoch} (counted from 0), with lr = {lr:g}"
            raise fault_at(None, "invalid_learning_rate", f"{text}; expected a number above 0.", "Such as lr * 0.95.")
        return rate

    def try_epochs(self, epochs: int, lr: float) -> None:
        """Raises `ExpressionError` where an epoch of a training that begins with `lr` would have no learning rate."""
        for epoch in range(min(epochs, TRIED_EPOCHS)):
            lr = self(epoch, lr)
        if epochs > TRIED_EPOCHS:
            self(epochs - 1, lr)
