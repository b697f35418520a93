"""What a model could be taught with a table: the target it likely has, and the columns to tell it by."""

import itertools
import re
import unicodedata
from collections.abc import Sequence

from engine.data.library.manifest import ArrayPlan
from engine.data.library.table.guessing import Guess
from engine.data.library.table.limits import PROPOSED_ONE_HOT
from engine.data.library.table.problems import describe
from engine.data.library.table.sample import Sample
from engine.graph.issues import Issue

FEATURES = "features"
TARGET_NAMES = {"target", "label", "class", "y", "output", "outcome"}
ARRAY_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
FEW_LABELS = 20
MAX_RAW = 100
"""Arrays that are proposed of raw columns: each is an input of the model."""

LONGEST_NAME = 100
ROWS_PER_LABEL = 5


def propose_target(sample: Sample) -> Guess | None:
    """The column that is named as one, or else the last."""
    usable = [guess for guess in sample.guesses if guess.choice.type not in {"skip", "text", "date"}]
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


def propose_inputs(sample: Sample, target: str | None, target_name: str) -> tuple[list[ArrayPlan], list[Issue]]:
    """One array of all other columns that can be numbers, one of each raw one, and which are rather left out.

    `target` is the target's column, None where it may be an input too; `target_name` is the name of its array.
    """
    fields: list[str] = []
    raw: list[str] = []
    notes: list[Issue] = []
    for guess in sample.guesses:
        name = guess.column.name
        # In a series the date only says what the order says already.
        if name == target or guess.choice.type == "skip" or (guess.choice.type == "date" and target is None):
            continue
        if guess.choice.encode == "one_hot" and len(guess.summary.classes) > PROPOSED_ONE_HOT:
            notes.append(_note_left_out(name, f"has more than {PROPOSED_ONE_HOT} different values"))
        else:
            (raw if guess.choice.is_raw else fields).append(name)
    first = sample.guesses[0]
    notes += [
        _note_left_out(found.pop(0), "only counts the rows")
        for found in (fields, raw)
        if len(fields) + len(raw) > 1 and found[:1] == [first.column.name] and _counts_rows(first, sample)
    ]
    plans = [ArrayPlan(name=FEATURES, fields=fields)] if fields else []
    for name in raw[:MAX_RAW]:
        plans.append(ArrayPlan(name=name_input(name, [target_name, *(plan.name for plan in plans)]), fields=[name]))
    if len(raw) > MAX_RAW:
        notes.append(
            _note_left_out(raw[MAX_RAW], f"and {len(raw) - MAX_RAW - 1:,} others are more arrays than are proposed")
        )
    return plans, notes


def name_target(column: str) -> str:
    """The column's name, where an array may be named so."""
    return column if ARRAY_NAME.fullmatch(column) and column != FEATURES else "target"


def name_input(column: str, taken: Sequence[str]) -> str:
    """A name for the array of a raw column, as near to the column's as arrays may be named, and of its own."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", column) if not unicodedata.combining(one))
    wish = re.sub(r"[^A-Za-z0-9_.-]+", "_", plain).strip("_") or "column"
    wish = (wish if wish[0].isalpha() else f"column_{wish}")[: LONGEST_NAME - 5]
    names = (wish if number == 1 else f"{wish}_{number}" for number in itertools.count(1))
    return next(name for name in names if name not in taken)


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
