"""Exact copies among the samples of a data set, and samples of one part that are also in another.

Copies in the training part make a model learn them more; samples of the training part among those it is validated or
tested with make it look better than it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.duplicate_examples import MAX_EXAMPLES, MAX_PLACES, Kin, Part, show_kin
from engine.data.duplicate_results import Leak, PartCopies
from engine.data.sample_digests import Digests, digest_samples
from engine.data.words import Words

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DigestedPart:
    """A part with a digest of the inputs and one of the targets of each sample: 16 bytes."""

    part: Part
    inputs: Digests
    targets: Digests


@dataclass(frozen=True)
class Side:
    """Some samples of a part, by their numbers in it, under a name of their own."""

    name: str
    of: DigestedPart
    rows: Rows

    @classmethod
    def whole(cls, digested: DigestedPart) -> "Side":
        """All samples of a part."""
        return cls(digested.part.name, digested, np.arange(digested.part.samples))


def digest_part(part: Part, tell: Callable[[int], None]) -> DigestedPart:
    """Reads all samples of a part once. `tell` hears of samples that were read."""
    inputs = digest_samples(list(part.inputs.values()), tell)
    return DigestedPart(part, inputs, digest_samples(list(part.targets.values()), lambda _: None))


def find_copies(digested: DigestedPart, words: Words | None = None) -> PartCopies:
    """How many samples are copies of an earlier one. Memory: some ten bytes more for each sample."""
    order = np.argsort(digested.inputs, kind="stable")
    in_order = digested.inputs[order]
    is_copy = np.concatenate([[False], in_order[1:] == in_order[:-1]])
    firsts = np.flatnonzero(~is_copy)
    places = np.flatnonzero(is_copy)
    # The copies of one sample follow it in this order, so that the last first one before a copy is its own.
    kin = np.searchsorted(firsts, places, side="right") - 1
    originals = order[firsts[kin]]
    contradicts = digested.targets[order[places]] != digested.targets[originals]
    examples = []
    for group in _choose(kin, originals, contradicts):
        start = int(firsts[group])
        count = int(np.count_nonzero(kin == group)) + 1
        rows = order[start : start + min(count, MAX_PLACES)]
        examples.append(Kin(count, [(digested.part, int(row)) for row in rows]))
    return PartCopies(
        part=digested.part.name,
        samples=digested.part.samples,
        copies=len(places),
        contradictions=int(contradicts.sum()),
        examples=show_kin(examples, words),
    )


def find_leak(side: Side, source: Side, words: Words | None = None) -> Leak:
    """Which samples of a side are also on another one."""
    known = source.of.inputs[source.rows]
    order = np.argsort(known, kind="stable")
    known = known[order]
    asked = side.of.inputs[side.rows]
    places = np.minimum(np.searchsorted(known, asked), max(0, len(known) - 1))
    found = np.flatnonzero(known[places] == asked) if len(known) else np.empty(0, np.int64)
    leaked, originals = side.rows[found], source.rows[order[places[found]]]
    contradicts = side.of.targets[leaked] != source.of.targets[originals]
    chosen = np.lexsort((leaked, ~contradicts))[:MAX_EXAMPLES]
    examples = [
        Kin(2, [(side.of.part, int(leaked[one])), (source.of.part, int(originals[one]))], (side.name, source.name))
        for one in chosen
    ]
    return Leak(
        part=side.name,
        source=source.name,
        samples=len(side.rows),
        leaked=len(leaked),
        contradictions=int(contradicts.sum()),
        examples=show_kin(examples, words),
    )


def _choose(kin: Rows, originals: Rows, contradicts: Flags) -> list[int]:
    """Some groups of copies: those with different targets first, then by their first samples."""
    by_interest = np.lexsort((originals, ~contradicts))
    chosen: dict[int, None] = {}
    for one in by_interest:
        chosen[int(kin[one])] = None
        if len(chosen) == MAX_EXAMPLES:
            break
    return list(chosen)
