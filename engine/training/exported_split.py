"""How a run divides its samples, as lines of Python that call scikit-learn as a person would."""

from collections.abc import Mapping

from engine.data.datasets import find_source
from engine.data.schema import ArraySpec, DatasetSummary
from engine.data.steps.names import follow_names
from engine.data.steps.windowing import read_windows
from engine.models.python_data import SplitCode
from engine.training.config import DataSettings
from engine.training.exported_stored_split import find_stored_split, write_check
from engine.training.split_settings import (
    ComputedSplit,
    GroupedSplit,
    HoldoutSplit,
    KFoldSplit,
    OneSplit,
    StoredSplit,
    StratifiedSplit,
    TimeSplit,
)
from engine.training.splits import widen_gap

NUMPY = "import numpy as np"
MATH = "import math"


def write_split(data: DataSettings, target: str) -> SplitCode:
    """Code that makes `training` and `validation`, or `folds`, of `arrays`. `target` is the first target's array.

    Raises:
        EngineError: the stored split is not there, or cannot be read.
    """
    settings = data.split
    if settings is None:
        raise ValueError("nothing is divided")
    summary = find_source(data.dataset).summarize()
    specs = {one.name: one for one in [*summary.inputs, *summary.targets]}
    if isinstance(settings, StoredSplit):
        # It was made of the data set itself, before any steps and whatever a model is trained to answer.
        info, digest = find_stored_split(data.dataset, settings.name)
        code = _Writer(summary.targets[0].name, specs).write(info.definition)
        return write_check(code, settings.name, digest)
    for step in data.steps:
        if step.function == "to_categorical":
            specs[step.result] = ArraySpec(name=step.result, shape=[None], dtype="float32")
    return _Writer(target, specs).write(widen_gap(settings, _count_overlap(data, summary)))


def _count_overlap(data: DataSettings, summary: DatasetSummary) -> int:
    """How many samples after a sample share steps of a series with it."""
    names = [one.name for one in summary.inputs], [one.name for one in summary.targets]
    overlap = 0
    for number, step in enumerate(data.steps):
        if step.function == "windows":
            _, targets = follow_names(*names, data.steps[:number])
            windows = read_windows(step, targets[0] if targets else None)
            overlap = (windows.last + overlap) // windows.sequence_stride
    return overlap


class _Writer:
    def __init__(self, target: str, specs: Mapping[str, ArraySpec]):
        self._target = target
        self._specs = specs
        self._samples = f"np.arange(len(arrays[{target!r}]))"

    def write(self, settings: ComputedSplit) -> SplitCode:
        match settings:
            case HoldoutSplit():
                extra = f"random_state={settings.seed}" if settings.shuffle else "shuffle=False"
                return self._hold_out(settings, extra)
            case StratifiedSplit():
                labels = f"labels = {self._labels(settings.by or self._target)}"
                return self._hold_out(settings, f"random_state={settings.seed}", labels)
            case GroupedSplit():
                return self._hold_out_groups(settings)
            case TimeSplit():
                return self._divide_by_time(settings)
            case KFoldSplit():
                return self._fold(settings)

    def _hold_out(self, settings: OneSplit, extra: str, labels: str | None = None) -> SplitCode:
        lines = [] if labels is None else [labels]
        stratify = "" if labels is None else ", stratify=labels"
        samples = self._samples
        held = str(settings.validation)
        if settings.test:
            lines.append(f"samples = {samples}")
            lines.append(f"held = math.ceil({settings.validation} * len(samples))")
            size = f"math.ceil({settings.test} * len(samples))"
            lines.append(f"samples, _ = train_test_split(samples, test_size={size}, {extra}{stratify})")
            samples, held, stratify = "samples", "held", stratify and ", stratify=labels[samples]"
        lines.append(f"training, validation = train_test_split({samples}, test_size={held}, {extra}{stratify})")
        lines.append("training, validation = np.sort(training), np.sort(validation)")
        return SplitCode(self._imports("train_test_split", counts=settings.test > 0), lines)

    def _hold_out_groups(self, settings: GroupedSplit) -> SplitCode:
        lines = [f"groups = {self._column(settings.by)}"]

        def split(size: object, groups: str) -> str:
            splitter = f"GroupShuffleSplit(1, test_size={size}, random_state={settings.seed})"
            return f"next({splitter}.split({groups}, groups={groups}))"

        if not settings.test:
            lines.append(f"training, validation = {split(settings.validation, 'groups')}")
        else:
            count = "len(np.unique(groups))"
            lines.append(f"held = math.ceil({settings.validation} * {count})")
            lines.append(f"samples, _ = {split(f'math.ceil({settings.test} * {count})', 'groups')}")
            lines.append(f"training, validation = {split('held', 'groups[samples]')}")
            lines.append("training, validation = samples[training], samples[validation]")
        return SplitCode(self._imports("GroupShuffleSplit", counts=settings.test > 0), lines)

    def _divide_by_time(self, settings: TimeSplit) -> SplitCode:
        lines = [f"order = {self._samples}"]
        if settings.by is not None:
            lines = [f"times = {self._column(settings.by)}", 'order = np.argsort(times, kind="stable")']
        lines.append("end = len(order)")
        border = f"end - math.ceil({settings.validation} * len(order))"
        if settings.test:
            lines.append(f"end = {self._border(settings, f'end - math.ceil({settings.test} * len(order))')}")
            border = f"end - math.ceil({settings.validation} * len(order))"
            if settings.gap:
                lines.append(f"end = end - {settings.gap}")
        lines.append(f"border = {self._border(settings, border)}")
        until = f"border - {settings.gap}" if settings.gap else "border"
        lines.append(f"training, validation = np.sort(order[:{until}]), np.sort(order[border:end])")
        return SplitCode((MATH, NUMPY), lines)

    @staticmethod
    def _border(settings: TimeSplit, place: str) -> str:
        """Samples of one time stay together."""
        return place if settings.by is None else f"np.searchsorted(times[order], times[order][{place}])"

    def _fold(self, settings: KFoldSplit) -> SplitCode:
        chance = f", shuffle=True, random_state={settings.seed}" if settings.shuffle else ""
        repeated = f"n_splits={settings.folds}, n_repeats={settings.repeats}, random_state={settings.seed}"
        match settings.variant:
            case "plain":
                name = "RepeatedKFold" if settings.repeats > 1 else "KFold"
                lines, given = [], self._samples
            case "stratified":
                name = "RepeatedStratifiedKFold" if settings.repeats > 1 else "StratifiedKFold"
                lines, given = [f"labels = {self._labels(settings.by or self._target)}"], "labels, labels"
            case "grouped":
                name = "GroupKFold"
                lines, given = [f"groups = {self._column(settings.by)}"], "groups, groups=groups"
            case "stratified_grouped":
                name = "StratifiedGroupKFold"
                lines = [f"groups = {self._column(settings.by)}", f"labels = {self._labels(self._target)}"]
                given = "labels, labels, groups"
            case "time":
                return self._fold_by_time(settings)
        if settings.repeats > 1 and not name.startswith("Repeated"):
            # scikit-learn has no class that repeats folds of groups: one source of chance makes each time another's.
            chances = f"{settings.folds}, shuffle=True, random_state=chance"
            lines.append(f"chance = np.random.RandomState({settings.seed})")
            lines.append(f"again = [{name}({chances}).split({given}) for _ in range({settings.repeats})]")
            lines.append("folds = [fold for folds in again for fold in folds]")
        else:
            arguments = repeated if settings.repeats > 1 else f"{settings.folds}{chance}"
            lines.append(f"folds = list({name}({arguments}).split({given}))")
        return SplitCode(self._imports(name), lines, is_folded=True)

    def _fold_by_time(self, settings: KFoldSplit) -> SplitCode:
        splitter = f"TimeSeriesSplit({settings.folds}" + (f", gap={settings.gap})" if settings.gap else ")")
        if settings.by is None:
            lines = [f"folds = list({splitter}.split({self._samples}))"]
        else:
            lines = [
                f'order = np.argsort({self._column(settings.by)}, kind="stable")',
                f"folds = [(np.sort(order[a]), np.sort(order[b])) for a, b in {splitter}.split(order)]",
            ]
        return SplitCode(self._imports("TimeSeriesSplit"), lines, is_folded=True)

    @staticmethod
    def _imports(name: str, *, counts: bool = False) -> tuple[str, ...]:
        return (*((MATH,) if counts else ()), NUMPY, f"from sklearn.model_selection import {name}")

    def _column(self, array: str | None) -> str:
        spec = self._specs.get(str(array))
        return f"arrays[{array!r}]" + ("" if spec is None or not spec.shape else ".ravel()")

    def _labels(self, array: str) -> str:
        spec = self._specs.get(array)
        if spec is None or not spec.shape or spec.shape[-1] == 1:
            return self._column(array)
        return f"arrays[{array!r}].argmax(axis=1)"
