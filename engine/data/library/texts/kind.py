"""The kind `texts`: a zip or folder of .txt files with a folder for each class."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.folders.containers import open_container
from engine.data.library.folders.contents import IMAGES, TEXTS
from engine.data.library.folders.faults import refuse, show_some
from engine.data.library.folders.labels import LABEL, summarize_labels
from engine.data.library.folders.layout import Layout, count_classes, find_layout
from engine.data.library.folders.members import Container
from engine.data.library.folders.parts import note_validation
from engine.data.library.folders.plans import settle_plans
from engine.data.library.folders.zip_container import is_zip
from engine.data.library.kinds import DataKind, GivenFile, Prepared, Progress
from engine.data.library.manifest import ArrayPlan, Definition, Inspection, Kind
from engine.data.library.option_reading import read_options
from engine.data.library.texts.looking import Found, describe_found, look_around, make_rows
from engine.data.library.texts.options import TextOptions
from engine.data.library.texts.preparing import TextPreparation
from engine.data.library.texts.summaries import TEXT, TextLengths, is_empty
from engine.errors import IssuesError
from engine.graph.issues import Issue


class TextsKind:
    """Texts become an array `text` (strings) and an array `label` (int32)."""

    name: Kind = "texts"

    def takes(self, files: Sequence[GivenFile]) -> bool:
        """One zip or folder that has texts, in folders, and no images."""
        return len(files) == 1 and _holds_texts(files[0])

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        """Lists all files, and reads some texts. Raises `IssuesError`."""
        options = read_options(TextOptions, TEXTS.plural, definition.options if definition else {})
        inputs, targets = _settle_arrays(definition)
        with _open(files) as (container, layout):
            found = look_around(container, layout, options)
            options = _settle(options, layout, found)
            names = layout.class_names
            training, validation = (
                count_classes(layout.parts["training"], len(names)),
                count_classes(layout.parts["validation"], len(names)),
            )
            counts = training
            if options.validation_folder == "end":
                counts = [one + other for one, other in zip(training, validation, strict=True)]
            lengths = TextLengths()
            for read in found.texts:
                lengths.add(read.text or "")
            empty = sum(is_empty(read.text or "") for read in found.texts)
            return Inspection(
                definition=Definition(
                    kind=self.name, options=options.model_dump(mode="json"), inputs=inputs, targets=targets
                ),
                choices=TextOptions.model_json_schema(),
                samples=sum(counts),
                fields=[lengths.summarize(len(found.faults) + empty), summarize_labels(names, counts)],
                rows=make_rows(found, names),
                issues=[
                    *layout.notes,
                    *note_validation(layout, options.validation_folder, sum(counts), sum(validation), TEXTS),
                    *describe_found(found, options),
                ],
            )

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        """Reads every text. Raises `IssuesError`."""
        options = read_options(TextOptions, TEXTS.plural, definition.options)
        inputs, targets = _settle_arrays(definition)
        with _open(files) as (container, layout):
            options = _settle(options, layout, None)
            return TextPreparation(layout, options, inputs, targets).run(container, arrays, progress)


@contextmanager
def _open(files: Sequence[GivenFile]) -> Iterator[tuple[Container, Layout]]:
    if len(files) != 1:
        message = f"Expected one zip or folder of texts; received {show_some([file.name for file in files])}."
        raise refuse("several_files", message, "Put all texts into one zip.")
    with open_container(files[0]) as container:
        yield container, find_layout(container.listing, container.name, TEXTS)


def _settle_arrays(definition: Definition | None) -> tuple[list[ArrayPlan], list[ArrayPlan]]:
    """Inputs and targets. Raises `IssuesError` for a text that is to be told: layers tell numbers."""
    inputs, targets = settle_plans(definition, TEXT)
    for number, plan in enumerate(targets):
        if plan.fields == [TEXT]:
            message = f"The target {plan.name!r} is made of the texts; expected it to be made of {LABEL!r}."
            issue = Issue(code="text_as_target", message=message, argument=f"targets.{number}.fields")
            raise IssuesError(issue.code, message, issues=[issue])
    return inputs, targets


def _settle(options: TextOptions, layout: Layout, found: Found | None) -> TextOptions:
    """Every option that was left open, as far as it can be told."""
    settled: dict[str, str | None] = {}
    if options.validation_folder is None:
        settled["validation_folder"] = "end" if layout.parts["test"] else "test"
    if found is not None and options.encoding is None:
        settled["other_encoding"] = found.other_encoding
    return options.model_copy(update=settled)


def _holds_texts(file: GivenFile) -> bool:
    if not file.path.is_dir() and not is_zip(file.path):
        return False
    try:
        with open_container(file) as container:
            members = container.listing.members
    except IssuesError:
        return False
    return any(TEXTS.includes(one.name) and len(one.path) > 1 for one in members) and not any(
        IMAGES.includes(one.name) or one.name.lower().endswith(".npy") for one in members
    )


KIND: DataKind = TextsKind()
