"""A K-fold run: one model for each fold, trained one after the other as runs of one model are.

Every fold begins like a run of its own: the same new weights, preprocessing fitted to its training samples, the
learning rate of the config, callbacks without a past. The plan that was found for the first one serves for all.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import keras

from engine.errors import EngineError
from engine.training.beginning import Beginning
from engine.training.callback_files import carry_files
from engine.training.checkpoint_files import read_state
from engine.training.commands import Command
from engine.training.config import RunConfig
from engine.training.feeding import FedData
from engine.training.fold_position import FoldPosition, join_histories, keep_history
from engine.training.one_model import BuiltModel, Ended, Surroundings, train_model
from engine.training.state import TrainingState, commands_after

MakeModel = Callable[[FedData, Path | None], BuiltModel]
"""Builds a fold's model: for these data, or as it was in a checkpoint."""


def is_folded(data: FedData) -> bool:
    """Whether there is more than one model to train."""
    return len(data.splits) > 1


def train_folds(
    make_model: MakeModel,
    data: FedData,
    config: RunConfig,
    around: Surroundings,
    *,
    resume: Path | None = None,
    past_commands: Sequence[Command] = (),
) -> keras.callbacks.History:
    """Trains a model for each of the data's splits, and reports the run's final status.

    The History has every fold's metrics (`fold_1/loss`), their mean and their spread (`mean/loss`, `std/loss`).
    A command to stop ends the run, also where it takes effect at the end of a fold. `resume` and `past_commands` are as
    in `engine.training.loop.train`; the folds before that of the checkpoint are not trained again.

    Raises:
        EngineError: the checkpoint cannot be gone on from, or is of a run with other folds.
        ConfigError: the config does not fit the model or the data.
    """
    folds = len(data.splits)
    state = None if resume is None else read_state(resume)
    if state is None:
        beginning, position = Beginning(), FoldPosition(fold=1, folds=folds)
    else:
        beginning = Beginning.from_state(state, commands_after(past_commands, state.position))
        position = _find_position(state, folds)
        config = _set_epochs(config, state.position.epochs)
    if resume is not None and position.is_over:
        # The next fold begins anew, beside what the callbacks of those before it have written.
        carry_files([], resume, around.directory, 0)
        state = resume = None
    while not (position.is_over and position.fold == folds):
        if position.is_over:
            position = position.model_copy(update={"fold": position.fold + 1})
        ended = _train_fold(make_model, data, config, around, replace(beginning, fold=position), state, resume)
        if ended.outcome == "left":
            return join_histories([*position.ended, keep_history(ended.history)])
        if ended.outcome == "stopped" or (ended.asked_to_stop and position.fold < folds):
            around.report.status("stopped")
            return join_histories([*position.ended, keep_history(ended.history)])
        position, beginning = position.end(ended.history), ended.rest
        config, state, resume = _set_epochs(config, ended.epochs), None, None
        # The model goes before the next one comes.
        del ended
        gc.collect()
    around.report.status("finished")
    return join_histories(position.ended)


def _train_fold(
    make_model: MakeModel,
    data: FedData,
    config: RunConfig,
    around: Surroundings,
    beginning: Beginning,
    state: TrainingState | None,
    file: Path | None,
) -> Ended:
    fold = 1 if beginning.fold is None else beginning.fold.fold
    around.report.fold, around.report.folds = fold, len(data.splits)
    part = data.of_fold(fold)
    # Every fold starts with the same numbers: `make_model` sets the seed.
    return train_model(
        make_model(part, file), part, config, around, beginning=beginning, state=state, file=file,
    )  # fmt: skip


def _find_position(state: TrainingState, folds: int) -> FoldPosition:
    position = state.position.fold
    if position is not None and position.folds == folds:
        return position
    raise EngineError(
        "unreadable_checkpoint",
        f"The checkpoint is of {'one model' if position is None else f'{position.folds} folds'}; expected one of"
        f" {folds} folds.",
        "Take a checkpoint of this run.",
    )


def _set_epochs(config: RunConfig, epochs: int) -> RunConfig:
    """A person may have changed how many there are to be."""
    return config.model_copy(update={"fit": config.fit.model_copy(update={"epochs": epochs})})
