"""Whether windows of a series that train a model share steps of time with those that validate it."""

from collections.abc import Iterator

from pydantic import JsonValue

from engine.graph.issues import Change, Fix
from engine.training.changes import point
from engine.training.run_data import load_training_dataset
from engine.training.situation import FedSituation
from engine.training.split_settings import KFoldSplit, StoredSplit, TimeSplit


def check_windows(situation: FedSituation) -> None:
    """Warns where they do. A split by time leaves out the windows that lie across its border."""
    config = situation.config
    if not config.data.steps or situation.data.validation is not None:
        return
    overlap = load_training_dataset(config.data).overlap
    split = config.data.split
    if not overlap or isinstance(split, TimeSplit | StoredSplit):
        return
    if isinstance(split, KFoldSplit) and split.variant == "time":
        return
    if split is not None:
        message = (
            f"Each window of the series shares steps with the {overlap:,} windows after it, and this split takes"
            " windows by chance: a model that only remembers looks good in validation."
        )
        place = "data.split"
    elif config.fit.validation_split:
        message = (
            f"The last {overlap:,} of the windows that train the model reach into the part of the series that validates"
            " it."
        )
        place = "fit.validation_split"
    else:
        return
    hint = "Divide by time (data.split of kind time), which leaves those windows out."
    situation.findings.warn("windows_overlap", place, message, hint, propose=lambda: _propose(situation))


def _propose(situation: FedSituation) -> Iterator[Fix]:
    split, fit = situation.config.data.split, situation.config.fit
    if isinstance(split, KFoldSplit):
        value: dict[str, JsonValue] = {"kind": "k_fold", "variant": "time", "folds": split.folds}
        label = "Make the folds by time"
    else:
        share = fit.validation_split if split is None else getattr(split, "validation", fit.validation_split)
        value = {"kind": "time", "validation": round(share, 6)}
        label = "Divide by time instead"
    changes = [Change(op="add", path=point("training", "data", "split"), value=value)]
    if fit.validation_split:
        changes.append(Change(op="add", path=point("training", "fit", "validation_split"), value=0.0))
    yield Fix(label=label, changes=changes)
