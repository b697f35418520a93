"""Which arrays the definition asks for: each is made of the files or of the labels."""

from collections.abc import Sequence

from engine.data.library.folders.labels import LABEL
from engine.data.library.manifest import ArrayPlan, Definition, PreparedArray
from engine.data.schema import Task
from engine.errors import IssuesError
from engine.graph.issues import Issue


def settle_plans(definition: Definition | None, sample: str) -> tuple[list[ArrayPlan], list[ArrayPlan]]:
    """Inputs and targets: those that were given, else the `sample` (an image, a text) is the input, its label the
    target.

    Raises:
        IssuesError: an array is not made of exactly one field that there is (`unknown_field`).
    """
    if definition is None or not (definition.inputs or definition.targets):
        return [ArrayPlan(name=sample, fields=[sample])], [ArrayPlan(name=LABEL, fields=[LABEL])]
    for key, plans in (("inputs", definition.inputs), ("targets", definition.targets)):
        for number, plan in enumerate(plans):
            if len(plan.fields) != 1 or plan.fields[0] not in (sample, LABEL):
                message = (
                    f"The array {plan.name!r} is to be made of {', '.join(map(repr, plan.fields[:5]))}; expected one of"
                    f" {sample!r}, {LABEL!r}."
                )
                issue = Issue(code="unknown_field", message=message, argument=f"definition.{key}.{number}.fields")
                raise IssuesError("unknown_field", message, issues=[issue])
    return definition.inputs, definition.targets


def describe_labels(plan: ArrayPlan, class_names: Sequence[str]) -> PreparedArray:
    """An array of labels as it is on disk."""
    return PreparedArray(
        name=plan.name, shape=[], dtype="int32", classes=len(class_names), class_names=list(class_names)
    )


def find_task(targets: Sequence[ArrayPlan], classes: int) -> Task:
    """What is learned: classes where a target is the label, else the files themselves."""
    if not any(plan.fields == [LABEL] for plan in targets):
        return "regression"
    return "binary_classification" if classes == 2 else "classification"
