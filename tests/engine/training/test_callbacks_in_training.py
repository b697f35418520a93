"""Keras's callbacks, unmodified, see in our loop what `fit` shows them, and what they do has the same effect."""

import csv
import http.server
import json
import re
import threading
import urllib.parse
from contextlib import nullcontext
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.data.source import Array
from engine.training.config import KerasObject
from engine.training.events import CheckpointEvent, Event, MarkEvent, PlanEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter
from tests.engine.training.command_sources import Script
from tests.engine.training.parity.feature import (
    GRAPH,
    STEP,
    Feature,
    Training,
    begin,
    compare,
    fit_with_keras,
    name_plan,
    train_with_us,
)
from tests.engine.training.parity.small_models import CLASSES, FEATURES, NUMBERS, make_classifier, make_line

CLASSIFY = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
HOOKS = ["train_begin", "train_end", "epoch_begin", "epoch_end", "test_begin", "test_end"]
BATCH_HOOKS = ["train_batch_begin", "train_batch_end", "test_batch_begin", "test_batch_end", "batch_begin", "batch_end"]


def classify(**fit) -> Feature:
    return Feature("classify", make_classifier, FEATURES, CLASSES, CLASSIFY, {"validation_split": 0.3, **fit})


def draw_a_line(compile_settings=None, **fit) -> Feature:
    return Feature("line", make_line, FEATURES, NUMBERS, compile_settings or {}, fit)


def named(class_name, **config):
    return {"class_name": class_name, "config": config}


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


def read_weights(training: Training) -> list[Array]:
    """The model's own weights, without what the optimizer keeps."""
    return [value for name, value in training.variables.items() if "/" in name]


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


def read_saved(folder: Path) -> dict[str, list[Array]]:
    return {path.name: keras.saving.load_model(path).get_weights() for path in sorted(folder.glob("*.keras"))}


@pytest.mark.parametrize(
    "config",
    [
        {"filepath": "best.keras", "save_best_only": True, "monitor": "val_accuracy"},
        {"filepath": "{epoch:02d}.keras"},
        {"filepath": "{epoch:02d}-{batch:02d}.keras", "save_freq": 3},
    ],
    ids=["best_only", "every_epoch", "every_third_batch"],
)
def test_model_checkpoint_saves_the_same_models(config, tmp_path):
    filepath = tmp_path / "theirs" / config["filepath"]
    fit_with_keras(classify(), [keras.callbacks.ModelCheckpoint(**{**config, "filepath": filepath})])
    train_with_us(classify(), GRAPH, tmp_path, named=[named("ModelCheckpoint", **config)])

    theirs, ours = read_saved(tmp_path / "theirs"), read_saved(tmp_path / "callbacks")
    assert list(ours) == list(theirs) != []
    for name, weights in theirs.items():
        for mine, other in zip(ours[name], weights, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)


def test_early_stopping_puts_the_best_weights_back(tmp_path):
    config = {"monitor": "val_loss", "patience": 2, "restore_best_weights": True, "min_delta": 0.01}
    feature = classify(epochs=30)
    stopping = keras.callbacks.EarlyStopping(**config)
    theirs = fit_with_keras(feature, [stopping])
    ours = train_with_us(feature, GRAPH, tmp_path, named=[named("EarlyStopping", **config)])
    compare(theirs, ours, 1e-5)
    assert len(ours.history.epoch) < 30

    marks = [event for event in ours.events if isinstance(event, MarkEvent)]
    assert [mark.kind for mark in marks if mark.kind != "best"] == ["stopped", "restored"]
    assert {mark.source for mark in marks} == {"EarlyStopping"}
    assert marks[-1].message.startswith(f"EarlyStopping: put back the weights of epoch {stopping.best_epoch + 1}")
    # What is put back is in the checkpoint of the end.
    last = ours.events[-2]
    assert last.type == "checkpoint"
    for mine, other in zip(
        keras.saving.load_model(tmp_path / last.path).get_weights(), read_weights(theirs), strict=True
    ):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)


def test_a_learning_rate_from_a_formula_is_that_of_a_function(tmp_path):
    feature = draw_a_line(epochs=4)
    theirs = fit_with_keras(feature, [keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.5**epoch)])
    ours = train_with_us(feature, GRAPH, tmp_path, named=[named("LearningRateScheduler", schedule="lr * 0.5 ** epoch")])
    compare(theirs, ours, 1e-5)
    assert ours.history.history["learning_rate"] == pytest.approx([0.05, 0.025, 0.00625, 0.00078125])
    marks = [event for event in ours.events if isinstance(event, MarkEvent)]
    assert [(mark.epoch, mark.step) for mark in marks] == [(1, 5), (2, 10), (3, 15)]


def test_reduce_lr_on_plateau_reduces_at_the_same_epochs(tmp_path):
    feature, config = draw_a_line(epochs=5), {"monitor": "loss", "patience": 1, "factor": 0.1, "min_delta": 1000}
    theirs = fit_with_keras(feature, [keras.callbacks.ReduceLROnPlateau(**config)])
    ours = train_with_us(feature, GRAPH, tmp_path, named=[named("ReduceLROnPlateau", **config)])
    compare(theirs, ours, 1e-5)
    assert len(set(ours.history.history["learning_rate"])) == 4


def test_terminate_on_nan_stops_after_the_same_step(tmp_path):
    targets = NUMBERS.copy()
    targets[9] = np.nan
    feature = Feature("broken", make_line, FEATURES, targets, fit={"shuffle": False, "validation_split": 0.2})
    theirs = fit_with_keras(feature, [keras.callbacks.TerminateOnNaN()])
    ours = train_with_us(feature, GRAPH, tmp_path, named=[named("TerminateOnNaN")])
    compare(theirs, ours, 1e-5)
    assert ours.iterations == 3
    stops = [event for event in ours.events if isinstance(event, MarkEvent) and event.kind == "stopped"]
    assert [(mark.source, mark.step) for mark in stops] == [("TerminateOnNaN", 3)]
    assert stops[0].message == "TerminateOnNaN: stopped training in epoch 1, at step 3: the loss is NaN"


def test_csv_logger_writes_the_same_file(tmp_path):
    plateau = {"monitor": "loss", "patience": 1, "min_delta": 1000}
    logger = keras.callbacks.CSVLogger(tmp_path / "theirs.csv")
    fit_with_keras(classify(), [keras.callbacks.ReduceLROnPlateau(**plateau), logger])
    wanted = [named("ReduceLROnPlateau", **plateau), named("CSVLogger", filename="ours.csv")]
    train_with_us(classify(), GRAPH, tmp_path, named=wanted)

    def read(path):
        with path.open() as file:
            return list(csv.DictReader(file))

    theirs, ours = read(tmp_path / "theirs.csv"), read(tmp_path / "callbacks" / "ours.csv")
    assert [list(row) for row in ours] == [list(row) for row in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        assert [float(value) for value in mine.values()] == pytest.approx([float(value) for value in other.values()])


def read_summaries(folder: Path) -> dict[tuple[str, str, int], Array]:
    """The numbers in TensorBoard's files, by folder, tag and step."""
    found = {}
    for path in sorted(folder.rglob("events.out.tfevents.*")):
        for record in tf.data.TFRecordDataset(str(path)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name != "graph_keras_model":
                    found[path.parent.name, value.tag, event.step] = tf.make_ndarray(value.tensor)
    return found


@pytest.mark.parametrize("update_freq", ["epoch", "batch"])
def test_tensorboard_writes_the_same_numbers(update_freq, tmp_path):
    pytest.importorskip("tensorboard", reason="Keras's callback needs the package to write numbers")
    for name in ("theirs", "ours"):
        callback = keras.callbacks.TensorBoard(tmp_path / name, update_freq=update_freq, histogram_freq=1)
        if name == "theirs":
            fit_with_keras(classify(), [callback])
        else:
            train_with_us(classify(), GRAPH, tmp_path / "run", callbacks=[callback])
    theirs, ours = read_summaries(tmp_path / "theirs"), read_summaries(tmp_path / "ours")
    assert list(ours) == list(theirs)
    assert ("train", "epoch_loss", 1) in ours
    assert (("train", "batch_loss", 6) in ours) == (update_freq == "batch")
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key], value, rtol=1e-5, atol=1e-5, err_msg=str(key))


def test_backup_and_restore_goes_on_after_a_break(tmp_path):
    class Break(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise InterruptedError

    feature = classify(epochs=4)
    for callbacks in ([Break()], []):
        backup = keras.callbacks.BackupAndRestore(tmp_path / "theirs")
        with pytest.raises(InterruptedError) if callbacks else nullcontext():
            theirs = fit_with_keras(feature, [backup, *callbacks])
        wanted = [named("BackupAndRestore", backup_dir="backup")]
        with pytest.raises(InterruptedError) if callbacks else nullcontext():
            ours = train_with_us(feature, GRAPH, tmp_path / "run", named=wanted, callbacks=callbacks)

    assert ours.history.epoch == theirs.history.epoch == [2, 3]
    compare(theirs, ours, 1e-5)
    (mark,) = [event for event in ours.events if isinstance(event, MarkEvent)]
    assert (mark.kind, mark.epoch) == ("restored", 2)


def test_swap_ema_weights_validates_with_the_averages(tmp_path):
    optimizer = named("SGD", learning_rate=0.1, use_ema=True, ema_momentum=0.8)
    feature = draw_a_line({"optimizer": optimizer}, validation_split=0.3)
    for on_epoch in (False, True):
        theirs = fit_with_keras(feature, [keras.callbacks.SwapEMAWeights(swap_on_epoch=on_epoch)])
        swapping = named("SwapEMAWeights", swap_on_epoch=on_epoch)
        compare(theirs, train_with_us(feature, GRAPH, tmp_path / str(on_epoch), named=[swapping]), 1e-5)


class MonitorServer(http.server.ThreadingHTTPServer):
    """Keeps what `RemoteMonitor` sends."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MonitorHandler)
        self.received: list[tuple[str, object]] = []


class MonitorHandler(http.server.BaseHTTPRequestHandler):
    server: MonitorServer

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, json.loads(urllib.parse.parse_qs(body)["data"][0])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def monitor():
    with MonitorServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_remote_monitor_sends_every_epoch(monitor, tmp_path):
    callback = keras.callbacks.RemoteMonitor(f"http://127.0.0.1:{monitor.server_port}")
    history = train_with_us(classify(), GRAPH, tmp_path, callbacks=[callback]).history.history
    assert monitor.received == [
        ("/publish/epoch/end/", {"epoch": epoch, **{name: values[epoch] for name, values in history.items()}})
        for epoch in range(2)
    ]


def test_a_history_of_ones_own_is_filled_too(tmp_path):
    mine = keras.callbacks.History()
    training = train_with_us(classify(), GRAPH, tmp_path, callbacks=[mine])
    assert mine.history == training.history.history


@pytest.mark.parametrize("verbose", [1, 2])
def test_progress_is_printed_as_fit_prints_it(verbose, tmp_path, capsys):
    def read():
        text = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out.replace("\b", ""))
        # A bar is drawn again and again, and its last state stays. Times differ.
        lines = [line.split("\r")[-1].strip() for line in text.splitlines()]
        return [
            re.sub(r"\d+[mu]?s(/step)?", "", line) for line in lines if line.startswith("Epoch") or "val_loss" in line
        ]

    fit_with_keras(classify(), verbose=verbose)
    theirs = read()
    train_with_us(classify(), GRAPH, tmp_path, verbose=verbose)
    assert read() == theirs
    assert len(theirs) == 4


def test_a_progress_logger_of_ones_own_is_called(tmp_path, capsys):
    train_with_us(classify(), GRAPH, tmp_path, callbacks=[keras.callbacks.ProgbarLogger()], verbose=2)
    assert capsys.readouterr().out.count("val_loss") == 2
