"""Whether the loss of each output fits the output and its target, with ways to mend it where it does not."""

from collections.abc import Sequence

import numpy as np

from engine.data.source import Array
from engine.training.compile_settings import Losses
from engine.training.fitting_outputs import check_output
from engine.training.keras_objects import SHORTHANDS
from engine.training.loss_nature import find_loss_nature
from engine.training.recipes import list_recipes, propose_for_loss
from engine.training.situation import FedSituation
from engine.training.targets import measure_widths
from engine.training.trial import TrialError

PREDICTIONS = 2
"""How many different predictions a loss gets, to see whether they make a difference."""


def check_losses(situation: FedSituation, losses: Losses) -> None:
    """Tries the loss of each output on its target; findings are at the setting and at the output's node."""
    for index, end in enumerate(situation.outputs):
        path, loss = _select_loss(losses, index, end.name)
        if loss is None:
            continue
        compares_numbers = _compares_one_by_one(situation, index, loss)
        if fault := _find_fault(situation, index, loss, compares_numbers=compares_numbers):
            target = situation.data.targets[index]
            shapes = (
                f"output {end.name!r} has shape {_show(end.shape)},"
                f" target {situation.data.target_names[index]!r} has {_show((None, *target.shape[1:]))}"
            )
            situation.findings.error(
                "loss_does_not_fit",
                path,
                f"The loss {name_loss(loss)} does not fit: {fault} ({shapes}).",
                _advise(situation, index),
                node=end.node,
                propose=lambda index=index: propose_for_loss(situation, index),  # type: ignore[misc]
            )
        else:
            check_output(situation, index, path, loss, compares_numbers=compares_numbers)


def name_loss(loss: object) -> str:
    """A made loss as a person would call it."""
    if isinstance(loss, str):
        return loss
    return str(getattr(loss, "__name__", type(loss).__name__))


def _find_fault(situation: FedSituation, index: int, loss: object, *, compares_numbers: bool) -> str | None:
    """What is wrong, None where the loss fits."""
    trial, end = situation.trial, situation.outputs[index]
    if not np.issubdtype(trial.y_pred[index].dtype, np.floating):
        return f"the output holds {end.dtype}, which has no gradient; expected a layer of floats, such as Dense"
    kind = situation.kinds[index]
    if kind.nature == "labels" and kind.low < 0 and find_loss_nature(loss).from_logits is not None:
        return f"labels count from 0, and the least one is {kind.low:g}"
    try:
        trial.try_loss(loss, index)
    except TrialError as error:
        return str(error).rstrip(".")
    widths = measure_widths(trial.y_true[index]), measure_widths(trial.y_pred[index])
    if widths[0] != widths[1] and compares_numbers:
        return "it compares numbers one by one, so target and output need the same shape"
    if _wants_probabilities(loss, trial.y_pred[index]) and (kind.low < 0 or kind.high > 1):
        return f"it takes targets from 0 to 1, and these go from {kind.low:g} to {kind.high:g}"
    if not _is_constant(situation, index) and not _learns(situation, index, loss):
        return "it is the same whatever the output says, so that nothing can be learned from it"
    return None


def _is_constant(situation: FedSituation, index: int) -> bool:
    held = situation.outputs[index].range
    return held is not None and held.is_constant


def _learns(situation: FedSituation, index: int, loss: object) -> bool:
    """Whether the loss changes at all with what is predicted."""
    predicted = situation.trial.y_pred[index]
    random = np.random.default_rng(0)
    held = situation.outputs[index].range
    values = []
    for _ in range(PREDICTIONS):
        one = random.uniform(0.1, 0.9, predicted.shape).astype(predicted.dtype)
        if held is not None and held.shares:
            one = one / one.sum(axis=-1, keepdims=True)
        try:
            values.append(situation.trial.measure_loss(loss, index, one))
        except TrialError:
            return True
    return not all(np.isfinite(values)) or max(values) - min(values) > 1e-7 * max(1.0, abs(values[0]))


def _compares_one_by_one(situation: FedSituation, index: int, loss: object) -> bool:
    """Such a loss takes a target of the output's own shape; any other shape would only be stretched to fit."""
    if isinstance(loss, str) and loss in SHORTHANDS["losses"]:
        # Keras chooses another loss for another shape.
        return False
    try:
        situation.trial.try_loss(loss, index, same_shape=True)
    except TrialError:
        return False
    return True


def _select_loss(loss: Losses, index: int, name: str) -> tuple[str, object]:
    """An output's loss and the setting that it comes from. What is not there was complained of before."""
    if isinstance(loss, dict):
        return f"compile.loss.{name}", loss.get(name)
    if isinstance(loss, list):
        return f"compile.loss.{index}", loss[index] if index < len(loss) else None
    return "compile.loss", loss


def _advise(situation: FedSituation, index: int) -> str:
    """What is usual for such a target."""
    kind, end = situation.kinds[index], situation.outputs[index]
    target = situation.data.targets[index]
    if kind.nature == "numbers" and target.ndim > 2:
        shape = _show((None, *target.shape[1:]))
        return f"Give {end.name!r} the shape {shape}, for example with a Reshape, and take mean_squared_error."
    usual = [
        f"{recipe.loss} with {recipe.width} unit{'s' if recipe.width > 1 else ''} ({recipe.activation})"
        for recipe in list_recipes(kind)
    ]
    return f"The target of {end.name!r} holds {kind.describe()}: usual is {', or '.join(usual)}."


def _wants_probabilities(loss: object, predicted: Array) -> bool:
    name = name_loss(loss).lower().replace("_", "")
    if name in SHORTHANDS["losses"]:
        return bool(predicted.shape[-1] == 1)
    return name == "bce" or ("crossentropy" in name and "sparse" not in name)


def _show(shape: Sequence[int | None]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
