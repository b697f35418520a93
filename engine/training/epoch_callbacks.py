"""Calls Keras's callbacks as `fit` does, whether their hooks for batches see every batch or every chunk of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from engine.backend.programs import Logs
from engine.training import callback_marks
from engine.training.callbacks import needs_every_batch
from engine.training.progress import last_logs


class EpochCallbacks:
    """All callbacks of one training.

    With `wants_steps` a callback has to see every batch before the next one is trained, so chunks have one step;
    otherwise hooks for batches are called once for each chunk with its last step, as Keras does it itself with
    `steps_per_execution`. `TerminateOnNaN` misses nothing by that: a chunk ends at the first loss that is not finite.
    """

    def __init__(
        self,
        model: "keras.Model",
        callbacks: "Sequence[keras.callbacks.Callback]",
        epochs: int,
        steps: int,
        verbose: int,
    ):
        eager = [one for one in callbacks if not isinstance(one, keras.callbacks.TerminateOnNaN) and not _is_ours(one)]
        self.wants_steps = any(needs_every_batch(one) for one in eager)
        self.wants_test_steps = any(needs_every_batch(one, "test") for one in eager)
        self.see_epochs = verbose > 0 or any(not isinstance(one, keras.callbacks.History) for one in callbacks)
        """Whether somebody may do something where an epoch begins or ends; History only keeps the logs."""
        self._list = keras.callbacks.CallbackList(
            list(callbacks), model=model, epochs=epochs, steps=steps, verbose=verbose, add_progbar=verbose > 0
        )

    def leave(self) -> None:
        """Lets callbacks close what they have open, where training goes on elsewhere."""
        for callback in self._list.callbacks:
            if not _is_ours(callback):
                callback.on_train_end()

    def set_epochs(self, epochs: int) -> None:
        """There are to be so many now."""
        self._list.set_params({**self._list.params, "epochs": epochs})

    def begin(self) -> None:
        self._list.on_train_begin()

    def begin_epoch(self, epoch: int) -> None:
        self._list.on_epoch_begin(epoch)

    def begin_steps(self, step: int) -> None:
        self._list.on_train_batch_begin(step)

    def end_steps(self, first_step: int, logs: Logs) -> None:
        """A chunk is done whose first step was the epoch's `first_step`."""
        self._list.on_train_batch_end(first_step + _count(logs) - 1, last_logs(logs))

    def begin_test(self) -> None:
        self._list.on_test_begin()

    def begin_test_steps(self, step: int) -> None:
        self._list.on_test_batch_begin(step)

    def end_test_steps(self, first_step: int, logs: Logs) -> None:
        """A chunk of the validation is done whose first step was `first_step`."""
        self._list.on_test_batch_end(first_step + _count(logs) - 1, last_logs(logs))

    def end_test(self, logs: Mapping[str, Any]) -> None:
        self._list.on_test_end(dict(logs))

    def end_epoch(self, epoch: int, logs: Mapping[str, Any]) -> None:
        self._list.on_epoch_end(epoch, dict(logs))

    def end(self, logs: Mapping[str, Any] | None) -> None:
        self._list.on_train_end(logs=None if logs is None else dict(logs))


def _count(logs: Logs) -> int:
    return len(next(iter(logs.values())))


def _is_ours(callback: "keras.callbacks.Callback") -> bool:
    """Whether it is there to watch others only: it has nothing to close, and needs no batch."""
    return type(callback).__module__ == callback_marks.__name__
