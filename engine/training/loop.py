"""The training of one run, from graph and config to Keras's History. Works without the server."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras

from engine.data.datasets import load_dataset
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.model_ends import list_output_names
from engine.training.callbacks import make_callbacks, make_folders
from engine.training.checkpoints import CheckpointKeeper
from engine.training.compile_settings import compile_model
from engine.training.config import FitSettings, RunConfig
from engine.training.feeding import FedData, feed_model
from engine.training.progress import CheckpointSaver, ProgressReporter, StopRequests, StopTraining
from engine.training.reporting import Reporter
from engine.training.splitting import split_samples
from engine.training.starting_weights import load_starting_weights

MODEL_NAME = "model"


def _never() -> bool:
    return False


def train(
    graph: Graph,
    config: RunConfig,
    directory: Path | str,
    report: Reporter | None = None,
    *,
    weights: Path | None = None,
    should_stop: Callable[[], bool] = _never,
    verbose: int = 0,
) -> "keras.callbacks.History":
    """Builds the model, trains it, and returns Keras's History of the epochs that were completed.

    `report` gets numbered events: status, setup, the logs of every step and epoch, checkpoints; the last one says
    `finished` or `stopped`. `directory` gets `checkpoints/` and, where callbacks write files, `callbacks/`. When
    `should_stop` answers True, training ends after the current step with a checkpoint. `verbose` is Keras's: 2 prints a
    line per epoch. `weights` is an npz file (`engine.models.weights`) whose weights the model starts with; without one
    it starts with new weights.

    Raises:
        GraphError: the graph does not build.
        IssuesError: the weights do not fit the model.
        ConfigError: the config does not fit the model or the data.
        EngineError: the data set cannot be had.
    """
    report = report or Reporter()
    report.status("running")
    with _use_precision(config.precision):
        keras.utils.set_random_seed(config.seed)
        dataset = load_dataset(config.data.dataset, config.data.arguments)
        model = build_model(graph, MODEL_NAME)
        load_starting_weights(model, graph, weights, partial=config.partial_weights)
        data = feed_model(dataset, config.data, [tensor.name for tensor in model.inputs], list_output_names(model))
        return fit_model(model, data, config, Path(directory), report, should_stop=should_stop, verbose=verbose)


def fit_model(
    model: "keras.Model",
    data: FedData,
    config: RunConfig,
    directory: Path,
    report: Reporter,
    *,
    should_stop: Callable[[], bool] = _never,
    verbose: int = 0,
) -> "keras.callbacks.History":
    """Compiles a built model and trains it on the data, as `train` does with the model of a graph.

    Raises:
        ConfigError: the config does not fit the model or the data.
    """
    compile_model(model, config.compile)
    steps = _report_setup(model, data, config.fit, report)
    directory.mkdir(parents=True, exist_ok=True)
    make_folders(config.callbacks, directory)
    history = keras.callbacks.History()
    progress = ProgressReporter(report)
    keeper = CheckpointKeeper(directory, report)
    callbacks = keras.callbacks.CallbackList(
        [
            *make_callbacks(config.callbacks, directory),
            history,
            progress,
            StopRequests(should_stop),
            CheckpointSaver(keeper, progress),
        ],
        model=model,
        epochs=config.fit.epochs,
        steps=steps,
        verbose=verbose,
        add_progbar=verbose > 0,
    )
    stopped = _run_fit(model, data, config.fit, callbacks)
    if progress.step:
        keeper.save(model, progress.epoch, progress.step, progress.logs)
    report.status("stopped" if stopped else "finished")
    return history


def _report_setup(model: "keras.Model", data: FedData, fit: FitSettings, report: Reporter) -> int:
    """Reports what will be trained, and returns the number of steps per epoch."""
    training, validation = split_samples(data.samples, fit)
    steps = fit.steps_per_epoch or math.ceil(training / fit.batch_size)
    report.setup(
        {
            "epochs": fit.epochs,
            "steps_per_epoch": steps,
            "samples": training,
            "validation_samples": validation,
            "batch_size": fit.batch_size,
            "parameters": model.count_params(),
            "trainable_parameters": sum(math.prod(weight.shape) for weight in model.trainable_weights),
        }
    )
    return steps


def _run_fit(model: "keras.Model", data: FedData, fit: FitSettings, callbacks: "keras.callbacks.CallbackList") -> bool:
    """Trains with Keras's own `fit`. Returns whether it was stopped before its end."""
    try:
        weights = data.sample_weights
        model.fit(data.x, data.y, sample_weight=weights, callbacks=callbacks, verbose=0, **fit.model_dump())
    except StopTraining:
        # What `fit` does at its end: averaged weights are put in place, callbacks close their files.
        model.optimizer.finalize_variable_values(model.trainable_weights)
        callbacks.on_train_end()
        return True
    return False


@contextmanager
def _use_precision(precision: str) -> Iterator[None]:
    """Sets Keras's dtype policy, and puts the earlier one back."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
