"""Writes all texts and labels as arrays."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np

from engine.data.library.array_folder import TRAINING, ArrayFolder, GrowingArray
from engine.data.library.folders.contents import TEXTS
from engine.data.library.folders.faults import show_some, warn
from engine.data.library.folders.intake import Intake
from engine.data.library.folders.labels import LABEL
from engine.data.library.folders.layout import Layout, Part, Sample
from engine.data.library.folders.members import Container
from engine.data.library.folders.parts import order_samples
from engine.data.library.folders.plans import describe_labels, find_task
from engine.data.library.folders.telling import tell_now_and_then
from engine.data.library.kinds import Prepared, Progress
from engine.data.library.manifest import ArrayPlan, PreparedArray
from engine.data.library.text_arrays import TEXT as STRING
from engine.data.library.text_arrays import GrowingTexts
from engine.data.library.texts.options import TextOptions
from engine.data.library.texts.reading import UTF_8, Read, TextReader
from engine.data.library.texts.summaries import TextLengths, is_empty
from engine.graph.issues import Issue

Growing = list[GrowingArray | GrowingTexts]


class TextPreparation:
    """Reads every text once, in the order in which it is written.

    The training part is shuffled, with a seed. Texts of a validation folder come last in it, so that Keras's
    `validation_split` takes just them, or go to the test part.
    """

    def __init__(self, layout: Layout, options: TextOptions, inputs: Sequence[ArrayPlan], targets: Sequence[ArrayPlan]):
        self._layout = layout
        self._options = options
        self._inputs, self._targets = inputs, targets
        self._lengths = TextLengths()
        self._intake = Intake(
            layout, TEXTS, options.validation_folder, refuses=options.broken == "refuse", lack="has a text"
        )
        self._empty: list[str] = []
        self._others: list[str] = []

    def run(self, container: Container, arrays: ArrayFolder, progress: Progress) -> Prepared:
        """Writes the arrays. Raises `IssuesError` for files that are no texts, and what `progress` raises."""
        order = order_samples(self._layout, self._options.validation_folder, self._options.seed)
        reader = TextReader(container, self._options)
        with ExitStack() as stack:
            growing = {
                place: self._grow(stack, arrays, place) for place in dict.fromkeys(place for _, place, _ in order)
            }
            for number, (part, place, sample) in enumerate(order):
                self._take(reader.read(sample), growing[place], part, place)
                tell_now_and_then(progress, number + 1, len(order))
            self._intake.refuse_faults()
        return self._describe()

    def _grow(self, stack: ExitStack, arrays: ArrayFolder, place: str) -> Growing:
        growing: Growing = []
        for plan in (*self._inputs, *self._targets):
            if plan.fields == [LABEL]:
                growing.append(stack.enter_context(arrays.grow(plan.name, (), "int32", place)))
            else:
                growing.append(stack.enter_context(arrays.grow_texts(plan.name, place)))
        return growing

    def _take(self, read: Read, growing: Growing, part: Part, place: str) -> None:
        if read.text is None:
            self._intake.note_fault(read.fault)
        elif is_empty(read.text):
            self._empty.append(read.sample.member.name)
        elif not self._intake.is_refused:
            if read.encoding != UTF_8:
                self._others.append(read.sample.member.name)
            self._intake.note_sample(read.sample, read.digest, part, place)
            self._write(growing, read.sample, read.text, place)

    def _write(self, growing: Growing, sample: Sample, text: str, place: str) -> None:
        for array in growing:
            if isinstance(array, GrowingTexts):
                array.append([text])
            else:
                array.append(np.array([sample.label], "int32"))
        if place == TRAINING:
            self._lengths.add(text)

    def _describe(self) -> Prepared:
        names, taken = self._layout.class_names, self._intake
        return Prepared(
            task=find_task(self._targets, len(names)),
            samples=taken.samples,
            test_samples=taken.test_samples,
            fields=[self._lengths.summarize(taken.faults + len(self._empty)), taken.summarize_labels()],
            inputs=[_describe_array(plan, names) for plan in self._inputs],
            targets=[_describe_array(plan, names) for plan in self._targets],
            notes=list(self._describe_notes()),
        )

    def _describe_notes(self) -> Iterator[Issue]:
        yield from self._intake.describe_notes()
        if self._empty:
            yield warn(
                "empty_texts", f"{len(self._empty):,} files without text were left out: {show_some(self._empty)}."
            )
        if self._others and self._options.encoding is None:
            names = show_some(self._others)
            text = f"{len(self._others):,} files are not UTF-8 and were read in another encoding: {names}."
            yield warn("other_encoding", text, "Say another encoding where letters look wrong.")


def _describe_array(plan: ArrayPlan, class_names: Sequence[str]) -> PreparedArray:
    if plan.fields == [LABEL]:
        return describe_labels(plan, class_names)
    return PreparedArray(name=plan.name, shape=[], dtype=STRING)
