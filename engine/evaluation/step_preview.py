"""The first samples of a data set before and after every one of its steps."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from pydantic import JsonValue

from engine.data.datasets import Dataset, find_source, load_dataset
from engine.data.source import Array
from engine.data.steps.apply import follow_steps, settle_steps
from engine.data.steps.names import follow_words
from engine.data.steps.settings import DataStep
from engine.data.steps.windowing import read_windows
from engine.data.words import Words
from engine.errors import ConfigError
from engine.evaluation.showing import measure_limits, show_array
from engine.evaluation.step_results import Part, SteppedArray, StepsPreview, StepStage
from engine.graph.issues import Issue
from engine.training.texts import holds_texts

LOOKED_AT = 2_000
"""So many samples tell the range and the mean of an array, fewer where they are large."""

LOOKED_AT_NUMBERS = 4_000_000
WHOLE_BYTES = 1 << 26
"""Steps are applied to all samples of arrays that take no more than this, otherwise to the first ones."""


def preview_steps(
    name: str, arguments: Mapping[str, JsonValue], steps: Sequence[DataStep], start: int, rows: int
) -> StepsPreview:
    """The samples from `start` on at every stage; the last ones where there are fewer.

    A step that cannot be applied ends the stages, and the issues say why.

    Raises:
        EngineError, ConfigError: as `load_dataset` does.
    """
    dataset = load_dataset(name, arguments)
    words = find_source(name).read_words(arguments)
    viewer = _Viewer(words, start, rows)
    stages = [viewer.describe(dataset, None, dataset.samples, ())]
    issues: list[Issue] = []
    samples: int | None = dataset.samples
    for number, step in enumerate(settle_steps(dataset, steps)):
        if _is_large(dataset, step) and dataset.samples > LOOKED_AT:
            dataset = _take_first(dataset, max(LOOKED_AT, start + rows))
            samples = samples if step.function != "windows" else None
        before = dataset
        try:
            # One by one, so that the stages before a fault are shown; its place has to be put right then.
            (dataset,) = follow_steps(dataset, [step])
        except ConfigError as error:
            issues = [_move(issue, number) for issue in error.issues]
            break
        if step.function == "windows":
            samples = dataset.samples if samples == before.samples else None
        stages.append(viewer.describe(dataset, before, samples, steps[: number + 1]))
    return StepsPreview(dataset=name, stages=stages, looked_at=LOOKED_AT, issues=issues)


def _is_large(dataset: Dataset, step: DataStep) -> bool:
    """Whether a step that makes new numbers has many to make. Windows are only another view of the same."""
    array = {**dataset.targets, **dataset.inputs}.get(step.array)
    if array is None or step.function == "windows":
        return False
    own = math.prod(array.shape[1:])
    widths = {
        "to_categorical": own * _read_size(step, "num_classes"),
        "multi_hot": _read_size(step, "num_tokens"),
        "pad_sequences": _read_size(step, "maxlen"),
        "normalize": own,
    }
    return int(len(array) * max(own, widths[step.function]) * array.dtype.itemsize) > WHOLE_BYTES


def _read_size(step: DataStep, argument: str) -> int:
    value = step.arguments.get(argument)
    return value if isinstance(value, int) else 1


def _take_first(dataset: Dataset, count: int) -> Dataset:
    inputs, targets = ({name: one[:count] for name, one in part.items()} for part in (dataset.inputs, dataset.targets))
    return replace(dataset, inputs=inputs, targets=targets)


def _move(issue: Issue, number: int) -> Issue:
    argument = (issue.argument or "").replace("data.steps.0", f"data.steps.{number}", 1)
    return issue.model_copy(update={"argument": argument})


class _Viewer:
    """Shows the same samples at every stage."""

    def __init__(self, words: Words | None, start: int, rows: int):
        self.words = words
        self.start = start
        self.rows = rows

    def describe(
        self, dataset: Dataset, before: Dataset | None, samples: int | None, steps: Sequence[DataStep]
    ) -> StepStage:
        """The stage after these steps, the last of which made the data set of the one before."""
        earlier = {} if before is None else {**before.targets, **before.inputs}
        texts = set() if self.words is None else follow_words(self.words.arrays, steps)
        classes = {spec.name: spec.classes for spec in dataset.target_specs}
        predicted = _find_predicted(before, steps[-1]) if before is not None and steps else None
        parts: list[tuple[Part, dict[str, Array]]] = [("input", dataset.inputs), ("target", dataset.targets)]
        arrays = [
            self._describe_array(name, array, part, classes.get(name), self.words if name in texts else None)
            for part, group in parts
            for name, array in group.items()
        ]
        changed = [
            one.name
            for one in arrays
            if before is not None and (one.name == predicted or not _is_same(earlier, dataset, one.name))
        ]
        return StepStage(
            function=steps[-1].function if steps else None, samples=samples, arrays=arrays, changed=changed
        )

    def _describe_array(
        self, name: str, array: Array, part: Part, classes: int | None, words: Words | None
    ) -> SteppedArray:
        some = array[: max(1, min(LOOKED_AT, LOOKED_AT_NUMBERS // max(1, math.prod(array.shape[1:]))))]
        first = max(0, min(self.start, len(array) - self.rows))
        limits = measure_limits([some])[0]
        described = SteppedArray(
            name=name,
            part=part,
            shape=list(array.shape[1:]),
            dtype="string" if holds_texts(array) else str(array.dtype),
            classes=classes,
            shown=[show_array(np.asarray(one), limits, words) for one in array[first : first + self.rows]],
        )
        if array.dtype.kind in "biuf" and (finite := some[np.isfinite(some)]).size:
            described.minimum, described.maximum = limits
            described.mean, described.std = float(finite.mean(dtype="float64")), float(finite.std(dtype="float64"))
        return described


def _find_predicted(before: Dataset, step: DataStep) -> str | None:
    """The array whose values are those of another time after the step."""
    if step.function != "windows":
        return None
    return read_windows(step, next(iter(before.targets), None)).targets


def _is_same(earlier: Mapping[str, Array], dataset: Dataset, name: str) -> bool:
    """Whether an array is what it was: other steps of time, in other words, are none."""
    known = earlier.get(name)
    now = dataset.inputs[name] if name in dataset.inputs else dataset.targets[name]
    if known is None or known is now:
        return known is now
    return len(known) != len(now) and known.shape[1:] == now.shape[1:] and known.dtype == now.dtype
