"""Which image is of which class: by its folder, or by a table of labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.data.library.folders.contents import IMAGES
from engine.data.library.folders.faults import refuse, show
from engine.data.library.folders.layout import Layout, find_layout
from engine.data.library.folders.members import Container, Member, refuse_too_large
from engine.data.library.images.label_table import MAX_TABLE_BYTES, LabelTable, find_table
from engine.data.library.images.options import ImageOptions
from engine.data.library.kinds import GivenFile
from engine.errors import IssuesError


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The images by part and class; `options` say what that is from, `columns` are those of the table of labels.

    They are None without one.
    """

    layout: Layout
    options: ImageOptions
    columns: Sequence[str] | None = None


class UnfitLabelsError(IssuesError):
    """A table of labels does not fit the images. Other options may mend that: `columns` are those that it has."""

    def __init__(self, error: IssuesError, options: ImageOptions, columns: Sequence[str]):
        super().__init__(error.code, error.message, error.hint, error.issues)
        self.options = options
        self.columns = columns


def arrange_images(container: Container, table: GivenFile | None, options: ImageOptions) -> Arrangement:
    """The arrangement by this table, by one among the images, or by their folders.

    Raises:
        IssuesError: there are no classes. UnfitLabelsError: it is by a table, and that is wrong.
    """
    if table is not None:
        refuse_too_large(table.name, _measure(table), MAX_TABLE_BYTES)
        return _arrange_by_table(table, container, options)
    member = _find_table(container, options)
    if member is None:
        by_folders = options.model_copy(update={"labels": ""})
        return Arrangement(find_layout(container.listing, container.name, IMAGES), by_folders)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        path.write_bytes(container.read(member, MAX_TABLE_BYTES))
        return _arrange_by_table(GivenFile(member.name, path), container, options)


def _arrange_by_table(file: GivenFile, container: Container, options: ImageOptions) -> Arrangement:
    options = options.model_copy(update={"labels": file.name})
    columns: Sequence[str] = ()
    try:
        table = LabelTable(file, options.encoding)
        columns = table.columns
        options = table.choose_columns(options)
        return Arrangement(table.read_layout(options, container.listing, container.name), options, columns)
    except IssuesError as error:
        raise UnfitLabelsError(error, options, columns) from error


def _find_table(container: Container, options: ImageOptions) -> Member | None:
    if options.labels is None:
        return find_table(container.listing)
    named = {member.name: member for member in container.listing.members}
    if options.labels and options.labels not in named:
        raise refuse("missing_file", f"There is no file {show(options.labels)} in {show(container.name)}.")
    return named.get(options.labels)


def _measure(file: GivenFile) -> int:
    try:
        return file.path.stat().st_size
    except OSError as error:
        raise refuse("unreadable_file", f"The file {show(file.name)} cannot be read: {error.strerror}.") from error
