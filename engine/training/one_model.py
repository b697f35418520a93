"""The training of one model that is built: compiled, given its callbacks, and run by a session or by Keras's own loop.

A run is one of these; a K-fold run is one after the other (`engine.training.folds`).
"""

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import keras

from engine.graph.document import Graph
from engine.training.beginning import FIRST, Beginning, Outcome
from engine.training.callback_files import carry_files
from engine.training.callback_marks import CallbackMarks
from engine.training.callback_paths import make_folders
from engine.training.callbacks import make_callbacks
from engine.training.checkpoints import CheckpointKeeper
from engine.training.class_weights import settle_class_weight
from engine.training.compile_settings import compile_model
from engine.training.config import RunConfig
from engine.training.control import CommandSource
from engine.training.controls import Controls, LeaveTraining
from engine.training.feeding import FedData
from engine.training.keras_feeding import KerasFeed
from engine.training.keras_fit import FitControl, run_keras_fit
from engine.training.named_class_weights import name_class_weights
from engine.training.out_of_memory import guard_memory
from engine.training.prepared_texts import begin_behind_texts, prepare_texts
from engine.training.reporting import Reporter
from engine.training.session import Session
from engine.training.setup_report import report_setup
from engine.training.splitting import count_samples, list_class_weights
from engine.training.state import TrainingState


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all trainings of a run share: where they write, whom they report to, who controls them.

    `callbacks` are called besides those of the config. `plans` is the file that remembers how fast plans were.
    """

    directory: Path
    report: Reporter
    commands: CommandSource
    callbacks: "Sequence[keras.callbacks.Callback]" = ()
    plans: Path | None = None
    verbose: int = 0


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """A model to train. `graph` is the one that it is of, where preprocessing layers have learned something before the
    training; it is kept in every checkpoint. None: the run's own."""

    model: "keras.Model"
    graph: Graph | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a training ended, and what the next one of the run begins with.

    `asked_to_stop` says that somebody wants the run to end, also where this training was at its end anyway. `epochs`
    is how many there were to be at last.
    """

    history: "keras.callbacks.History"
    outcome: Outcome
    rest: Beginning
    epochs: int
    asked_to_stop: bool = False


def train_model(
    built: BuiltModel,
    data: FedData,
    config: RunConfig,
    around: Surroundings,
    *,
    beginning: Beginning = FIRST,
    state: TrainingState | None = None,
    file: Path | None = None,
) -> Ended:
    """Compiles the model and trains it. The run's final status is the caller's to report.

    `state` and `file` are those of the checkpoint that training goes on from; `beginning` is then what that says.

    Raises:
        ConfigError: the config does not fit the model or the data.
    """
    model = built.model
    compile_model(model, config.compile)
    count_samples(data, config.fit)
    report, directory = around.report, around.directory
    config = _settle_class_weight(config, data, report)
    report.class_weights = name_class_weights(config, data)
    directory.mkdir(parents=True, exist_ok=True)
    make_folders(config.callbacks, directory, report.fold)
    history = keras.callbacks.History()
    every = [*make_callbacks(config.callbacks, directory, report.fold), *around.callbacks, history]
    if config.plan == "fit" and state is None:
        with _guard(model, data, config):
            return _run_fit(model, data, config, around, every, history, beginning, built.graph)
    prepared = prepare_texts(model, data, config.fit)
    report.prepared = prepared.reason
    session = Session(
        model, prepared.data, config, directory, report,
        callbacks=every, commands=around.commands, verbose=around.verbose, beginning=beginning, state=state, file=file,
        plans=around.plans, graph=built.graph,
    )  # fmt: skip
    if file is not None and state is not None:
        carry_files(every, file, directory, state.position.epoch)
        if state.position.data != session.data_fingerprint:
            report.log("The data is not what it was when the run began; it goes on with what there is now.", "warning")
    session.report_setup()
    with _guard(model, data, config), begin_behind_texts(prepared.part):
        outcome = session.run()
    return Ended(history, outcome, session.rest, session.epochs, session.was_asked_to_stop)


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
    around: Surroundings,
    callbacks: "list[keras.callbacks.Callback]",
    history: "keras.callbacks.History",
    beginning: Beginning,
    graph: Graph | None,
) -> Ended:
    fit, report = config.fit, around.report
    keeper = CheckpointKeeper(around.directory, report, config.checkpoints, fold=report.fold, graph=graph)

    def refuse_epochs(epochs: int) -> None:
        report.log(f"Keras's own loop ends after {fit.epochs} epochs; {epochs} were asked for.", "warning")

    def make_controls(control: FitControl) -> Controls:
        return Controls(
            around.commands, report, model,
            position=lambda: control.position, save=control.save, set_epochs=refuse_epochs,
            done=beginning.commands_done,
        )  # fmt: skip

    control = FitControl(report, keeper, make_controls, beginning.step)
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
    try:
        with KerasFeed(data, fit) as feed:
            plan = {"mode": "fit", "steps_per_chunk": 1, "data": "stream", "pinned": True, "data_reason": feed.reason}
            report.plan(plan)
            stopped = run_keras_fit(model, feed, fit, marks.callbacks, control, steps, around.verbose)
    except LeaveTraining:
        return Ended(history, "left", beginning, fit.epochs)
    if control.buffer.step > beginning.step:
        control.save("end")
    fold = None if beginning.fold is None else beginning.fold.end(history)
    rest = replace(beginning, step=control.buffer.step, commands_done=control.controls.done, fold=fold)
    return Ended(history, "stopped" if stopped else "finished", rest, fit.epochs)


def _guard(model: "keras.Model", data: FedData, config: RunConfig) -> AbstractContextManager[None]:
    batch_size = min(config.fit.batch_size, data.samples)
    return guard_memory(model, batch_size, [array.shape[1:] for array in data.inputs])
