"""What was taken in of a folder's files while they were prepared, and what was wrong with the others."""

from collections.abc import Iterator

from engine.data.library.array_folder import TEST, TRAINING
from engine.data.library.folders.contents import Contents
from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.labels import summarize_labels
from engine.data.library.folders.layout import Layout, Part, Sample
from engine.data.library.folders.parts import ValidationFolder, note_validation
from engine.data.library.folders.repeats import Repeats
from engine.data.library.manifest import FieldSummary
from engine.errors import IssuesError
from engine.graph.issues import Issue

MAX_FAULTS = 20
"""As many files that cannot be read are named before the rest is not read any more."""


class Intake:
    """Counts samples by class and part. With `refuses` a single file that cannot be read spoils all.

    `lack` says what no training file of a class does where none of them could be taken: "has a text".
    """

    def __init__(
        self,
        layout: Layout,
        contents: Contents,
        validation_folder: ValidationFolder | None,
        *,
        refuses: bool,
        lack: str,
    ):
        self._layout = layout
        self._contents = contents
        self._validation_folder: ValidationFolder | None = validation_folder
        self._refuses = refuses
        self._lack = lack
        self._repeats = Repeats(contents)
        self._counts = [0] * len(layout.class_names)
        self._written = {TRAINING: 0, TEST: 0}
        self._validation = 0
        self._faults: list[IssuesError] = []

    @property
    def is_refused(self) -> bool:
        """Whether nothing more has to be written: all will be refused."""
        return self._refuses and bool(self._faults)

    @property
    def samples(self) -> int:
        """For training and validation."""
        return self._written[TRAINING]

    @property
    def test_samples(self) -> int:
        return self._written[TEST]

    @property
    def faults(self) -> int:
        """How many files could not be read."""
        return len(self._faults)

    def note_fault(self, fault: IssuesError | None) -> None:
        """A file cannot be read. Raises `IssuesError` where there are enough of them to say so."""
        if fault is not None:
            self._faults.append(fault)
        if self.is_refused and len(self._faults) == MAX_FAULTS:
            self.refuse_faults()

    def note_sample(self, sample: Sample, digest: bytes, part: Part, place: str) -> None:
        """A file of that part was written to that place on disk."""
        self._repeats.add(part, sample, digest)
        self._written[place] += 1
        if place == TRAINING:
            self._counts[sample.label] += 1
            self._validation += part == "validation"

    def refuse_faults(self) -> None:
        """Raises `IssuesError` for files that cannot be read, and where a class has no training sample."""
        if self.is_refused:
            first = self._faults[0]
            issues = [one for fault in self._faults for one in fault.issues]
            raise IssuesError(first.code, first.message, first.hint, issues)
        empty = [name for name, count in zip(self._layout.class_names, self._counts, strict=True) if not count]
        if empty:
            message = f"None of the training files of {show_some(empty)} {self._lack}; expected some of each class."
            raise IssuesError("empty_class", message, issues=[Issue(code="empty_class", message=message)])

    def summarize_labels(self) -> FieldSummary:
        """The field of the labels of the training samples."""
        return summarize_labels(self._layout.class_names, self._counts)

    def describe_notes(self) -> Iterator[Issue]:
        """What a person should know of the folder."""
        yield from self._layout.notes
        yield from note_validation(
            self._layout, self._validation_folder, self.samples, self._validation, self._contents
        )
        yield from self._repeats.describe()
        if self._faults:
            plural = self._contents.plural
            left_out = f"{len(self._faults):,} files that cannot be read as {plural} were left out."
            yield warn(f"skipped_{plural}", f"{left_out} The first: {self._faults[0].message}")
