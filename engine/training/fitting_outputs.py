"""Whether the numbers that an output can hold are those that its loss reads and its target has."""

from itertools import chain

from engine.training.loss_nature import LossNature, find_loss_nature
from engine.training.output_range import OutputRange
from engine.training.recipes import list_recipes, propose_for_loss, propose_logits, propose_outputs
from engine.training.situation import FedSituation


def check_output(situation: FedSituation, index: int, path: str, loss: object, *, compares_numbers: bool) -> None:
    """Compares the output's range with loss and target; `path` is the setting that the loss comes from."""
    held = situation.outputs[index].range
    if held is None:
        return
    nature = find_loss_nature(loss)
    if held.is_constant:
        _refuse_constant(situation, index, path, held)
    elif nature.from_logits is not None:
        _check_probabilities(situation, index, path, loss, nature, held)
    elif compares_numbers:
        _check_numbers(situation, index, path, held)


def _refuse_constant(situation: FedSituation, index: int, path: str, held: OutputRange) -> None:
    end = situation.outputs[index]
    situation.findings.error(
        "constant_output",
        path,
        f"The output {end.name!r} is {held.low:g} whatever comes in, so that nothing can be learned:"
        " a softmax shares 1 among its units, and a single unit gets all of it.",
        "End with a sigmoid, or give it one unit for each class.",
        node=end.node,
        propose=lambda: propose_for_loss(situation, index),
    )


def _check_probabilities(
    situation: FedSituation, index: int, path: str, loss: object, nature: LossNature, held: OutputRange
) -> None:
    end, kind = situation.outputs[index], situation.kinds[index]
    if nature.from_logits:
        if held.is_probability:
            situation.findings.warn(
                "probabilities_as_logits",
                path,
                f"The loss has from_logits=True and turns the output {end.name!r} into probabilities, but the output"
                f" holds probabilities already ({held.describe()}).",
                "Leave from_logits out, or let the output end without an activation.",
                node=end.node,
                propose=lambda: chain(
                    propose_logits(situation, index, loss, value=False), propose_outputs(situation, index, ["linear"])
                ),
            )
        return
    activations = ["softmax", "sigmoid"] if nature.apart is False else ["sigmoid", "softmax"]
    if not held.is_probability:
        situation.findings.warn(
            "logits_as_probabilities",
            path,
            f"The loss reads the output {end.name!r} as probabilities, but it can hold {held.describe()}.",
            f"Let it end with a {activations[0]}, or set from_logits of the loss to True.",
            node=end.node,
            propose=lambda: chain(
                propose_outputs(situation, index, activations),
                propose_logits(situation, index, loss, value=True) if held.is_unbounded else (),
            ),
        )
    elif kind.nature in ("one_hot", "labels") and held.shares and nature.apart:
        _warn_of_units(situation, index, path, "shares 1 among its units", "judges each unit on its own")
    elif kind.nature == "yes_or_no" and kind.width > 1 and nature.apart is False:
        _warn_of_units(
            situation, index, path, "is to say yes or no for several columns", "expects one class per sample"
        )
    elif end.shape[-1] != 1 and not held.shares and nature.apart is False:
        _warn_of_units(situation, index, path, "holds a number from 0 to 1 per unit", "expects shares that sum to 1")


def _warn_of_units(situation: FedSituation, index: int, path: str, output: str, loss: str) -> None:
    usual = list_recipes(situation.kinds[index])[0]
    situation.findings.warn(
        "units_do_not_fit_loss",
        path,
        f"The output {situation.outputs[index].name!r} {output}, while its loss {loss}.",
        f"Usual here is {usual.loss} with {usual.activation}.",
        node=situation.outputs[index].node,
        propose=lambda: propose_for_loss(situation, index),
    )


def _check_numbers(situation: FedSituation, index: int, path: str, held: OutputRange) -> None:
    end, kind = situation.outputs[index], situation.kinds[index]
    if (kind.nature == "labels" and end.shape[-1] == kind.width) or held.holds(kind.low, kind.high):
        return
    situation.findings.warn(
        "target_out_of_range",
        path,
        f"The output {end.name!r} can hold {held.describe()} only; its target goes from {kind.low:g} to {kind.high:g}.",
        "Let the output end without an activation (linear), or bring the target into that range.",
        node=end.node,
        propose=lambda: propose_outputs(situation, index, ["linear"]),
    )
