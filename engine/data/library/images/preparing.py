"""Writes all images and labels as arrays."""

from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from engine.data.library.array_folder import TRAINING, ArrayFolder, GrowingArray
from engine.data.library.folders.contents import IMAGES
from engine.data.library.folders.intake import Intake
from engine.data.library.folders.layout import Layout, Sample
from engine.data.library.folders.members import Container
from engine.data.library.folders.parts import order_samples
from engine.data.library.folders.plans import find_task
from engine.data.library.folders.telling import tell_now_and_then
from engine.data.library.images.decoding import Pixels, Wish
from engine.data.library.images.options import ImageOptions
from engine.data.library.images.plans import describe_arrays
from engine.data.library.images.reading import read_images
from engine.data.library.images.summaries import IMAGE, PixelCounts
from engine.data.library.kinds import Prepared, Progress
from engine.data.library.manifest import ArrayPlan


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
        self._pixels = PixelCounts()
        self._intake = Intake(
            layout, IMAGES, options.validation_folder, refuses=options.broken == "refuse", lack="can be read"
        )

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
                    self._intake.note_fault(read.fault)
                elif not self._intake.is_refused:
                    self._intake.note_sample(read.sample, read.digest, part, place)
                    self._write(growing[place], read.sample, read.pixels, place)
                tell_now_and_then(progress, number + 1, len(places))
            self._intake.refuse_faults()
        return self._describe()

    def _grow(self, stack: ExitStack, arrays: ArrayFolder, place: str) -> list[tuple[GrowingArray, bool]]:
        return [
            (stack.enter_context(arrays.grow(plan.name, self._shape, "uint8", place)), True)
            if plan.fields == [IMAGE]
            else (stack.enter_context(arrays.grow(plan.name, (), "int32", place)), False)
            for plan in (*self._inputs, *self._targets)
        ]

    def _write(self, growing: list[tuple[GrowingArray, bool]], sample: Sample, pixels: Pixels, place: str) -> None:
        for array, is_image in growing:
            array.append(pixels[None] if is_image else np.array([sample.label], "int32"))
        if place == TRAINING:
            self._pixels.add(pixels)

    def _describe(self) -> Prepared:
        names, taken = self._layout.class_names, self._intake
        return Prepared(
            task=find_task(self._targets, len(names)),
            samples=taken.samples,
            test_samples=taken.test_samples,
            fields=[self._pixels.summarize(self._shape), taken.summarize_labels()],
            inputs=describe_arrays(self._inputs, self._shape, names),
            targets=describe_arrays(self._targets, self._shape, names),
            notes=list(taken.describe_notes()),
        )
