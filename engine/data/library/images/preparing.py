"""Writes all images and labels as arrays."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np

from engine.data.library.array_folder import TEST, TRAINING, ArrayFolder, GrowingArray
from engine.data.library.folders.contents import IMAGES
from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.labels import summarize_labels
from engine.data.library.folders.layout import Layout, Part, Sample
from engine.data.library.folders.members import Container
from engine.data.library.folders.parts import note_validation, order_samples
from engine.data.library.folders.plans import find_task
from engine.data.library.folders.repeats import Repeats
from engine.data.library.images.decoding import Pixels, Wish
from engine.data.library.images.options import ImageOptions
from engine.data.library.images.plans import describe_arrays
from engine.data.library.images.reading import read_images
from engine.data.library.images.summaries import IMAGE, PixelCounts
from engine.data.library.kinds import Prepared, Progress
from engine.data.library.manifest import ArrayPlan
from engine.errors import IssuesError
from engine.graph.issues import Issue

MAX_FAULTS = 20
"""As many broken images are named before the rest is not read any more."""

TELLINGS = 1_000
"""How often progress is told in all."""


class ImagePreparation:
    """Reads every image once, in the order in which it is written.

    The training part is shuffled, with a seed. Images of a validation folder come last in it, so that Keras's
    `validation_split` takes just them, or go to the test part.
    """

    def __init__(
        self,
        layout: Layout,
        options: ImageOptions,
        wish: Wish,
        inputs: Sequence[ArrayPlan],
        targets: Sequence[ArrayPlan],
    ):
        self._layout = layout
        self._options = options
        self._wish = wish
        self._inputs, self._targets = inputs, targets
        self._shape = (wish.height, wish.width, 3 if wish.color_mode == "rgb" else 1)
        self._repeats = Repeats(IMAGES)
        self._pixels = PixelCounts()
        self._counts = [0] * len(layout.class_names)
        self._written = {TRAINING: 0, TEST: 0}
        self._validation = 0
        self._faults: list[IssuesError] = []

    def run(self, container: Container, arrays: ArrayFolder, progress: Progress) -> Prepared:
        """Writes the arrays. Raises `IssuesError` for broken images, and what `progress` raises."""
        options = self._options
        places = order_samples(self._layout, options.validation_folder, options.seed)
        parts = {id(sample): (part, place) for part, place, sample in places}
        with ExitStack() as stack:
            growing = {
                place: self._grow(stack, arrays, place) for place in dict.fromkeys(place for _, place, _ in places)
            }
            for number, read in enumerate(read_images(container, [sample for _, _, sample in places], self._wish)):
                part, place = parts[id(read.sample)]
                if read.pixels is None:
                    self._take_fault(read.fault)
                elif not self._is_refused:
                    self._repeats.add(part, read.sample, read.digest)
                    self._write(growing[place], read.sample, read.pixels, part, place)
                if (number + 1) * TELLINGS // len(places) > number * TELLINGS // len(places):
                    progress((number + 1) / len(places))
            self._refuse_faults()
        return self._describe()

    @property
    def _is_refused(self) -> bool:
        return bool(self._faults) and self._options.broken == "refuse"

    def _grow(self, stack: ExitStack, arrays: ArrayFolder, place: str) -> list[tuple[GrowingArray, bool]]:
        return [
            (stack.enter_context(arrays.grow(plan.name, self._shape, "uint8", place)), True)
            if plan.fields == [IMAGE]
            else (stack.enter_context(arrays.grow(plan.name, (), "int32", place)), False)
            for plan in (*self._inputs, *self._targets)
        ]

    def _write(
        self, growing: list[tuple[GrowingArray, bool]], sample: Sample, pixels: Pixels, part: Part, place: str
    ) -> None:
        for array, is_image in growing:
            array.append(pixels[None] if is_image else np.array([sample.label], "int32"))
        self._written[place] += 1
        if place == TRAINING:
            self._pixels.add(pixels)
            self._counts[sample.label] += 1
            self._validation += part == "validation"

    def _take_fault(self, fault: IssuesError | None) -> None:
        if fault is not None:
            self._faults.append(fault)
        if self._is_refused and len(self._faults) == MAX_FAULTS:
            self._refuse_faults()

    def _refuse_faults(self) -> None:
        if self._is_refused:
            first = self._faults[0]
            raise IssuesError(
                first.code, first.message, first.hint, [one for fault in self._faults for one in fault.issues]
            )
        empty = [name for name, count in zip(self._layout.class_names, self._counts, strict=True) if not count]
        if empty:
            message = f"None of the training images of {show_some(empty)} can be read; expected some of each class."
            raise IssuesError("empty_class", message, issues=[Issue(code="empty_class", message=message)])

    def _describe(self) -> Prepared:
        names = self._layout.class_names
        return Prepared(
            task=find_task(self._targets, len(names)),
            samples=self._written[TRAINING],
            test_samples=self._written[TEST],
            fields=[self._pixels.summarize(self._shape), summarize_labels(names, self._counts)],
            inputs=describe_arrays(self._inputs, self._shape, names),
            targets=describe_arrays(self._targets, self._shape, names),
            notes=list(self._describe_notes()),
        )

    def _describe_notes(self) -> Iterator[Issue]:
        yield from self._layout.notes
        written, folder = self._written[TRAINING], self._options.validation_folder
        yield from note_validation(self._layout, folder, written, self._validation, IMAGES)
        yield from self._repeats.describe()
        if self._faults:
            first = self._faults[0].message
            yield warn("skipped_images", f"{len(self._faults):,} images were left out. The first: {first}")
