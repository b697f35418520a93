"""The callbacks that a person adds to a run, made so that they write inside the run's folder only."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import keras

from engine.errors import ConfigError
from engine.layers.expressions.errors import ExpressionError
from engine.training.callback_paths import check_places, confine_paths, find_files_folder
from engine.training.config import KerasObject
from engine.training.keras_objects import ConfigIssues, make_callback, suggest_name
from engine.training.remote_monitor import check_remote_monitor, send_aside


def make_callbacks(
    wanted: Sequence[KerasObject], directory: Path, fold: int | None = None
) -> "list[keras.callbacks.Callback]":
    """Makes the callbacks; what they write goes into `directory/callbacks`, in a K-fold run into a fold's folder there.

    Raises:
        ConfigError: one cannot be used, has an argument that it does not take, would write elsewhere, or send to where
            nobody has allowed it; the issues name the setting (`callbacks.0.filepath`).
    """
    problems = ConfigIssues()
    made = []
    for index, reference in enumerate(wanted):
        path = f"callbacks.{index}"
        try:
            made.append(_make_callback(reference, path, find_files_folder(directory, fold)))
        except ConfigError as error:
            problems.issues.extend(error.issues)
    problems.raise_if_any()
    check_places(wanted)
    return made


def _make_callback(reference: KerasObject, path: str, folder: Path) -> "keras.callbacks.Callback":
    callback = make_callback(confine_paths(reference, path, folder), path)
    if isinstance(callback, keras.callbacks.RemoteMonitor):
        check_remote_monitor(reference, path)
        return send_aside(callback)
    return callback


def check_monitors(callbacks: "Sequence[keras.callbacks.Callback]", metrics: Iterable[str]) -> None:
    """Makes sure that what a callback watches is there to be watched: Keras only warns, once the epoch is over.

    Raises:
        ConfigError: the issues name the setting (`callbacks.0.monitor`).
    """
    problems = ConfigIssues()
    known = list(metrics)
    for index, callback in enumerate(callbacks):
        monitor = getattr(callback, "monitor", None)
        if monitor is None or monitor in known or not getattr(callback, "save_best_only", True):
            continue
        name = type(callback).__name__
        message = f"{name} watches {monitor!r}, which this training does not have; expected one of {', '.join(known)}."
        hint = suggest_name(monitor, known)
        if monitor.startswith("val_") and monitor.removeprefix("val_") in known:
            hint = f"Set a validation split, or watch {monitor.removeprefix('val_')!r}."
        problems.add("unknown_monitor", f"callbacks.{index}.monitor", message, hint)
    problems.raise_if_any()


def check_schedules(
    callbacks: "Sequence[keras.callbacks.Callback]", epochs: int, optimizer: "keras.optimizers.Optimizer"
) -> None:
    """Makes sure that every epoch has a learning rate, by going through them with the optimizer's own.

    Raises:
        ConfigError: the issues name the setting (`callbacks.0.schedule`).
    """
    problems = ConfigIssues()
    for index, callback in enumerate(callbacks):
        if not isinstance(callback, keras.callbacks.LearningRateScheduler):
            continue
        if isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule):
            message = "The optimizer has a schedule of its own, so no callback can set its learning rate."
            hint = "Give the optimizer a number, or take the callback out."
            problems.add("learning_rate_set_twice", f"callbacks.{index}", message, hint)
            continue
        try:
            callback.schedule.try_epochs(epochs, float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
        except ExpressionError as error:
            problems.add(error.code, f"callbacks.{index}.schedule", error.message, error.hint)
    problems.raise_if_any()


def needs_every_batch(callback: "keras.callbacks.Callback", phase: Literal["train", "test"] = "train") -> bool:
    """Whether the callback has to be called for each batch, so that steps cannot be run many at a time.

    It has to where it has a hook for batches. Keras's own that save by epoch have one and do nothing in it, and a
    progress bar may move on by many: such are called once for many batches, as Keras does with `steps_per_execution`.
    """
    names = [f"on_{phase}_batch_begin", f"on_{phase}_batch_end"]
    names += ["on_batch_begin", "on_batch_end"] if phase == "train" else []
    # As Keras finds out: a hook of its base class carries this mark, a function put onto the object does not.
    own = [name for name in names if not getattr(getattr(callback, name), "_is_default", False)]
    return bool(own) and not _is_idle_at_batches(callback)


def _is_idle_at_batches(callback: "keras.callbacks.Callback") -> bool:
    match type(callback):
        case keras.callbacks.ModelCheckpoint | keras.callbacks.BackupAndRestore:
            return callback.save_freq == "epoch" or callback.save_freq is False
        case keras.callbacks.ProgbarLogger:
            return True
        case keras.callbacks.TensorBoard:
            # Keras keeps to itself whether batches are to be profiled.
            profiles = getattr(callback, "_should_trace", True)
            return callback.update_freq == "epoch" and not callback.write_steps_per_second and not profiles
    return False
