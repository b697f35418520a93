"""A quick look at some texts: how they are encoded, how long they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.layout import Layout
from engine.data.library.folders.members import Container
from engine.data.library.texts.options import TextOptions
from engine.data.library.texts.reading import UTF_8, Read, TextReader
from engine.data.library.texts.summaries import is_empty
from engine.errors import IssuesError
from engine.graph.issues import Issue

T = TypeVar("T")

LOOKED_AT = 200
MAX_BYTES = 16 * 1024**2
"""What is read in all, about."""

ROWS = 20
SHOWN_CHARACTERS = 300


@dataclass(slots=True)
class Found:
    """The texts that were looked at, with what was wrong with others, and how those are read that are not UTF-8."""

    texts: list[Read] = field(default_factory=list)
    faults: list[IssuesError] = field(default_factory=list)
    other_encoding: str | None = None


def look_around(container: Container, layout: Layout, options: TextOptions) -> Found:
    """Looks at texts from the first to the last class."""
    reader, found, size = TextReader(container, options), Found(), 0
    for sample in _spread([sample for samples in layout.parts.values() for sample in samples], LOOKED_AT):
        if size > MAX_BYTES:
            break
        read = reader.read(sample)
        if read.text is not None:
            size += len(read.text)
            found.texts.append(read)
        elif read.fault is not None:
            found.faults.append(read.fault)
    found.other_encoding = reader.other_encoding
    return found


def make_rows(found: Found, class_names: Sequence[str]) -> list[dict[str, JsonValue]]:
    """Some texts as people read them."""
    return [
        {
            "file": read.sample.member.name,
            "text": _shorten(read.text or ""),
            "label": class_names[read.sample.label],
        }
        for read in _spread(found.texts, ROWS)
    ]


def describe_found(found: Found, options: TextOptions) -> list[Issue]:
    """What a person should know: files that are no texts, empty ones, and how others are read."""
    issues = [
        issue.model_copy(update={"severity": "error" if options.broken == "refuse" else "warning"})
        for fault in found.faults
        for issue in fault.issues
    ]
    if empty := [read.sample.member.name for read in found.texts if is_empty(read.text or "")]:
        issues.append(warn("empty_texts", f"Files without text are left out: {show_some(empty)}."))
    if options.encoding is None and (
        others := [read.sample.member.name for read in found.texts if read.encoding != UTF_8]
    ):
        encodings = sorted({read.encoding for read in found.texts} - {UTF_8})
        text = f"Files that are not UTF-8 are read as {', '.join(encodings)}: {show_some(others)}."
        issues.append(warn("other_encoding", text, "Say another encoding where letters look wrong."))
    return issues


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _spread(items: Sequence[T], count: int) -> list[T]:
    """Some of the items, from the first to the last."""
    if len(items) <= count:
        return list(items)
    return [items[number * (len(items) - 1) // (count - 1)] for number in range(count)]
