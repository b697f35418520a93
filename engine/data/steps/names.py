"""What becomes of the arrays' names, told without the arrays: for exported code and for texts."""

from collections.abc import Iterable, Sequence

from engine.data.steps.arguments import find_argument_faults
from engine.data.steps.entries import list_entries
from engine.data.steps.faults import PLACE, raise_at
from engine.data.steps.settings import DataStep
from engine.data.steps.windowing import name_results, read_windows

KEEP_WORDS = {"pad_sequences", "windows"}
"""After these, word numbers still stand for words."""


def follow_names(
    inputs: Sequence[str], targets: Sequence[str], steps: Sequence[DataStep]
) -> tuple[list[str], list[str]]:
    """The names of inputs and targets after the steps. Raises `ConfigError` where a step's arguments are none."""
    ins, outs = list(inputs), list(targets)
    for number, step in enumerate(steps):
        raise_at(f"{PLACE}.{number}", find_argument_faults(list_entries()[step.function], step.arguments))
        if step.function == "windows":
            ins, outs = name_results(read_windows(step, outs[0] if outs else None), step, ins, outs)
            continue
        names = ins if step.array in ins else outs
        if step.result not in names:
            names.append(step.result)
    return ins, outs


def follow_words(arrays: Iterable[str], steps: Sequence[DataStep]) -> set[str]:
    """The arrays that hold word numbers after the steps, of those that do before."""
    held = set(arrays)
    for step in steps:
        keeps = step.array in held and step.function in KEEP_WORDS
        if step.function == "windows" and step.result != step.array:
            held.discard(step.array)
        held.discard(step.result)
        held |= {step.result} if keeps else set()
    return held
