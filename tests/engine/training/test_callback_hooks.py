"""Keras's callbacks, unmodified, have their hooks called in our loop as `fit` calls them."""

import keras
import numpy as np
import pytest

from engine.training.config import KerasObject
from engine.training.events import CheckpointEvent, Event, MarkEvent, PlanEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter
from tests.engine.training.callback_features import classify, draw_a_line, named
from tests.engine.training.command_sources import Script
from tests.engine.training.parity.feature import (
    GRAPH,
    STEP,
    begin,
    compare,
    fit_with_keras,
    name_plan,
    train_with_us,
)
from tests.engine.training.parity.small_models import FEATURES, NUMBERS

HOOKS = ["train_begin", "train_end", "epoch_begin", "epoch_end", "test_begin", "test_end"]
BATCH_HOOKS = ["train_batch_begin", "train_batch_end", "test_batch_begin", "test_batch_end", "batch_begin", "batch_end"]


def make_recorder(hooks):
    """A callback that keeps each call of those hooks: its name, the number, and the logs with their types."""

    def record(hook):
        def called(self, *arguments, logs=None):
            numbers = [one for one in arguments if isinstance(one, int)]
            found = next((one for one in arguments if isinstance(one, dict)), logs)
            values = None if found is None else {name: (type(one), one) for name, one in found.items()}
            self.calls.append((hook, numbers, values))

        return called

    members = {f"on_{hook}": record(hook) for hook in hooks}
    recorder = type("Recorder", (keras.callbacks.Callback,), members)()
    recorder.calls = []
    return recorder


def compare_calls(theirs, ours):
    assert [call[:2] for call in ours.calls] == [call[:2] for call in theirs.calls]
    for (hook, numbers, mine), (_, _, other) in zip(ours.calls, theirs.calls, strict=True):
        if not mine and not other:
            continue
        assert list(mine) == list(other), (hook, numbers)
        for name, (kind, value) in other.items():
            assert mine[name][0] is kind
            np.testing.assert_allclose(mine[name][1], value, rtol=1e-5, atol=1e-5, err_msg=f"{name} {hook} {numbers}")


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize(
    "fit",
    [
        {},
        {"validation_split": 0.0},
        {"epochs": 5, "validation_freq": 2, "initial_epoch": 1},
        {"validation_steps": 1, "validation_batch_size": 3},
        {"epochs": 3, "steps_per_epoch": 2},
    ],
    ids=["validation", "no_validation", "validation_every_second_epoch", "validation_steps", "some_steps_of_a_pass"],
)
def test_every_hook_is_called_when_and_with_what_fit_calls_it(fit, tmp_path):
    theirs, ours = make_recorder(HOOKS + BATCH_HOOKS), make_recorder(HOOKS + BATCH_HOOKS)
    expected = fit_with_keras(classify(**fit), [theirs])
    compare(expected, train_with_us(classify(**fit), GRAPH, tmp_path, callbacks=[ours]), 1e-5)
    compare_calls(theirs, ours)
    assert ours.params == theirs.params


@pytest.mark.parametrize("plan", ["auto", GRAPH, STEP, "fit"], ids=name_plan)
def test_a_callback_without_hooks_for_batches_does_not_hold_up_the_chunks(plan, tmp_path):
    theirs, ours = make_recorder(HOOKS), make_recorder(HOOKS)
    fit_with_keras(classify(), [theirs])
    training = train_with_us(classify(), plan, tmp_path, callbacks=[ours])
    compare_calls(theirs, ours)
    assert any(isinstance(event, PlanEvent) for event in training.events)


def test_a_callback_with_its_own_hooks_at_the_object_sees_every_batch(tmp_path):
    seen: list[int] = []
    callback = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(batch))
    train_with_us(draw_a_line(), GRAPH, tmp_path, callbacks=[callback])
    assert seen == [0, 1, 2, 3, 4] * 2


def test_a_callback_that_changes_the_model_between_batches_is_heeded_at_once(tmp_path):
    class WarmUp(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            done = int(self.model.optimizer.iterations)
            self.model.optimizer.learning_rate = 0.01 * min(done + 1, 7)
            if done == 3:
                self.model.layers[-1].bias.assign([0.5])

    theirs = fit_with_keras(draw_a_line(), [WarmUp()])
    compare(theirs, train_with_us(draw_a_line(), GRAPH, tmp_path, callbacks=[WarmUp()]), 1e-5)


@pytest.mark.parametrize("plan", [GRAPH, STEP, "fit"], ids=name_plan)
def test_a_callback_that_stops_within_an_epoch_ends_it_with_its_validation(plan, tmp_path):
    def make():
        recorder = make_recorder(HOOKS + BATCH_HOOKS)
        record = recorder.on_train_batch_end

        def on_train_batch_end(batch, logs=None):
            record(batch, logs)
            recorder.model.stop_training = recorder.model.optimizer.iterations == 6

        recorder.on_train_batch_end = on_train_batch_end
        return recorder

    theirs, ours = make(), make()
    expected = fit_with_keras(classify(epochs=4), [theirs])
    training = train_with_us(classify(epochs=4), plan, tmp_path, callbacks=[ours])
    compare(expected, training, 1e-5)
    compare_calls(theirs, ours)
    assert [event.status for event in training.events if event.type == "status"][-1] == "finished"


def test_what_a_callback_raises_ends_the_training(tmp_path):
    class Broken(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise LookupError("nothing is in order")

    with pytest.raises(LookupError, match="in order"):
        train_with_us(draw_a_line(), GRAPH, tmp_path, callbacks=[Broken()])


def test_marks_from_before_a_checkpoint_are_not_made_again(tmp_path):
    feature = draw_a_line({"optimizer": named("SGD", learning_rate=0.01)}, epochs=4)
    wanted = [
        named("LearningRateScheduler", schedule="lr * 0.5 ** epoch"),
        named("EarlyStopping", monitor="loss", patience=1, restore_best_weights=True),
    ]
    config = feature.make_config({"mode": "graph", "steps_per_chunk": 2})
    config = config.model_copy(update={"callbacks": [KerasObject.model_validate(one) for one in wanted]})
    data = FedData([FEATURES], [NUMBERS], ["y"])

    def read_marks(name, leaves_after, resume=None):
        events: list[Event] = []
        with begin(feature) as model:
            leaving = Script(leaves=lambda: int(model.optimizer.iterations) >= leaves_after)
            fit_model(model, data, config, tmp_path / name, Reporter(events.append), commands=leaving, resume=resume)
        checkpoint = [event for event in events if isinstance(event, CheckpointEvent)][-1]
        marks = [event.model_dump(exclude={"seq", "time"}) for event in events if isinstance(event, MarkEvent)]
        return marks, checkpoint

    whole, _ = read_marks("whole", 1000)
    before, checkpoint = read_marks("first", 7)
    after, _ = read_marks("second", 1000, resume=tmp_path / "first" / checkpoint.path)
    assert (checkpoint.epoch, checkpoint.position) == (1, 2)
    callbacks = ("EarlyStopping", "LearningRateScheduler")
    assert [mark for mark in before + after if mark["source"] in callbacks] == whole
    assert {mark["kind"] for mark in whole} >= {"best", "learning_rate"}
