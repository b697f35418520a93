"""The callbacks that a person adds to a run, made so that they write inside the run's folder only."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import keras

from engine.errors import ConfigError
from engine.layers.expressions.errors import ExpressionError
from engine.layers.safety import PATH_ARGUMENTS, UnsafeConfigError, check_path_is_relative
from engine.training.config import KerasObject
from engine.training.keras_objects import ConfigIssues, make_callback, suggest_name

FILES_FOLDER = "callbacks"
"""The folder, within an attempt's, that the files of callbacks are written to."""

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)(:0?\d{0,2}(\.\d)?[dfeg]?)?\}")
_PLAIN_PATH = re.compile(r"[\w./=+ -]*")


def make_callbacks(wanted: Sequence[KerasObject], directory: Path) -> "list[keras.callbacks.Callback]":
    """Makes the callbacks; what they write goes into `directory/callbacks`.

    Raises:
        ConfigError: one cannot be used, has an argument that it does not take, or would write elsewhere; the issues
            name the setting (`callbacks.0.filepath`).
    """
    problems = ConfigIssues()
    made = []
    for index, reference in enumerate(wanted):
        path = f"callbacks.{index}"
        try:
            made.append(make_callback(_confine_paths(reference, path, directory / FILES_FOLDER), path))
        except ConfigError as error:
            problems.issues.extend(error.issues)
    problems.raise_if_any()
    return made


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


def _confine_paths(reference: KerasObject, path: str, folder: Path) -> KerasObject:
    config = dict(reference.config)
    for argument in PATH_ARGUMENTS & config.keys():
        template = str(config[argument])
        # Keras fills in the placeholders with numbers.
        plain = _PLACEHOLDER.sub("0", template)
        problems = ConfigIssues()
        try:
            check_path_is_relative(reference.class_name, argument, plain)
        except UnsafeConfigError as error:
            problems.add(error.code, f"{path}.{argument}", error.message, error.hint)
        if not problems.issues and not _PLAIN_PATH.fullmatch(plain):
            message = (
                f"{reference.class_name} got {argument}={template!r}; expected letters, digits and . _ - = + /, and"
            )
            problems.add(
                "refused_path",
                f"{path}.{argument}",
                f"{message} placeholders such as {{epoch:02d}}.",
                "Such as 'best.keras'.",
            )
        problems.raise_if_any()
        config[argument] = str(folder / template)
    return KerasObject(class_name=reference.class_name, config=config)


def make_folders(wanted: Sequence[KerasObject], directory: Path) -> None:
    """Makes the folders that the callbacks write to, as Keras does not."""
    for reference in wanted:
        for argument in PATH_ARGUMENTS & reference.config.keys():
            (directory / FILES_FOLDER / str(reference.config[argument])).parent.mkdir(parents=True, exist_ok=True)
