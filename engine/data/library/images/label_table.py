"""Images whose classes are in a CSV file: which file, which label, and perhaps which part."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import PurePosixPath

from engine.data.library.folders.contents import IMAGES
from engine.data.library.folders.faults import show, show_some, warn
from engine.data.library.folders.layout import PART_FOLDERS, Layout, Part, arrange, refuse_none
from engine.data.library.folders.members import Listing, Member, split_name
from engine.data.library.images.options import ImageOptions
from engine.data.library.kinds import GivenFile
from engine.data.library.table.csv_table import CsvTable
from engine.data.library.table.dialect import settle_text_options
from engine.data.library.table.options import TableOptions
from engine.data.library.table.problems import refuse
from engine.errors import IssuesError
from engine.graph.issues import Issue

TABLE_NAME = "labels.csv"
"""What such a file is called where nobody says."""

MAX_TABLE_BYTES = 32 * 1024**2
MAX_LABEL_LENGTH = 255
MAX_FAULTS = 20

USUAL_NAMES = {
    "file_column": ("file", "filename", "file_name", "image", "path", "name", "id", "image_id"),
    "label_column": ("label", "class", "category", "target", "labels"),
    "part_column": ("part", "split", "subset", "set"),
}
"""By the option that names a column: what it is usually called, in any case; the first that is there counts."""


def find_table(listing: Listing) -> Member | None:
    """The `labels.csv` beside the images or in the one folder above them; None where there is none."""
    tables = [member for member in listing.members if member.path[-1].lower() == TABLE_NAME and len(member.path) <= 2]
    return min(tables, key=lambda member: len(member.path)) if tables else None


class LabelTable:
    """A CSV file that says of which class each image is, whatever it is called and written in.

    Raises:
        IssuesError: the file is not a table.
    """

    def __init__(self, file: GivenFile, encoding: str | None):
        self.name = file.name
        settled = settle_text_options(file, TableOptions(header=True, encoding=encoding))
        self.encoding = settled.encoding
        self._table = CsvTable(file, settled)
        self.columns = [column.name for column in self._table.columns]

    def choose_columns(self, options: ImageOptions) -> ImageOptions:
        """The options with all that was found out, and the columns that count: the chosen, or those with a usual name.

        Raises:
            IssuesError: there is no such column (`missing_column`).
        """
        chosen = {option: self._choose_column(option, getattr(options, option)) for option in USUAL_NAMES}
        return options.model_copy(update={"labels": self.name, "encoding": self.encoding, **chosen})

    def read_layout(self, options: ImageOptions, listing: Listing, container: str) -> Layout:
        """Sorts the images by the columns of these options, which are settled.

        Raises:
            IssuesError: rows are wrong; the issues name them.
        """
        images = _Images(
            [member for member in listing.members if IMAGES.includes(member.name)], PurePosixPath(self.name).parent
        )
        if not images.members:
            raise refuse_none(listing, container, IMAGES)
        found: dict[Member, tuple[Part, str]] = {}
        faults: list[Issue] = []
        for row, file, label, part in self._read_rows(options):
            fault = images.explain_absence(file) or _find_fault(label, part) or None
            if fault is None:
                member = images.find(file)
                place = (PART_FOLDERS.get(part.lower(), "training"), label)
                if found.setdefault(member, place) != place:
                    fault = (
                        f"the file {show(file)} was in an earlier row with {show(found[member][1])}; expected it once"
                    )
            if fault is not None:
                message = f"{show(self.name)}, row {row:,}: {fault}."
                faults.append(Issue(code="wrong_row", message=message, argument="options.labels"))
                if len(faults) == MAX_FAULTS:
                    break
        if faults:
            raise IssuesError("wrong_row", faults[0].message, issues=faults)
        notes = [*listing.notes, *self._table.notes]
        if others := [member.name for member in images.members if member not in found]:
            notes.append(
                warn(
                    "without_label", f"Images that are not in {show(self.name)} were passed over: {show_some(others)}."
                )
            )
        places = ((part, label, member) for member, (part, label) in sorted(found.items(), key=lambda one: one[0].path))
        return arrange(places, container, notes, IMAGES)

    def _choose_column(self, option: str, wish: str | None) -> str | None:
        if wish is not None:
            found = wish if wish in self.columns else None
        else:
            lowered = {name.lower(): name for name in reversed(self.columns)}
            found = next((lowered[usual] for usual in USUAL_NAMES[option] if usual in lowered), None)
        if found is None and (wish is not None or option != "part_column"):
            usual = f"column with a usual name ({', '.join(USUAL_NAMES[option])})"
            what = usual if wish is None else f"column {show(wish)}"
            raise refuse(
                "missing_column",
                f"{show(self.name)} has no {what}; received {show_some(self.columns, 10)}.",
                f"Say in `{option}` which of its columns is meant.",
                f"options.{option}",
            )
        return found

    def _read_rows(self, options: ImageOptions) -> Iterator[tuple[int, str, str, str]]:
        """Row number (from 1, the header included), file, label and part of each row. Raises `IssuesError`."""
        names = [getattr(options, option) for option in USUAL_NAMES]
        with closing(self._table.read(list(dict.fromkeys(filter(None, names))))) as batches:
            for batch in batches:
                texts = [batch.columns[name].to_pylist() if name else [""] * len(batch.rows) for name in names]
                for row, file, label, part in zip(batch.rows.tolist(), *texts, strict=True):
                    yield row, file.strip(), label.strip(), part.strip()


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
    if "\n" in label:
        return "the label has several lines; expected the name of a class, and a quote at its end where one begins it"
    if len(label) > MAX_LABEL_LENGTH:
        return f"the label has {len(label):,} characters; expected at most {MAX_LABEL_LENGTH}"
    if part and part.lower() not in PART_FOLDERS:
        return f"the part is {show(part)}; expected train, validation or test"
    return None
