"""What a kind of data can do: look at files quickly, and prepare them as arrays on disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.manifest import Definition, FieldSummary, Inspection, Kind, PreparedArray
from engine.data.schema import Task
from engine.graph.issues import Issue

Progress = Callable[[float], None]
"""Is told which share of the work is done, from 0 to 1. Raises where the work is not wanted any more."""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file on this machine, by the name that its sender gave it."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was written into an `ArrayFolder`, and what is known of it now that all of it was read."""

    task: Task
    samples: int
    fields: list[FieldSummary]
    inputs: list[PreparedArray]
    targets: list[PreparedArray]
    test_samples: int = 0
    notes: list[Issue] = field(default_factory=list)


class DataKind(Protocol):
    """A kind of data. Whatever is wrong with a file is an `IssuesError` whose issues say which file, row and column."""

    @property
    def name(self) -> Kind: ...

    def takes(self, files: Sequence[GivenFile]) -> bool:
        """Whether these files are of this kind, by their first bytes; names are only hints."""

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        """Looks at the beginning of the files (seconds, at most some ten MB of memory).

        What the definition leaves open is found out. Raises `IssuesError`.
        """

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        """Reads everything, in pieces, and writes the arrays. Raises `IssuesError`."""
