"""The kind `images`: a zip or folder with a folder for each class, or with a CSV file of labels."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.folders.containers import open_container
from engine.data.library.folders.contents import IMAGES, TABLES
from engine.data.library.folders.faults import refuse, show_some
from engine.data.library.folders.labels import summarize_labels
from engine.data.library.folders.layout import count_classes
from engine.data.library.folders.members import Container
from engine.data.library.folders.parts import note_validation
from engine.data.library.folders.plans import settle_plans
from engine.data.library.folders.zip_container import is_zip
from engine.data.library.images.arranging import Arrangement, UnfitLabelsError, arrange_images
from engine.data.library.images.decoding import Wish
from engine.data.library.images.looking import Found, describe_found, look_around, note_size, propose
from engine.data.library.images.options import ImageOptions, describe_options
from engine.data.library.images.preparing import ImagePreparation
from engine.data.library.images.showing import show_images
from engine.data.library.images.summaries import IMAGE
from engine.data.library.kinds import GivenFile, Prepared, Progress
from engine.data.library.manifest import Definition, FieldSummary, Inspection, Kind
from engine.data.library.option_reading import read_options
from engine.errors import IssuesError

TABLE_SUFFIX = ".csv"


@dataclass(frozen=True, slots=True)
class _Opened:
    """Images that were found."""

    container: Container
    arranged: Arrangement


class ImagesKind:
    """Images become an array `image` (uint8, height × width × channels) and an array `label` (int32)."""

    name: Kind = "images"

    def takes(self, files: Sequence[GivenFile]) -> bool:
        """One zip or folder with images, perhaps with a CSV file beside it."""
        others = [file for file in files if not _is_table(file)]
        return len(others) == 1 and len(files) <= 2 and _holds_images(others[0])

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        """Lists all files, reads the headers of some images, and shows some of those. Raises `IssuesError`.

        What is wrong with a table of labels is among the issues: another column, or no table, may be right.
        """
        try:
            with _open(files, definition) as opened:
                return self._inspect(opened, definition)
        except UnfitLabelsError as error:
            return Inspection(
                definition=Definition(kind=self.name, options=error.options.model_dump(mode="json")),
                choices=describe_options(error.columns),
                samples=None,
                fields=[],
                rows=[],
                issues=error.issues,
            )

    def _inspect(self, opened: _Opened, definition: Definition | None) -> Inspection:
        inputs, targets = settle_plans(definition, IMAGE)
        layout = opened.arranged.layout
        found, options = _look(opened)
        rows = show_images(opened.container, found, _make_wish(options), layout.class_names)
        training = count_classes(layout.parts["training"], len(layout.class_names))
        validation = count_classes(layout.parts["validation"], len(layout.class_names))
        counts = training
        if options.validation_folder == "end":
            counts = [one + other for one, other in zip(training, validation, strict=True)]
        notes = [
            *layout.notes,
            *note_validation(layout, options.validation_folder, sum(counts), sum(validation), IMAGES),
            *describe_found(found, options),
            *note_size(options, sum(map(len, layout.parts.values()))),
        ]
        return Inspection(
            definition=Definition(
                kind=self.name, options=options.model_dump(mode="json"), inputs=inputs, targets=targets
            ),
            choices=describe_options(opened.arranged.columns),
            samples=sum(counts),
            fields=[_summarize_looks(found, options), summarize_labels(layout.class_names, counts)],
            rows=rows,
            issues=notes,
        )

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        """Decodes every image to one size. Raises `IssuesError`."""
        with _open(files, definition) as opened:
            inputs, targets = settle_plans(definition, IMAGE)
            options = opened.arranged.options
            if options.image_size is None or options.color_mode is None or options.validation_folder is None:
                _, options = _look(opened)
            wish = _make_wish(options)
            return ImagePreparation(opened.arranged.layout, options, wish, inputs, targets).run(
                opened.container, arrays, progress
            )


@contextmanager
def _open(files: Sequence[GivenFile], definition: Definition | None) -> Iterator[_Opened]:
    options = read_options(ImageOptions, IMAGES.plural, definition.options if definition else {})
    tables = [file for file in files if _is_table(file)]
    others = [file for file in files if not _is_table(file)]
    if len(others) != 1 or len(tables) > 1:
        received = show_some([file.name for file in files]) or "nothing"
        message = f"Expected one zip or folder of images, perhaps with one CSV file of labels; received {received}."
        raise refuse("several_files", message, "Put all images into one zip.")
    with open_container(others[0]) as container:
        yield _Opened(container, arrange_images(container, tables[0] if tables else None, options))


def _look(opened: _Opened) -> tuple[Found, ImageOptions]:
    found = look_around(opened.container, opened.arranged.layout)
    if not found.looks and found.faults:
        first = found.faults[0]
        issues = [issue for fault in found.faults for issue in fault.issues]
        raise IssuesError(first.code, first.message, first.hint, issues)
    looks = [look for _, look in found.looks]
    return found, propose(opened.arranged.options, looks, has_test=bool(opened.arranged.layout.parts["test"]))


def _make_wish(options: ImageOptions) -> Wish:
    height, width = options.image_size or (1, 1)
    return Wish(height, width, options.color_mode or "rgb", options.resize, options.interpolation)


def _summarize_looks(found: Found, options: ImageOptions) -> FieldSummary:
    heights = {look.height for _, look in found.looks}
    widths = {look.width for _, look in found.looks}
    shape = [
        heights.pop() if len(heights) == 1 else None,
        widths.pop() if len(widths) == 1 else None,
        3 if options.color_mode == "rgb" else 1,
    ]
    return FieldSummary(name=IMAGE, kind="image", shape=shape, dtype="uint8", missing=len(found.faults))


def _is_table(file: GivenFile) -> bool:
    return PurePosixPath(file.name).suffix.lower() == TABLE_SUFFIX and not file.path.is_dir()


def _holds_images(file: GivenFile) -> bool:
    """Whether it is a folder or zip with images; also any other one, unless there are arrays or tables in it."""
    is_folder = file.path.is_dir()
    if not is_folder and not is_zip(file.path):
        return False
    is_named = is_folder or file.name.lower().endswith(".zip")
    try:
        with open_container(file) as container:
            names = [member.name for member in container.listing.members]
            has_others = any(name.lower().endswith(".npy") or TABLES.includes(name) for name in names)
            return any(map(IMAGES.includes, names)) or (is_named and not has_others)
    except IssuesError:
        return is_named


KIND = ImagesKind()
