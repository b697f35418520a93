"""Whether the settings of `compile` that are given per output name the model's outputs, all of them and no others."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from engine.graph.issues import Change, Fix
from engine.training.changes import point, write_reference
from engine.training.config import CompileSettings, KerasObject, KerasReference, MetricsPerOutput
from engine.training.findings import Findings
from engine.training.keras_objects import suggest_name

ROOT = ("training", "compile")

Suggest = Callable[[int], KerasReference | None]
"""The loss that is usual for an output, by its place; None where nothing is known of its target."""


def check_structure(settings: CompileSettings, names: Sequence[str], suggest: Suggest, findings: Findings) -> set[str]:
    """Which of `loss`, `loss_weights`, `metrics` and `weighted_metrics` cannot be told apart by output.

    Keras says little about these, and takes some in another order than they were meant.
    """
    structure = _Structure(settings, list(names), suggest, findings)
    structure.check_loss()
    structure.check_weights()
    structure.check_metrics("metrics", settings.metrics)
    structure.check_metrics("weighted_metrics", settings.weighted_metrics)
    return structure.broken


class _Structure:
    def __init__(self, settings: CompileSettings, names: list[str], suggest: Suggest, findings: Findings):
        self.settings = settings
        self.names = names
        self.suggest = suggest
        self.findings = findings
        self.broken: set[str] = set()

    def check_loss(self) -> None:
        loss = self.settings.loss
        if isinstance(loss, dict):
            self._check_names("loss", loss)
            for name in self.names:
                if name not in loss and "loss" not in self.broken:
                    self._miss_loss(name)
        elif isinstance(loss, list) and len(loss) != len(self.names):
            self._refuse(
                "loss",
                "wrong_number_of_losses",
                f"There are {len(loss)} losses for {len(self.names)} output(s) ({', '.join(self.names)}); expected one"
                " for each, in their order.",
                "Give every output one, or one loss for all.",
                self._propose_losses,
            )
        if isinstance(loss, dict | list) and "loss" not in self.broken:
            self._look_for_none(loss)

    def _look_for_none(self, loss: Mapping[str, KerasReference | None] | Sequence[KerasReference | None]) -> None:
        by_name = loss if isinstance(loss, Mapping) else dict(zip(self.names, loss, strict=True))
        without = [name for name, one in by_name.items() if one is None]
        if len(without) == len(by_name):
            self._refuse("loss", "no_loss", "No output has a loss, so there is nothing to minimise.", "Choose a loss.",
                         self._propose_losses)  # fmt: skip
            return
        for name in without:
            self.findings.warn(
                "output_without_loss",
                f"compile.loss.{name if isinstance(loss, Mapping) else self.names.index(name)}",
                f"The output {name!r} has no loss, so the layers that only it needs learn nothing.",
                "Choose a loss for it, or leave it so if that is meant.",
            )

    def _miss_loss(self, name: str) -> None:
        index = self.names.index(name)
        path = point(*ROOT, "loss", name)

        def propose() -> Iterator[Fix]:
            if (usual := self.suggest(index)) is not None:
                change = Change(op="add", path=path, value=write_reference(usual))
                yield Fix(label=f"Give {name!r} the loss {_name(usual)}", changes=[change])

        self._refuse(
            "loss",
            "missing_loss",
            f"The output {name!r} is missing among the losses; expected one for each of {', '.join(self.names)}.",
            "Add one, or null to train without it.",
            propose,
        )

    def check_weights(self) -> None:
        weights, loss = self.settings.loss_weights, self.settings.loss
        if weights is None:
            return
        if isinstance(weights, dict):
            self._check_names("loss_weights", weights)
        count = len(weights)
        numbers = weights.values() if isinstance(weights, dict) else weights
        if negative := [one for one in numbers if one < 0]:
            message = f"A loss weight is {negative[0]:g}: training would make that loss larger instead of smaller."
            self.findings.warn("negative_weight", "compile.loss_weights", message, "Take a weight of 0 or more.")
        if "loss_weights" in self.broken or "loss" in self.broken:
            return
        if count != len(self.names):
            what, hint = f"There are {count} loss weights for {len(self.names)} output(s)", "Give every output one."
        elif len(self.names) > 1 and not isinstance(loss, dict | list):
            what, hint = "Loss weights are for losses that are given per output; there is one for all", "Spread it."
        elif isinstance(loss, list) != isinstance(weights, list) and len(self.names) > 1:
            what, hint = "Losses and loss weights are not both lists, or both by name", "Write them alike."
        else:
            return
        self._refuse(
            "loss_weights",
            "invalid_loss_weights",
            f"{what} ({', '.join(self.names)}); expected one number for each loss.",
            hint,
            self._propose_weights,
        )

    def check_metrics(self, setting: str, metrics: MetricsPerOutput) -> None:
        if isinstance(metrics, dict):
            self._check_names(setting, metrics)
        elif metrics and len(self.names) > 1 and len(metrics) != len(self.names):
            self._refuse(
                setting,
                "metrics_not_per_output",
                f"The list of {setting} has {len(metrics)} entries for {len(self.names)} outputs"
                f" ({', '.join(self.names)}); expected one entry for each output, in their order, or names.",
                "Say by name which output each belongs to.",
                lambda: self._propose_spread(setting, metrics),
            )

    def _check_names(self, setting: str, value: Mapping[str, object]) -> None:
        for name in value:
            if name not in self.names:
                self._refuse(
                    setting,
                    "unknown_output",
                    f"The model has no output {name!r}; expected one of {', '.join(self.names)}.",
                    suggest_name(name, self.names),
                    lambda name=name: self._propose_renames(setting, name, value),  # type: ignore[misc]
                    f".{name}",
                )

    def _refuse(
        self,
        setting: str,
        code: str,
        message: str,
        hint: str | None,
        propose: Callable[[], Iterator[Fix]],
        below: str = "",
    ) -> None:
        self.broken.add(setting)
        self.findings.error(code, f"compile.{setting}{below}", message, hint, propose=propose)

    def _propose_renames(self, setting: str, name: str, value: Mapping[str, object]) -> Iterator[Fix]:
        remove = Change(op="remove", path=point(*ROOT, setting, name))
        held = _dump(value[name])
        for other in self.names:
            if other not in value:
                add = Change(op="add", path=point(*ROOT, setting, other), value=held)
                yield Fix(label=f"Rename {name!r} to {other!r}", changes=[remove, add])
        yield Fix(label=f"Take {name!r} out", changes=[remove])

    def _propose_losses(self) -> Iterator[Fix]:
        usual = {name: self.suggest(index) for index, name in enumerate(self.names)}
        if any(one is None for one in usual.values()):
            return
        value = {name: write_reference(one) for name, one in usual.items()}
        told = ", ".join(f"{name}: {_name(one)}" for name, one in usual.items() if one is not None)
        single = next(iter(value.values())) if len(self.names) == 1 else value
        yield Fix(label=f"Take {told}", changes=[Change(op="replace", path=point(*ROOT, "loss"), value=single)])

    def _propose_weights(self) -> Iterator[Fix]:
        weights, loss = self.settings.loss_weights, self.settings.loss
        changes = []
        if not isinstance(loss, dict):
            one_each = loss if isinstance(loss, list) else [loss] * len(self.names)
            value = {name: write_reference(one) for name, one in zip(self.names, one_each, strict=False)}
            changes.append(Change(op="replace", path=point(*ROOT, "loss"), value=value))
        given = weights if isinstance(weights, dict) else dict(zip(self.names, weights or [], strict=False))
        complete = {name: given.get(name, 1.0) for name in self.names}
        if len(self.names) > 1:
            add = Change(op="add", path=point(*ROOT, "loss_weights"), value=dict(complete))
            yield Fix(label="Give every output a loss and a weight by name", changes=[*changes, add])
        yield Fix(label="Leave the weights out", changes=[Change(op="add", path=point(*ROOT, "loss_weights"))])

    def _propose_spread(self, setting: str, metrics: Sequence[object]) -> Iterator[Fix]:
        for name in self.names:
            value = {name: _dump(list(metrics))}
            label = f"Watch them at {name!r}"
            yield Fix(label=label, changes=[Change(op="add", path=point(*ROOT, setting), value=value)])


def _name(reference: KerasReference) -> str:
    return reference.class_name if isinstance(reference, KerasObject) else reference


def _dump(value: object) -> JsonValue:
    """A part of the config as JSON has it."""
    plain: JsonValue = to_jsonable_python(value)
    return plain
