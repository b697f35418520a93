"""Which loss and which output usually go with a target; what is offered from this is tried first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from engine.graph.issues import Fix
from engine.training.changes import Changes, change_loss, propose_activations, propose_widths
from engine.training.config import KerasObject, KerasReference
from engine.training.loss_nature import find_loss_class, find_loss_nature
from engine.training.situation import FedSituation
from engine.training.targets import TargetKind

MOST_WAYS = 2
"""How many ways to change one thing are tried."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A loss by name, how many units the output has for it, and their activation."""

    loss: str
    width: int
    activation: str


def list_recipes(kind: TargetKind) -> list[Recipe]:
    """What is usual for such a target, likeliest first."""
    match kind.nature:
        case "labels" if kind.width == 2:
            return [
                Recipe("binary_crossentropy", 1, "sigmoid"),
                Recipe("sparse_categorical_crossentropy", 2, "softmax"),
            ]
        case "labels":
            return [Recipe("sparse_categorical_crossentropy", kind.width, "softmax")]
        case "one_hot":
            return [Recipe("categorical_crossentropy", kind.width, "softmax")]
        case "yes_or_no":
            return [Recipe("binary_crossentropy", kind.width, "sigmoid")]
        case "numbers":
            return [Recipe("mean_squared_error", kind.width, "linear")]


def propose_for_loss(situation: FedSituation, index: int) -> Iterator[Fix]:
    """Ways to make loss, output and target fit: first one change alone, then output and loss together."""
    recipes = list_recipes(situation.kinds[index])
    # What leaves the output as it is drawn comes first.
    recipes.sort(key=lambda recipe: recipe.width != situation.outputs[index].shape[-1])
    for recipe in recipes:
        yield from _propose_losses(situation, index, recipe)
    for recipe in recipes:
        for label, changes in _propose_outputs(situation, index, recipe):
            yield Fix(label=label, changes=changes)
    for recipe in recipes:
        for label, changes in _propose_outputs(situation, index, recipe):
            loss = _change_loss(situation, index, recipe.loss)
            yield Fix(label=f"{label}, and take {recipe.loss}", changes=[*changes, *loss])


def propose_outputs(situation: FedSituation, index: int, activations: list[str]) -> Iterator[Fix]:
    """Other activations of an output."""
    for activation in activations:
        for label, changes in _propose_activations(situation, index, activation):
            yield Fix(label=label, changes=changes)


def _propose_activations(situation: FedSituation, index: int, activation: str) -> Iterator[tuple[str, Changes]]:
    node = situation.outputs[index].node
    if node is not None:
        yield from islice(propose_activations(situation.checker, situation.graph, node, activation), MOST_WAYS)


def propose_logits(situation: FedSituation, index: int, loss: object, *, value: bool) -> Iterator[Fix]:
    """The same loss with another `from_logits`."""
    nature = find_loss_nature(loss)
    if nature.class_name is None or nature.from_logits is None:
        return
    config = dict(_config_of(situation, index))
    config["from_logits"] = value
    reference = KerasObject(class_name=nature.class_name, config=config)
    yield Fix(
        label=f"Set from_logits of the loss to {value}",
        changes=change_loss(situation.config.compile.loss, situation.names, index, reference),
    )


def _config_of(situation: FedSituation, index: int) -> dict[str, object]:
    present = select_reference(situation, index)
    return dict(present.config) if isinstance(present, KerasObject) else {}


def select_reference(situation: FedSituation, index: int) -> KerasReference | None:
    """What the config says is the loss of an output."""
    loss = situation.config.compile.loss
    if isinstance(loss, dict):
        return loss.get(situation.names[index])
    if isinstance(loss, list):
        return loss[index] if index < len(loss) else None
    return loss


def _propose_losses(situation: FedSituation, index: int, recipe: Recipe) -> Iterator[Fix]:
    yield Fix(label=f"Take the loss {recipe.loss}", changes=_change_loss(situation, index, recipe.loss))
    loss_class = find_loss_class(recipe.loss)
    held = situation.outputs[index].range
    if loss_class is None or held is None or not held.is_unbounded:
        return
    if find_loss_nature(recipe.loss).from_logits is None:
        return
    reference = KerasObject(class_name=loss_class.__name__, config={"from_logits": True})
    yield Fix(
        label=f"Take the loss {recipe.loss} with from_logits",
        changes=change_loss(situation.config.compile.loss, situation.names, index, reference),
    )


def _change_loss(situation: FedSituation, index: int, loss: str) -> Changes:
    return change_loss(situation.config.compile.loss, situation.names, index, loss)


def _propose_outputs(situation: FedSituation, index: int, recipe: Recipe) -> Iterator[tuple[str, Changes]]:
    """The output as the recipe wants it: its width alone, and with the activation."""
    end = situation.outputs[index]
    if end.node is None or len(end.shape) < 2:
        return
    if end.shape[-1] == recipe.width:
        yield from _propose_activations(situation, index, recipe.activation)
        return
    units = f"Give {end.name!r} {recipe.width} unit{'s' if recipe.width > 1 else ''}"
    for width in islice(propose_widths(situation.checker, situation.graph, end.node, recipe.width), MOST_WAYS):
        yield units, width
        for _, activation in _propose_activations(situation, index, recipe.activation):
            yield f"{units} ({recipe.activation})", [*width, *activation]
