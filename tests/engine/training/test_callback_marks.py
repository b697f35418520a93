"""What callbacks do becomes marks: who did it, when, with the numbers. Trained with Keras's own `fit`."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from engine.training.callback_marks import CallbackMarks
from engine.training.events import EVENT, Event, MarkEvent
from engine.training.reporting import Reporter

STEPS = 4
MakeModel = Callable[..., keras.Model]


class Counted(keras.callbacks.Callback):
    """Knows where training is, as the loop does; it is called before the callbacks that are watched."""

    position = (0, 0)

    def on_epoch_begin(self, epoch, logs=None):
        self.position = (epoch, self.position[1])

    def on_train_batch_end(self, batch, logs=None):
        self.position = (self.position[0], self.position[1] + 1)


def mark_a_training(callbacks, *, epochs=4, optimizer=None, targets=None, validation=False) -> list[MarkEvent]:
    """The marks of a straight line's fit, with four steps an epoch."""
    keras.utils.set_random_seed(3)
    x = np.linspace(-1, 1, 16, dtype="float32")[:, None]
    y = 2 * x if targets is None else np.full_like(x, targets)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse")
    counted = Counted()
    marks: list[Event] = []
    watched = CallbackMarks(Reporter(marks.append), callbacks, lambda: counted.position)
    data = {"validation_data": (x, y)} if validation else {}
    model.fit(x, y, batch_size=4, epochs=epochs, verbose=0, callbacks=[counted, *watched.callbacks], **data)
    assert all(
        EVENT.validate_json(text).model_dump_json() == text for text in (mark.model_dump_json() for mark in marks)
    )
    return [mark for mark in marks if isinstance(mark, MarkEvent)]


def test_the_callbacks_themselves_stay_as_they_are_and_in_their_order():
    first, second = keras.callbacks.CSVLogger("unused.csv"), keras.callbacks.SwapEMAWeights()
    watched = CallbackMarks(Reporter(), [first, second], lambda: (0, 0)).callbacks
    assert [one for one in watched if type(one).__module__.startswith("keras.")] == [first, second]


def test_a_history_alone_is_not_watched():
    history = keras.callbacks.History()
    assert CallbackMarks(Reporter(), [history], lambda: (0, 0)).callbacks == [history]
    assert CallbackMarks(Reporter(), [], lambda: (0, 0)).callbacks == []


def test_only_a_callback_that_has_every_batch_shown_is_watched_at_every_batch():
    def hooks(callbacks):
        watched = CallbackMarks(Reporter(), callbacks, lambda: (0, 0)).callbacks
        return [not getattr(one.on_train_batch_end, "_is_default", False) for one in watched]

    assert hooks([keras.callbacks.EarlyStopping()]) == [False, False, False]
    # The one for epochs has a hook that does nothing.
    assert hooks([keras.callbacks.ModelCheckpoint("a.keras")]) == [False, True, False]
    assert hooks([keras.callbacks.ModelCheckpoint("a.keras", save_freq=3)]) == [True, True, True]


def test_an_early_stop_says_after_which_epoch_and_what_was_best():
    stopping = keras.callbacks.EarlyStopping("loss", min_delta=1000, patience=2, restore_best_weights=True)
    marks = mark_a_training([stopping], epochs=9)

    assert [(mark.kind, mark.epoch, mark.step) for mark in marks] == [
        ("best", 0, 4), ("stopped", 2, 12), ("restored", 2, 12),
    ]  # fmt: skip
    best, stopped, restored = marks
    assert {mark.source for mark in marks} == {"EarlyStopping"}
    number = f"{stopping.best:.6g}"
    assert best.message == f"EarlyStopping: best loss so far is {number}, of epoch 1"
    assert best.values == stopped.values == restored.values == {"loss": stopping.best}
    assert stopped.message == (
        "EarlyStopping: stopped training after epoch 3:"
        f" loss has not improved for 2 epochs (best {number} after epoch 1)"
    )
    assert restored.message == f"EarlyStopping: put back the weights of epoch 1, which had the best loss, {number}"


def test_the_best_value_is_marked_only_where_it_gets_better(tmp_path):
    keeper = keras.callbacks.ModelCheckpoint(tmp_path / "best.keras", "val_loss", save_best_only=True)
    everything = keras.callbacks.ModelCheckpoint(tmp_path / "last.keras", "val_loss")
    marks = mark_a_training([keeper, everything], validation=True)

    assert [(mark.kind, mark.epoch) for mark in marks] == [("best", 0), ("best", 1), ("best", 2), ("best", 3)]
    values = [mark.values["val_loss"] for mark in marks]
    assert values == sorted(values, reverse=True)
    assert marks[1].message == (
        f"ModelCheckpoint: best val_loss so far is {values[1]:.6g} (before {values[0]:.6g}), of epoch 2"
    )


def test_who_changed_the_learning_rate_is_named():
    plateau = keras.callbacks.ReduceLROnPlateau("loss", factor=0.1, patience=1, min_delta=1000)
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.5 if epoch == 3 else rate)
    marks = mark_a_training([schedule, plateau, keras.callbacks.CSVLogger("/dev/null")])

    assert [(mark.kind, mark.source, mark.epoch, mark.step) for mark in marks] == [
        ("learning_rate", "ReduceLROnPlateau", 1, 8),
        ("learning_rate", "ReduceLROnPlateau", 2, 12),
        ("learning_rate", "LearningRateScheduler", 3, 12),
        ("learning_rate", "ReduceLROnPlateau", 3, 16),
    ]
    assert [mark.message for mark in marks] == [
        "ReduceLROnPlateau: learning rate 0.1 → 0.01 after epoch 2",
        "ReduceLROnPlateau: learning rate 0.01 → 0.001 after epoch 3",
        "LearningRateScheduler: learning rate 0.001 → 0.5 at the beginning of epoch 4",
        "ReduceLROnPlateau: learning rate 0.5 → 0.05 after epoch 4",
    ]
    assert [mark.values for mark in marks] == [
        {"learning_rate": pytest.approx(rate)} for rate in (0.01, 0.001, 0.5, 0.05)
    ]


def test_a_schedule_of_the_optimizer_is_no_mark():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    assert mark_a_training([keras.callbacks.TerminateOnNaN()], optimizer=keras.optimizers.SGD(schedule)) == []


def test_the_learning_rate_of_an_optimizer_that_scales_the_loss_is_seen():
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))
    halving = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    (mark,) = mark_a_training([halving], optimizer=optimizer, epochs=2)
    assert mark.values == {"learning_rate": pytest.approx(0.05)}


def test_what_a_person_changes_between_the_hooks_is_no_callbacks_work():
    class Person(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.optimizer.learning_rate = 0.1 / (batch + 2)

    class Counting(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            pass

    # Called before the first watcher, as commands are.
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    marks: list[Event] = []
    watched = CallbackMarks(Reporter(marks.append), [Counting()], lambda: (0, 0))
    model.fit(np.ones((8, 1)), np.ones((8, 1)), batch_size=2, verbose=0, callbacks=[Person(), *watched.callbacks])
    assert marks == []


def test_a_callback_that_changes_the_learning_rate_at_every_batch_has_one_mark_an_epoch():
    class WarmUp(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if self.model.optimizer.iterations < 6:
                self.model.optimizer.learning_rate = 0.01 * (int(self.model.optimizer.iterations) + 1)

    marks = mark_a_training([WarmUp()])
    assert [mark.message for mark in marks] == [
        "WarmUp: learning rate 0.1 → 0.04 within epoch 1",
        "WarmUp: learning rate 0.04 → 0.06 within epoch 2",
    ]


def test_a_loss_that_is_no_number_names_the_step_at_which_training_stopped():
    (mark,) = mark_a_training([keras.callbacks.TerminateOnNaN()], targets=np.inf)
    assert (mark.kind, mark.source, mark.epoch, mark.step) == ("stopped", "TerminateOnNaN", 0, 1)
    assert mark.message == "TerminateOnNaN: stopped training in epoch 1, at step 1: the loss is infinite"

    (mark,) = mark_a_training([keras.callbacks.TerminateOnNaN()], targets=np.nan)
    assert mark.message.endswith("the loss is NaN")


def test_a_callback_of_ones_own_that_stops_training_is_named():
    class Enough(keras.callbacks.Callback):
        def on_test_end(self, logs=None):
            self.model.stop_training = True

    (mark,) = mark_a_training([keras.callbacks.CSVLogger("/dev/null"), Enough()], validation=True)
    assert mark.message == "Enough: stopped training in the validation of epoch 1"


def test_a_backup_that_is_put_back_says_with_which_epoch_training_goes_on(tmp_path):
    class Broken(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise InterruptedError

    with pytest.raises(InterruptedError):
        mark_a_training([keras.callbacks.BackupAndRestore(tmp_path / "backup"), Broken()])
    (mark,) = mark_a_training([keras.callbacks.BackupAndRestore(tmp_path / "backup")])
    assert (mark.kind, mark.epoch) == ("restored", 2)
    assert mark.message == "BackupAndRestore: put back the weights of its backup; training goes on with epoch 3"
