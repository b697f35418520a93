"""The training of one run, from graph and config to Keras's History. Works without the server."""

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import keras

from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.training.callback_files import carry_files
from engine.training.callback_marks import CallbackMarks
from engine.training.callback_paths import make_folders
from engine.training.callbacks import make_callbacks
from engine.training.checkpoint_files import read_state
from engine.training.checkpoint_graph import read_graph
from engine.training.checkpoints import CheckpointKeeper
from engine.training.class_weights import settle_class_weight
from engine.training.commands import Command
from engine.training.compile_settings import compile_model
from engine.training.config import RunConfig
from engine.training.control import CommandSource, NoCommands
from engine.training.controls import Controls, LeaveTraining
from engine.training.feeding import FedData
from engine.training.keras_fit import FitControl, run_keras_fit
from engine.training.out_of_memory import guard_memory
from engine.training.reporting import Reporter
from engine.training.run_data import load_run_data
from engine.training.run_graph import list_weightless, prepare_graph
from engine.training.session import Session
from engine.training.setup_report import report_setup
from engine.training.splitting import count_samples, list_class_weights
from engine.training.starting_weights import load_starting_weights

MODEL_NAME = "model"
NO_COMMANDS = NoCommands()


def train(
    graph: Graph,
    config: RunConfig,
    directory: Path | str,
    report: Reporter | None = None,
    *,
    weights: Path | None = None,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    commands: CommandSource = NO_COMMANDS,
    resume: Path | None = None,
    past_commands: Sequence[Command] = (),
    plans: Path | None = None,
    verbose: int = 0,
) -> "keras.callbacks.History":
    """Builds the model, trains it, and returns Keras's History of the epochs that were completed.

    Preprocessing layers that have learned nothing yet are adapted to the training samples first.

    `report` gets numbered events: status, setup, plan, the logs of every step and epoch, marks, checkpoints; the last
    one says `finished` or `stopped`. `directory` gets `checkpoints/` and, where callbacks write files, `callbacks/`.
    `commands` is asked between steps what people want; where its process has to end, training writes a checkpoint and
    returns without a final status. `resume` is a checkpoint that such a training, or one that died, left: training goes
    on from it exactly, with `past_commands` at the steps where they took effect. `plans` is a file that remembers from
    one training to the next which plan was the fastest for a model. `verbose` is Keras's: 2 prints a line
    per epoch. `callbacks` are Keras objects, your own among them, that are called besides those of the
    config. `weights` is an npz file (`engine.models.weights`) whose weights the model starts with; without one it
    starts with new weights.

    Raises:
        GraphError: the graph does not build, or a layer of it cannot be adapted to the data.
        IssuesError: the weights do not fit the model.
        ConfigError: the config does not fit the model or the data.
        EngineError: the data set cannot be had, or the checkpoint cannot be gone on from.
    """
    report = report or Reporter()
    report.status("running")
    with _use_precision(config.precision):
        trained = prepare_graph(graph, config, report, weights) if resume is None else read_graph(resume) or graph
        keras.utils.set_random_seed(config.seed)
        model = build_model(trained, MODEL_NAME)
        if resume is None:
            weightless = list_weightless(graph, trained)
            load_starting_weights(model, trained, weights, partial=config.partial_weights, without=weightless)
        data = load_run_data(config.data, model)
        return fit_model(
            model, data, config, Path(directory), report,
            callbacks=callbacks, commands=commands, resume=resume, past_commands=past_commands, plans=plans,
            verbose=verbose, graph=None if trained is graph else trained,
        )  # fmt: skip


def fit_model(
    model: "keras.Model",
    data: FedData,
    config: RunConfig,
    directory: Path,
    report: Reporter,
    *,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    commands: CommandSource = NO_COMMANDS,
    resume: Path | None = None,
    past_commands: Sequence[Command] = (),
    plans: Path | None = None,
    verbose: int = 0,
    graph: Graph | None = None,
) -> "keras.callbacks.History":
    """Compiles a built model and trains it on the data, as `train` does with the model of a graph.

    `callbacks` are Keras objects that are called besides those of the config. `graph` is kept in every checkpoint, where
    the model is of another one than the run has.

    Raises:
        ConfigError: the config does not fit the model or the data.
    """
    compile_model(model, config.compile)
    count_samples(data, config.fit)
    config = _settle_class_weight(config, data, report)
    directory.mkdir(parents=True, exist_ok=True)
    make_folders(config.callbacks, directory)
    history = keras.callbacks.History()
    every = [*make_callbacks(config.callbacks, directory), *callbacks, history]
    if config.plan == "fit" and resume is None:
        with _guard(model, data, config):
            _run_fit(model, data, config, directory, report, every, commands, verbose, graph)
        return history
    state = None if resume is None else read_state(resume)
    session = Session(
        model, data, config, directory, report,
        callbacks=every, commands=commands, verbose=verbose, state=state, file=resume, past=past_commands, plans=plans,
        graph=graph,
    )  # fmt: skip
    if resume is not None and state is not None:
        carry_files(every, resume, directory, state.position.epoch)
        if state.position.data != session.data_fingerprint:
            report.log("The data is not what it was when the run began; it goes on with what there is now.", "warning")
    session.report_setup()
    with _guard(model, data, config):
        session.run()
    return history


def _settle_class_weight(config: RunConfig, data: FedData, report: Reporter) -> RunConfig:
    fit = settle_class_weight(data, config.fit)
    if fit is config.fit:
        return config
    weights = ", ".join(f"{label}: {weight:.4g}" for label, weight in list_class_weights(fit).items())
    report.log(f"The classes are balanced on the training samples, with the weights {weights}.")
    return config.model_copy(update={"fit": fit})


def _run_fit(
    model: "keras.Model",
    data: FedData,
    config: RunConfig,
    directory: Path,
    report: Reporter,
    callbacks: "list[keras.callbacks.Callback]",
    commands: CommandSource,
    verbose: int,
    graph: Graph | None,
) -> None:
    fit = config.fit
    keeper = CheckpointKeeper(directory, report, config.checkpoints, graph=graph)

    def refuse_epochs(epochs: int) -> None:
        report.log(f"Keras's own loop ends after {fit.epochs} epochs; {epochs} were asked for.", "warning")

    def make_controls(control: FitControl) -> Controls:
        return Controls(
            commands, report, model, position=lambda: control.position, save=control.save, set_epochs=refuse_epochs
        )

    control = FitControl(report, keeper, make_controls)
    marks = CallbackMarks(report, callbacks, lambda: control.position)
    training, validation = count_samples(data, fit)
    steps = fit.steps_per_epoch or math.ceil(training / fit.batch_size)
    report_setup(
        report,
        model,
        epochs=fit.epochs,
        steps_per_epoch=steps,
        samples=training,
        validation_samples=validation,
        batch_size=fit.batch_size,
    )
    report.plan({"mode": "fit", "steps_per_chunk": 1, "data": "stream", "pinned": True})
    try:
        stopped = run_keras_fit(model, data, fit, marks.callbacks, control, steps, verbose)
    except LeaveTraining:
        return
    if control.buffer.step:
        control.save("end")
    report.status("stopped" if stopped else "finished")


def _guard(model: "keras.Model", data: FedData, config: RunConfig) -> AbstractContextManager[None]:
    batch_size = min(config.fit.batch_size, data.samples)
    return guard_memory(model, batch_size, [array.shape[1:] for array in data.inputs])


@contextmanager
def _use_precision(precision: str) -> Iterator[None]:
    """Sets Keras's dtype policy, and puts the earlier one back."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
