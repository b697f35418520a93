"""A quick look at some images: their sizes and colours, and what is proposed because of them."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.layout import Layout, Sample
from engine.data.library.folders.members import Container
from engine.data.library.images.decoding import Look, look_at
from engine.data.library.images.options import ImageOptions
from engine.errors import IssuesError
from engine.graph.issues import Issue

T = TypeVar("T")

LOOKED_AT = 60
MAX_BYTES = 128 * 1024**2
"""What is read in all; the files are read one after another."""

LARGE_BYTES = 10_000_000_000
"""Prepared images from this size on are worth a word."""

MAX_PROPOSED = 224
"""The side that many of Keras's applications were trained with."""


@dataclass(slots=True)
class Found:
    """The images that were looked at, with what was wrong with others."""

    looks: list[tuple[Sample, Look]]
    faults: list[IssuesError]


def look_around(container: Container, layout: Layout) -> Found:
    """Looks at images from the first to the last class."""
    everything = [sample for samples in layout.parts.values() for sample in samples]
    found = Found([], [])
    read = 0
    for sample in spread(everything, LOOKED_AT):
        if read > MAX_BYTES:
            break
        try:
            data = container.read(sample.member)
            read += len(data)
            found.looks.append((sample, look_at(data, sample.member.name)))
        except IssuesError as error:
            found.faults.append(error)
    return found


def propose(options: ImageOptions, looks: Sequence[Look], has_test: bool) -> ImageOptions:
    """Every option that was left open."""
    height = statistics.median_low([look.height for look in looks])
    width = statistics.median_low([look.width for look in looks])
    scale = min(1.0, MAX_PROPOSED / max(height, width))
    grey = all(look.is_grey for look in looks)
    proposed = {
        "image_size": (max(1, round(height * scale)), max(1, round(width * scale))),
        "color_mode": "grayscale" if grey else "rgb",
        "validation_folder": "end" if has_test else "test",
    }
    return options.model_copy(update={key: value for key, value in proposed.items() if getattr(options, key) is None})


def describe_found(found: Found, options: ImageOptions) -> list[Issue]:
    """What a person should know: images that cannot be read, and what is lost in others."""
    issues = [
        issue.model_copy(update={"severity": "error" if options.broken == "refuse" else "warning"})
        for fault in found.faults
        for issue in fault.issues
    ]
    if transparent := [sample.member.name for sample, look in found.looks if look.has_alpha]:
        text = f"Images are transparent in places; what is below comes out, as in Keras: {show_some(transparent)}."
        issues.append(warn("transparent_images", text))
    if animated := [sample.member.name for sample, look in found.looks if look.is_animated]:
        issues.append(warn("animated_images", f"Of animations the first image is taken: {show_some(animated)}."))
    return issues


def note_size(options: ImageOptions, samples: int) -> Iterator[Issue]:
    """Says how much room the prepared images need, where it is much."""
    height, width = options.image_size or (0, 0)
    size = samples * height * width * (3 if options.color_mode == "rgb" else 1)
    if size > LARGE_BYTES:
        text = f"{samples:,} images of {height} × {width} pixels will take {size / 1e9:,.0f} GB on the disk."
        yield warn("large_arrays", text, "A smaller image_size needs less.")


def spread(items: Sequence[T], count: int) -> list[T]:
    """Some of the items, from the first to the last."""
    if len(items) <= count:
        return list(items)
    return [items[number * (len(items) - 1) // (count - 1)] for number in range(count)]
