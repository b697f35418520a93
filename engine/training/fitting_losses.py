"""Whether a loss fits an output and its target, and what to do where it does not."""

from collections.abc import Sequence

import numpy as np

from engine.data.source import Array
from engine.graph.issues import Issue
from engine.training.compile_settings import Losses
from engine.training.keras_objects import SHORTHANDS
from engine.training.trial import OutputEnd, Trial, TrialError


def check_losses(
    trial: Trial, outputs: Sequence[OutputEnd], targets: Sequence[Array], target_names: Sequence[str], loss: Losses
) -> list[Issue]:
    """Tries the loss of each output on its target; one issue for each that does not fit, at the output's node."""
    issues = []
    for index, (end, target, name) in enumerate(zip(outputs, targets, target_names, strict=True)):
        path, one = _select_loss(loss, index, end.name)
        if one is None:
            continue
        if fault := _find_fault(trial, index, end, target, one):
            message, hint = fault
            wanted = _show((None, *target.shape[1:]))
            shapes = f"output {end.name!r} has shape {_show(end.shape)}, target {name!r} has {wanted}"
            issues.append(
                Issue(
                    code="loss_does_not_fit",
                    message=f"The loss {_name_loss(one)} does not fit: {message} ({shapes}).",
                    node=end.node,
                    argument=path,
                    hint=hint,
                )
            )
    return issues


def _find_fault(trial: Trial, index: int, end: OutputEnd, target: Array, loss: object) -> tuple[str, str | None] | None:
    """What is wrong and what to do, None where the loss fits."""
    if not np.issubdtype(trial.y_pred[index].dtype, np.floating):
        return (
            f"the output holds {end.dtype}, which has no gradient",
            "Let the output be a layer of floats, such as Dense.",
        )
    try:
        trial.try_loss(loss, index)
    except TrialError as error:
        return str(error).rstrip("."), _suggest(end, target)
    if _widths(trial.y_true[index]) != _widths(trial.y_pred[index]) and _compares_one_by_one(trial, index, loss):
        return "it compares numbers one by one, so target and output need the same shape", _suggest(end, target)
    if _wants_probabilities(loss, trial.y_pred[index]) and (target.min() < 0 or target.max() > 1):
        found = f"{target.min():g} to {target.max():g}"
        return f"it takes targets from 0 to 1, and these go from {found}", _suggest(end, target)
    return None


def _compares_one_by_one(trial: Trial, index: int, loss: object) -> bool:
    """Such a loss takes a target of the output's own shape; any other shape would only be stretched to fit."""
    if loss in SHORTHANDS["losses"]:
        # Keras chooses another loss for another shape.
        return False
    try:
        trial.try_loss(loss, index, same_shape=True)
    except TrialError:
        return False
    return True


def _select_loss(loss: Losses, index: int, name: str) -> tuple[str, object]:
    """An output's loss and the setting that it comes from. What is not there is for Keras to complain of."""
    if isinstance(loss, dict):
        return f"compile.loss.{name}", loss.get(name)
    if isinstance(loss, list):
        return f"compile.loss.{index}", loss[index] if index < len(loss) else None
    return "compile.loss", loss


def _suggest(end: OutputEnd, target: Array) -> str | None:
    last = end.shape[-1] if len(end.shape) > 1 else None
    if target.dtype.kind not in "iub" or not _is_single(target):
        width = _show((None, *target.shape[1:])) if not _is_single(target) else "(None, 1)"
        return f"Give the output the shape {width}, and take a loss such as 'mean_squared_error'."
    classes = int(target.max()) + 1
    if last == 1 and classes <= 2:
        return "For a single output unit (sigmoid) take 'binary_crossentropy'."
    if last is not None and last >= classes:
        return "The target holds labels: take 'sparse_categorical_crossentropy'."
    units = f"The labels go up to {classes - 1}: give the output {classes} units (softmax)"
    return f"{units}, and take 'sparse_categorical_crossentropy'."


def _wants_probabilities(loss: object, predicted: Array) -> bool:
    name = _name_loss(loss).lower().replace("_", "")
    if name in SHORTHANDS["losses"]:
        return bool(predicted.shape[-1] == 1)
    return name == "bce" or ("crossentropy" in name and "sparse" not in name)


def _name_loss(loss: object) -> str:
    if isinstance(loss, str):
        return loss
    return str(getattr(loss, "__name__", type(loss).__name__))


def _is_single(target: Array) -> bool:
    return _widths(target) == ()


def _widths(array: Array) -> tuple[int, ...]:
    """The shape of one sample, without the last dimensions of 1: Keras itself adds and drops those."""
    shape = list(array.shape[1:])
    while shape and shape[-1] == 1:
        shape.pop()
    return tuple(shape)


def _show(shape: Sequence[int | None]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
