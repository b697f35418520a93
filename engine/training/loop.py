"""The training of one run, from graph and config to Keras's History. Works without the server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import keras

from engine.graph.document import Graph
from engine.layers.learned import has_unlearned
from engine.models.builder import build_model
from engine.training.beginning import FIRST, Beginning
from engine.training.checkpoint_files import read_state
from engine.training.checkpoint_graph import read_graph
from engine.training.commands import Command
from engine.training.config import RunConfig
from engine.training.control import CommandSource, NoCommands
from engine.training.feeding import FedData
from engine.training.folds import is_folded, train_folds
from engine.training.one_model import BuiltModel, Surroundings, train_model
from engine.training.reporting import Reporter
from engine.training.run_data import load_run_data
from engine.training.run_graph import learn_from_data, link_ends
from engine.training.starting_weights import load_starting_weights
from engine.training.state import commands_after

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

    Preprocessing layers that have learned nothing yet are fitted to the training samples first.

    Where `data.split` divides the samples into folds, a model is trained for each of them; the History has the metrics
    of all (`fold_1/loss`) with their mean and spread (`mean/loss`, `std/loss`).

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
        GraphError: the graph does not build, or a layer of it cannot be fitted to the data.
        IssuesError: the weights do not fit the model.
        ConfigError: the config does not fit the model or the data.
        EngineError: the data set cannot be had, or the checkpoint cannot be gone on from.
    """
    report = report or Reporter()
    report.status("running")
    around = Surroundings(Path(directory), report, commands, callbacks, plans, verbose)

    def make_model(data: FedData | None, file: Path | None) -> BuiltModel:
        if file is not None:
            trained = read_graph(file) or graph
        else:
            trained = graph if data is None else learn_from_data(graph, data, config, report, weights)
        # Whatever was computed before in this process, the model starts with the same numbers.
        keras.utils.set_random_seed(config.seed)
        model = build_model(trained, MODEL_NAME)
        if file is None:
            load_starting_weights(model, trained, weights, partial=config.partial_weights)
        return BuiltModel(model, None if trained is graph else trained)

    with _use_precision(config.precision):
        # A model is built to know its ends, and then trained; where it cannot be built yet they are known without.
        built = None if has_unlearned(graph) else make_model(None, resume)
        data = load_run_data(config.data, link_ends(graph) if built is None else built.model)
        if is_folded(data):
            return train_folds(make_model, data, config, around, resume=resume, past_commands=past_commands)
        return _train_one(built or make_model(data, resume), data, config, around, resume, past_commands)


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
) -> "keras.callbacks.History":
    """Compiles a built model and trains it on the data, as `train` does with the model of a graph.

    `callbacks` are Keras objects that are called besides those of the config. Of data for a K-fold run it trains the
    first fold.

    Raises:
        ConfigError: the config does not fit the model or the data.
    """
    around = Surroundings(directory, report, commands, callbacks, plans, verbose)
    return _train_one(BuiltModel(model), data, config, around, resume, past_commands)


def _train_one(
    built: BuiltModel,
    data: FedData,
    config: RunConfig,
    around: Surroundings,
    resume: Path | None,
    past_commands: Sequence[Command],
) -> "keras.callbacks.History":
    state = None if resume is None else read_state(resume)
    past = [] if state is None else commands_after(past_commands, state.position)
    beginning = FIRST if state is None else Beginning.from_state(state, past)
    ended = train_model(built, data, config, around, beginning=beginning, state=state, file=resume)
    if ended.outcome != "left":
        around.report.status(ended.outcome)
    return ended.history


@contextmanager
def _use_precision(precision: str) -> Iterator[None]:
    """Sets Keras's dtype policy, and puts the earlier one back."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
