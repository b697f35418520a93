"""Some of the copies that were found, as a person sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from pydantic import JsonValue

from engine.data.duplicate_results import CopyExample, SamplePlace
from engine.data.source import Array
from engine.data.words import Words

MAX_EXAMPLES = 12
MAX_PLACES = 5
MAX_VALUES = 500_000
"""So many numbers all examples have at most: of large images there are fewer."""

DIGITS = 6
MAX_CHARACTERS = 2_000
"""What is shown of a text."""


@dataclass(frozen=True)
class Part:
    """Samples that belong together: inputs and targets by name, with the samples along axis 0."""

    name: str
    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]

    @property
    def samples(self) -> int:
        return len(next(iter(self.inputs.values())))


@dataclass(frozen=True)
class Kin:
    """Samples with one digest: `count` of them, some by part and number.

    `names` are what the parts of the places are called; None: by their own names.
    """

    count: int
    places: Sequence[tuple[Part, int]]
    names: Sequence[str] | None = None


def show_kin(found: Sequence[Kin], words: Words | None = None) -> list[CopyExample]:
    """As many as may be shown. `words` are those of arrays of word numbers."""
    shown: list[CopyExample] = []
    values = 0
    for kin in found[:MAX_EXAMPLES]:
        part, _ = kin.places[0]
        values += sum(prod(array.shape[1:]) for array in part.inputs.values())
        if shown and values > MAX_VALUES:
            break
        shown.append(_show(kin, words))
    return shown


def _show(kin: Kin, words: Words | None) -> CopyExample:
    part, row = kin.places[0]
    names = kin.names or [one.name for one, _ in kin.places]
    return CopyExample(
        count=kin.count,
        places=[SamplePlace(part=name, row=number) for name, (_, number) in zip(names, kin.places, strict=True)],
        inputs={name: _to_plain(array[row]) for name, array in part.inputs.items()},
        targets=[{name: _to_plain(array[number]) for name, array in one.targets.items()} for one, number in kin.places],
        texts={} if words is None else {name: words.write(part.inputs[name][row]) or "" for name in words.arrays},
    )


def _to_plain(value: Array | str) -> JsonValue:
    if isinstance(value, str):
        return value[:MAX_CHARACTERS]
    plain: JsonValue = (value.round(DIGITS) if value.dtype.kind == "f" else value).tolist()
    return plain
