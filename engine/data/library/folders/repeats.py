"""Notices files that are there more than once: the worst are those of a test that were trained on."""

from dataclasses import dataclass, field

from engine.data.library.folders.contents import Contents
from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.layout import Part, Sample
from engine.graph.issues import Issue


@dataclass(slots=True)
class Repeats:
    """Remembers 16 bytes per file; samples are the same where their bytes are."""

    contents: Contents
    _seen: dict[bytes, tuple[Part, Sample]] = field(default_factory=dict)
    _leaks: list[str] = field(default_factory=list)
    _contradictions: list[str] = field(default_factory=list)
    _twice: list[str] = field(default_factory=list)

    def add(self, part: Part, sample: Sample, digest: bytes) -> None:
        """Compares a file with all before it."""
        first_part, first = self._seen.setdefault(digest, (part, sample))
        if first is sample:
            return
        name = f"{sample.member.name} = {first.member.name}"
        if first.label != sample.label:
            self._contradictions.append(name)
        elif first_part != part:
            self._leaks.append(name)
        else:
            self._twice.append(name)

    def describe(self) -> list[Issue]:
        """What was noticed."""
        found, plural = [], self.contents.plural
        if self._contradictions:
            text = f"The same {self.contents.noun} is in several classes: {show_some(self._contradictions)}."
            found.append(warn("contradicting_labels", text, "Keep the one whose class is right."))
        if self._leaks:
            text = f"{plural.capitalize()} are in several of training, validation and test: {show_some(self._leaks)}."
            found.append(
                warn("leak_between_parts", text, "Remove them from one: a model is not tested by what it has seen.")
            )
        if self._twice:
            found.append(
                warn(f"repeated_{plural}", f"{plural.capitalize()} are there more than once: {show_some(self._twice)}.")
            )
        return found
