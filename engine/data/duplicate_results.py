"""What looking for copies finds. Imports nothing heavy: the server keeps and serves it."""

from datetime import datetime

from pydantic import BaseModel, JsonValue


class SamplePlace(BaseModel):
    """A sample by its part of the data set (`training`, `test`) and its number in it, from 0."""

    part: str
    row: int


class CopyExample(BaseModel):
    """Samples whose inputs are equal byte for byte: `count` of them, the first few at `places`.

    `inputs` are those of the first one, as nested lists, `texts` what they say where they are word numbers, `targets`
    those of each place.
    """

    count: int
    places: list[SamplePlace]
    inputs: dict[str, JsonValue]
    targets: list[dict[str, JsonValue]]
    texts: dict[str, str] = {}


class PartCopies(BaseModel):
    """Copies inside a part: `copies` counts the samples that are equal to an earlier one.

    `contradictions` counts those of them that have another target than the first of their kind.
    """

    part: str
    samples: int
    copies: int
    contradictions: int
    examples: list[CopyExample]


class Leak(BaseModel):
    """Samples of `part` that are also in `source`: `leaked` of its `samples`, some with another target there."""

    part: str
    source: str
    samples: int
    leaked: int
    contradictions: int
    examples: list[CopyExample]


class DuplicateReport(BaseModel):
    """Exact copies in a data set, in its parts and from one part to another. What only looks alike is not found.

    `split` is how its samples were divided, as in a run's config; None: not at all.
    """

    dataset: str
    arguments: dict[str, JsonValue] = {}
    split: dict[str, JsonValue] | None = None
    looked_at: datetime
    parts: list[PartCopies]
    leaks: list[Leak]
