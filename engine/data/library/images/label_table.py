"""Images whose classes are in a CSV file: which file, which label, and perhaps which part."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import cast

from engine.data.library.folders.contents import IMAGES
from engine.data.library.folders.faults import refuse, show, show_some, warn
from engine.data.library.folders.layout import PART_FOLDERS, Layout, Part, arrange, refuse_none
from engine.data.library.folders.members import Listing, Member, split_name
from engine.errors import IssuesError
from engine.graph.issues import Issue

TABLE_NAME = "labels.csv"
"""What such a file is called where nobody says."""

MAX_TABLE_BYTES = 32 * 1024**2
MAX_LABEL_LENGTH = 255
MAX_FAULTS = 20

FILE_COLUMNS = ("file", "filename", "file_name", "image", "path", "name", "id", "image_id")
LABEL_COLUMNS = ("label", "class", "category", "target", "labels")
PART_COLUMNS = ("part", "split", "subset", "set")
"""What columns are called, in any case; the first that is there counts."""


def find_table(listing: Listing) -> Member | None:
    """The `labels.csv` beside the images or in the one folder above them; None where there is none."""
    tables = [member for member in listing.members if member.path[-1].lower() == TABLE_NAME and len(member.path) <= 2]
    return min(tables, key=lambda member: len(member.path)) if tables else None


def read_layout(data: bytes, name: str, listing: Listing, container: str) -> Layout:
    """Sorts the images by the CSV file of this name. Raises `IssuesError` whose issues name the rows."""
    images = _Images([member for member in listing.members if IMAGES.includes(member.name)], PurePosixPath(name).parent)
    if not images.members:
        raise refuse_none(listing, container, IMAGES)
    found: dict[Member, tuple[Part, str]] = {}
    faults: list[Issue] = []
    for row, file, label, part in _read_rows(data, name):
        fault = images.explain_absence(file) or _find_fault(label, part) or None
        if fault is None:
            member = images.find(file)
            place = (PART_FOLDERS.get(part.lower(), "training"), label)
            if found.setdefault(member, place) != place:
                fault = f"the file {show(file)} was in an earlier row with {show(found[member][1])}; expected it once"
        if fault is not None:
            faults.append(
                Issue(
                    code="wrong_row", message=f"{show(name)}, row {row}: {fault}.", argument="definition.options.labels"
                )
            )
            if len(faults) == MAX_FAULTS:
                break
    if faults:
        raise IssuesError("wrong_row", faults[0].message, issues=faults)
    notes = [*listing.notes]
    if others := [member.name for member in images.members if member not in found]:
        notes.append(
            warn("without_label", f"Images that are not in {show(name)} were passed over: {show_some(others)}.")
        )
    places = ((part, label, member) for member, (part, label) in sorted(found.items(), key=lambda one: one[0].path))
    return arrange(places, container, notes, IMAGES)


class _Images:
    """Finds images by what people write into tables: a path from the table or the top, a name, also without its end."""

    def __init__(self, members: list[Member], folder: PurePosixPath):
        self.members = members
        self._by_path = {member.path: member for member in members}
        self._above = () if str(folder) == "." else folder.parts
        self._by_name: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            last = member.path[-1]
            for short in {last, PurePosixPath(last).stem}:
                self._by_name[short].append(member)

    def explain_absence(self, file: str) -> str | None:
        """Why no image, or not a single one, is meant by what stands in a table; None where one is."""
        count = len(self._candidates(file))
        if count == 1:
            return None
        if not count:
            return f"there is no image {show(file)}; expected the path of one, such as {show(self.members[0].name)}"
        return f"{count} images are named {show(file)}; expected a path that only one has"

    def find(self, file: str) -> Member:
        """The image that is meant, where `explain_absence` says None."""
        return self._candidates(file)[0]

    def _candidates(self, file: str) -> Sequence[Member]:
        try:
            path = split_name(file, "")
        except IssuesError:
            return ()
        for whole in ((*self._above, *path), path):
            if whole in self._by_path:
                return (self._by_path[whole],)
        return self._by_name.get(path[-1], ()) if len(path) == 1 else ()


def _find_fault(label: str, part: str) -> str | None:
    if not label:
        return "the label is empty; expected the name of a class"
    if len(label) > MAX_LABEL_LENGTH:
        return f"the label has {len(label):,} characters; expected at most {MAX_LABEL_LENGTH}"
    if part and part.lower() not in PART_FOLDERS:
        return f"the part is {show(part)}; expected train, validation or test"
    return None


def _read_rows(data: bytes, name: str) -> Iterator[tuple[int, str, str, str]]:
    """Row number (as in an editor), file, label and part of each row. Raises `IssuesError`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = data.count(b"\n", 0, error.start) + 1
        message = (
            f"{show(name)}, row {where}: byte {data[error.start]:#04x} is not UTF-8; expected a CSV file in UTF-8."
        )
        raise refuse("wrong_encoding", message, "Save it as CSV UTF-8.") from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    row = 1
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        columns = _find_columns(header, name)
        row = reader.line_num + 1
        for cells in reader:
            if any(cells):
                if len(cells) != len(header):
                    message = f"{show(name)}, row {row}: expected {len(header)} columns, received {len(cells)}."
                    raise refuse("ragged_row", message)
                file, label, part = ("" if column is None else cells[column].strip() for column in columns)
                yield row, file, label, part
            row = reader.line_num + 1
    except csv.Error as error:
        raise refuse("broken_csv", f"{show(name)}, row {row}: {error}.") from error


def _find_columns(header: list[str], name: str) -> tuple[int, int, int | None]:
    found = [
        next((header.index(known) for known in names if known in header), None)
        for names in (FILE_COLUMNS, LABEL_COLUMNS, PART_COLUMNS)
    ]
    for what, column in zip(("file", "label"), found, strict=False):
        if column is None:
            raise refuse(
                "missing_column",
                f"{show(name)} has no column {what!r}; received {show_some(header, 10) or 'no columns'}.",
                "The first row names the columns: file and label, and part where some are for test or validation.",
            )
    return cast("tuple[int, int, int | None]", tuple(found))
