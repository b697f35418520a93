"""What the callbacks of a training did, reported as marks: after each comes one of ours that looks at its work."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import numpy as np

from engine.training.callbacks import needs_every_batch
from engine.training.events import MarkKind
from engine.training.reporting import Reporter

Position = Callable[[], tuple[int, int]]
"""Answers the current epoch, counted from 0, and the number of updates since the run's start, at any time."""


@dataclass(slots=True)
class _Seen:
    """What callbacks change. `rate` is None where the optimizer's own schedule says the learning rate."""

    stopping: bool = False
    rate: float | None = None


class CallbackMarks:
    """Reports what callbacks do: training stopped, learning rate changed, best value so far, weights put back.

    `callbacks` is the list to train with: those given, unmodified and in their order, with a watcher after each. As a
    watcher looks right before and right after, it knows who did what, and what people change between the hooks is no
    callback's deed. A callback has at most one mark for its best value, and one for what it does to the learning rate
    batch by batch, in each epoch. History changes nothing and is not watched: looking takes as long as a small step.
    """

    def __init__(self, report: Reporter, callbacks: "Sequence[keras.callbacks.Callback]", position: Position):
        self._report = report
        self._position = position
        self._seen = _Seen()
        self._is_silent = False
        batchwise = [one for one in callbacks if needs_every_batch(one)]
        # Keras's own leave the learning rate alone within an epoch.
        self._reads_rate_at_batches = any(not type(one).__module__.startswith("keras.") for one in batchwise)
        self.callbacks: list[keras.callbacks.Callback] = []
        if any(_may_act(one) for one in callbacks):
            self.callbacks.append((_BatchWatcher if batchwise else _Watcher)(self, None))
        for callback in callbacks:
            self.callbacks.append(callback)
            if _may_act(callback):
                self.callbacks.append((_BatchWatcher if callback in batchwise else _Watcher)(self, callback))

    @property
    def position(self) -> tuple[int, int]:
        """The current epoch, counted from 0, and the number of updates done."""
        return self._position()

    def look(self, model: "keras.Model", *, within_epoch: bool = False) -> tuple[_Seen, _Seen]:
        """What the last look saw, and what there is now: the difference is the work of the callback in between."""
        before = self._seen
        reads_rate = self._reads_rate_at_batches or not within_epoch
        rate = _read_learning_rate(model.optimizer) if reads_rate else before.rate
        self._seen = _Seen(bool(model.stop_training), rate)
        return before, self._seen

    @contextmanager
    def put_back(self, model: "keras.Model") -> Iterator[None]:
        """While a checkpoint is put back, with whatever hooks that takes: what changes then is nobody's work."""
        self._is_silent = True
        yield
        self._is_silent = False
        self.look(model)
        for watcher in self.callbacks:
            if isinstance(watcher, _Watcher):
                watcher.look_at_best()

    def mark(
        self, kind: MarkKind, source: object, message: str, values: dict[str, float], epoch: int | None = None
    ) -> None:
        """Reports a mark at the current step; the message follows the name of the callback."""
        if self._is_silent:
            return
        current, step = self._position()
        name = type(source).__name__
        epoch = current if epoch is None else epoch
        self._report.mark(kind, name, f"{name}: {message}", epoch=epoch, step=step, values=values)


class _Watcher(keras.callbacks.Callback):
    """Looks at what the callback before it did in each of its hooks; the first one of all watches none."""

    def __init__(self, marks: CallbackMarks, watched: "keras.callbacks.Callback | None"):
        super().__init__()
        self._marks = marks
        self._watched = watched
        self._best: float | None = None

    def look_at_best(self) -> None:
        """The best value so far is not news."""
        self._best = _read_best(self._watched)

    def on_train_begin(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self._note_changes("at the start", None)
        epoch = getattr(self.model, "_initial_epoch", None)
        if isinstance(self._watched, keras.callbacks.BackupAndRestore) and epoch is not None:
            message = f"put back the weights of its backup; training goes on with epoch {epoch + 1}"
            self._marks.mark("restored", self._watched, message, {}, epoch)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self.look_at_best()
        self._note_changes(f"at the beginning of epoch {epoch + 1}", epoch)

    def on_test_begin(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self._note_changes_in_validation()

    def on_test_end(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self._note_changes_in_validation()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        del logs
        self._note_best(epoch)
        self._note_changes(f"after epoch {epoch + 1}", epoch)

    def on_train_end(self, logs: Mapping[str, object] | None = None) -> None:
        del logs
        watched = self._watched
        if not isinstance(watched, keras.callbacks.EarlyStopping) or not watched.restore_best_weights:
            return
        if watched.best_weights is None or watched.best_epoch == self._marks.position[0]:
            return
        best = _read_number(watched.best)
        text = "" if best is None else f", {best:.6g}"
        message = f"put back the weights of epoch {watched.best_epoch + 1}, which had the best {watched.monitor}{text}"
        self._marks.mark("restored", watched, message, {} if best is None else {watched.monitor: best})

    def _note_changes_in_validation(self) -> None:
        epoch = self._marks.position[0]
        self._note_changes(f"in the validation of epoch {epoch + 1}", epoch)

    def _note_changes(self, when: str, epoch: int | None) -> None:
        before, after = self._marks.look(self.model)
        if self._watched is not None:
            self._note_rate(before.rate, after.rate, when, epoch)
            self._note_stop(before, after, when, epoch)

    def _note_rate(self, before: float | None, after: float | None, when: str, epoch: int | None) -> None:
        if before is None or after is None or before == after:
            return
        message = f"learning rate {before:.6g} → {after:.6g} {when}"
        self._marks.mark("learning_rate", self._watched, message, {"learning_rate": after}, epoch)

    def _note_stop(
        self, before: _Seen, after: _Seen, when: str, epoch: int | None, logs: Mapping[str, object] | None = None
    ) -> None:
        if before.stopping or not after.stopping:
            return
        reason, values = _explain_stop(self._watched, logs or {})
        self._marks.mark("stopped", self._watched, f"stopped training {when}{reason}", values, epoch)

    def _note_best(self, epoch: int) -> None:
        best, earlier = _read_best(self._watched), self._best
        if best is None or best == earlier or math.isnan(best):
            return
        monitor = str(getattr(self._watched, "monitor", "value"))
        than = "" if earlier is None else f" (before {earlier:.6g})"
        message = f"best {monitor} so far is {best:.6g}{than}, of epoch {epoch + 1}"
        self._marks.mark("best", self._watched, message, {monitor: best}, epoch)


class _BatchWatcher(_Watcher):
    """Looks after every batch too. Only for a callback that has every batch shown: the hooks cost the fast loop."""

    def __init__(self, marks: CallbackMarks, watched: "keras.callbacks.Callback | None"):
        super().__init__(marks, watched)
        self._rates: tuple[float, float] | None = None

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, object] | None = None) -> None:
        del batch
        self._look_at_batch(logs)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, object] | None = None) -> None:
        del batch
        self._look_at_batch(logs)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        if self._rates is not None:
            self._note_rate(*self._rates, f"within epoch {epoch + 1}", epoch)
            self._rates = None
        super().on_epoch_end(epoch, logs)

    def _look_at_batch(self, logs: Mapping[str, object] | None) -> None:
        before, after = self._marks.look(self.model, within_epoch=True)
        if self._watched is None:
            return
        if before.rate is not None and after.rate is not None and before.rate != after.rate:
            self._rates = (self._rates[0] if self._rates else before.rate, after.rate)
        if after.stopping and not before.stopping:
            epoch, step = self._marks.position
            self._note_stop(before, after, f"in epoch {epoch + 1}, at step {step}", epoch, logs)


def _may_act(callback: object) -> bool:
    return type(callback) is not keras.callbacks.History


def _read_learning_rate(optimizer: object) -> float | None:
    """The optimizer's number, None where it has a schedule of its own or several optimizers."""
    rate = getattr(getattr(optimizer, "inner_optimizer", optimizer), "_learning_rate", None)
    return float(keras.ops.convert_to_numpy(rate)) if isinstance(rate, keras.Variable) else None


def _keeps_best(callback: object) -> bool:
    """Whether the callback does something with the best value: a plateau is no news, nor what nobody saves."""
    return isinstance(callback, keras.callbacks.EarlyStopping) or bool(getattr(callback, "save_best_only", False))


def _read_best(callback: object) -> float | None:
    return _read_number(getattr(callback, "best", None)) if _keeps_best(callback) else None


def _read_number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | np.number) else None


def _explain_stop(callback: object, logs: Mapping[str, object]) -> tuple[str, dict[str, float]]:
    """What to add about the reason, and the numbers that belong to it."""
    if isinstance(callback, keras.callbacks.EarlyStopping):
        best = _read_number(callback.best)
        epochs = f"{callback.wait} epoch{'' if callback.wait == 1 else 's'}"
        if best is None:
            return f": {callback.monitor} has not improved for {epochs}", {}
        best_epoch = f"{best:.6g} after epoch {callback.best_epoch + 1}"
        goal = "" if callback.baseline is None else f" on the baseline {callback.baseline:.6g}"
        reason = f": {callback.monitor} has not improved{goal} for {epochs} (best {best_epoch})"
        return reason, {callback.monitor: best}
    if isinstance(callback, keras.callbacks.TerminateOnNaN) and (loss := _read_number(logs.get("loss"))) is not None:
        return f": the loss is {'NaN' if math.isnan(loss) else 'infinite'}", {"loss": loss}
    return "", {}
