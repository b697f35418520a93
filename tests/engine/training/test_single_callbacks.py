"""Each of Keras's callbacks, unmodified, does in our loop what it does in `fit`."""

import csv
import re
from contextlib import nullcontext
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.data.source import Array
from engine.training.events import MarkEvent
from tests.engine.training.callback_features import classify, draw_a_line, named
from tests.engine.training.monitor_server import serve_monitor
from tests.engine.training.parity.feature import (
    GRAPH,
    Feature,
    Training,
    compare,
    fit_with_keras,
    train_with_us,
)
from tests.engine.training.parity.small_models import FEATURES, NUMBERS, make_line


def read_weights(training: Training) -> list[Array]:
    """The model's own weights, without what the optimizer keeps."""
    return [value for name, value in training.variables.items() if "/" in name]


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


def test_remote_monitor_sends_every_epoch(tmp_path):
    with serve_monitor() as monitor:
        callback = keras.callbacks.RemoteMonitor(monitor.address)
        history = train_with_us(classify(), GRAPH, tmp_path, callbacks=[callback]).history.history
    assert [(one.path, one.message) for one in monitor.received] == [
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
