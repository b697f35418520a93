"""What a model could be taught with a table: the target it likely has, and the columns to tell it by."""

import re

from engine.data.library.manifest import ArrayPlan
from engine.data.library.table.limits import PROPOSED_ONE_HOT
from engine.data.library.table.options import ColumnChoice
from engine.data.library.table.problems import describe
from engine.data.library.table.sample import Guess, Sample
from engine.graph.issues import Issue

FEATURES = "features"
TARGET_NAMES = {"target", "label", "class", "y", "output", "outcome"}
ARRAY_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
FEW_LABELS = 20
ROWS_PER_LABEL = 5


def propose_target(sample: Sample) -> Guess | None:
    """The column that is named as one, or else the last."""
    usable = [guess for guess in sample.guesses if guess.choice.type != "skip"]
    named = [guess for guess in usable if guess.column.name.lower() in TARGET_NAMES]
    candidates = named or usable
    return candidates[-1] if candidates else None


def propose_labels(target: Guess, sample: Sample) -> bool:
    """Whether the target's numbers are more likely labels: few whole ones, each of them in many rows."""
    return (
        target.choice.type == "number"
        and target.whole
        and target.values is not None
        and 2 <= len(target.values) <= FEW_LABELS
        and len(target.values) * ROWS_PER_LABEL <= sample.looked_at
    )


def propose_inputs(sample: Sample, target: str) -> tuple[list[ArrayPlan], list[Issue]]:
    """One array of all other columns that can be numbers, and which of them are rather left out."""
    fields: list[str] = []
    notes: list[Issue] = []
    for guess in sample.guesses:
        name = guess.column.name
        if name == target or guess.choice.type == "skip":
            continue
        if guess.choice == ColumnChoice(type="category") and len(guess.summary.classes) > PROPOSED_ONE_HOT:
            notes.append(_note_left_out(name, f"has more than {PROPOSED_ONE_HOT} different values"))
        else:
            fields.append(name)
    first = sample.guesses[0]
    if len(fields) > 1 and fields[0] == first.column.name and _counts_rows(first, sample):
        notes.append(_note_left_out(fields.pop(0), "only counts the rows"))
    return ([ArrayPlan(name=FEATURES, fields=fields)] if fields else []), notes


def name_target(column: str) -> str:
    """The column's name, where an array may be named so."""
    return column if ARRAY_NAME.fullmatch(column) and column != FEATURES else "target"


def _counts_rows(guess: Guess, sample: Sample) -> bool:
    low, high = guess.summary.minimum, guess.summary.maximum
    return (
        guess.whole
        and sample.looked_at > FEW_LABELS
        and low in {0.0, 1.0}
        and high == low + sample.looked_at - 1
        and guess.summary.unique in {None, sample.looked_at}
    )


def _note_left_out(name: str, why: str) -> Issue:
    return describe(
        "column_not_proposed",
        f"column {name!r} {why}, so it is not among the proposed inputs",
        argument="inputs",
        severity="warning",
    )
