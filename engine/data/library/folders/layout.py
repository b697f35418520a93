"""Which class and which part each file of a folder belongs to, by the folders it is in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.data.library.folders.contents import Contents
from engine.data.library.folders.faults import refuse, show, show_some, warn
from engine.data.library.folders.members import Listing, Member
from engine.errors import IssuesError
from engine.graph.issues import Issue

Part = Literal["training", "validation", "test"]

PART_FOLDERS: dict[str, Part] = {
    "train": "training",
    "training": "training",
    "train_set": "training",
    "training_set": "training",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
    "test_set": "test",
}
"""What folders are called, in any case, whose folders are the classes."""

MAX_CLASSES = 10_000

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A file and the number of its class."""

    member: Member
    label: int


@dataclass(slots=True)
class Layout:
    """All files by part, each sorted by path. Classes are numbered in the order of their sorted names, as in Keras."""

    class_names: list[str]
    parts: dict[Part, list[Sample]]
    notes: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file is: in a part's folder, below a class's folder."""

    part: Part
    class_name: str
    member: Member


def find_layout(listing: Listing, container: str, contents: Contents) -> Layout:
    """Sorts the files by part and class.

    Folders above the parts or classes in which there is nothing else are passed over. Files below a class's folder
    belong to it, however deep they are; those beside the folders of classes are passed over with a note.

    Raises:
        IssuesError: there are no such files, no folders of classes, a single class, or classes that only a test has.
    """
    members = [member for member in listing.members if contents.includes(member.name)]
    if not members:
        raise refuse_none(listing, container, contents)
    paths = [member.path for member in members]
    depth = _count_folders_above(paths)
    has_parts = all(len(path) > depth + 1 and path[depth].lower() in PART_FOLDERS for path in paths)
    places, stray = _place(members, depth, has_parts)
    plural = contents.plural
    notes = [*listing.notes, *note_others(listing, contents)]
    if stray:
        notes.append(
            warn("outside_classes", f"{plural.capitalize()} that are in no folder of a class were passed over:"
                 f" {show_some(stray)}.")
        )  # fmt: skip
    if not places:
        raise refuse(
            "no_class_folders",
            f"The {plural} in {show(container)} are in no folders; expected a folder for each class.",
            f"Put the {plural} of each class into a folder with its name, or {contents.otherwise}.",
        )
    full = {(one.part, one.class_name) for one in places}
    notes += _note_empty_folders(listing, depth + has_parts, has_parts, full, plural)
    return arrange(((one.part, one.class_name, one.member) for one in places), container, notes, contents)


def arrange(
    files: Iterable[tuple[Part, str, Member]], container: str, notes: list[Issue], contents: Contents
) -> Layout:
    """Numbers the classes, and looks whether something can be learned from them. Raises `IssuesError`."""
    named: dict[Part, list[tuple[Member, str]]] = {"training": [], "validation": [], "test": []}
    for part, class_name, member in files:
        named[part].append((member, class_name))
    if not named["training"]:
        part_names = " and ".join(part for part, members in named.items() if members)
        raise refuse(
            f"no_training_{contents.plural}",
            f"All {contents.plural} in {show(container)} are for {part_names}; expected some for training.",
            "Put them into a folder named train.",
        )
    class_names = sorted({name for _, name in named["training"]})
    _refuse_class_names(class_names, container, contents)
    numbers = {name: number for number, name in enumerate(class_names)}
    for part in ("validation", "test"):
        _compare_classes(part, {name for _, name in named[part]}, numbers, notes, contents)
    parts = {part: [Sample(member, numbers[name]) for member, name in members] for part, members in named.items()}
    return Layout(class_names, parts, notes)


def note_others(listing: Listing, contents: Contents) -> list[Issue]:
    """Says which files are none of these."""
    others = [member.name for member in listing.members if not contents.includes(member.name)]
    if not others:
        return []
    plural = contents.plural
    return [warn(f"no_{plural}", f"Files that are no {plural} by their names were passed over: {show_some(others)}.")]


def refuse_none(listing: Listing, container: str, contents: Contents) -> IssuesError:
    """The error that there are no such files at all."""
    found = f"found {show_some([one.name for one in listing.members])}" if listing.members else "found no files at all"
    *ends, last = sorted(contents.suffixes)
    listed = f"{', '.join(ends)} or {last}" if ends else last
    return refuse(
        f"no_{contents.noun}_found",
        f"There are no {contents.plural} in {show(container)}; {found}.",
        f"{contents.plural.capitalize()} are files that end in {listed}.",
    )


def _count_folders_above(paths: Sequence[Path]) -> int:
    """How many folders everything is in, before it divides into parts or classes."""
    depth = 0
    while (
        len({path[depth] for path in paths}) == 1
        and all(len(path) > depth + 2 for path in paths)
        and paths[0][depth].lower() not in PART_FOLDERS
    ):
        depth += 1
    return depth


def _place(members: Sequence[Member], depth: int, has_parts: bool) -> tuple[list[_Place], list[str]]:
    places, stray = [], []
    for member in members:
        part = PART_FOLDERS[member.path[depth].lower()] if has_parts else "training"
        below = member.path[depth + has_parts :]
        if len(below) < 2:
            stray.append(member.name)
        else:
            places.append(_Place(part, below[0], member))
    return places, stray


def _note_empty_folders(
    listing: Listing, level: int, has_parts: bool, full: set[tuple[Part, str]], plural: str
) -> list[Issue]:
    """Folders where those of classes are, in which there is none of the files."""
    paths = {path[: level + 1] for path in [*listing.folders, *(one.path[:-1] for one in listing.members)]}
    empty = []
    for path in sorted(path for path in paths if len(path) == level + 1):
        part = PART_FOLDERS.get(path[level - 1].lower(), "training") if has_parts else "training"
        if (part, path[level]) not in full:
            empty.append("/".join(path))
    if not empty:
        return []
    return [
        warn(
            "empty_class",
            f"There are no {plural} in the folders {show_some(empty)}, so they are no classes.",
            f"Put {plural} into them, or leave them out.",
        )
    ]


def _refuse_class_names(class_names: list[str], container: str, contents: Contents) -> None:
    if len(class_names) == 1:
        raise refuse(
            "one_class",
            f"All training {contents.plural} in {show(container)} are of one class, {show(class_names[0])};"
            " expected two or more.",
            f"Put the {contents.plural} of each class into a folder with its name.",
        )
    if len(class_names) > MAX_CLASSES:
        raise refuse(
            "too_many_classes",
            f"{show(container)} has {len(class_names):,} classes; expected at most {MAX_CLASSES:,}.",
            f"Is there a folder for each {contents.noun}?",
        )


def _compare_classes(
    part: Part, names: set[str], numbers: dict[str, int], notes: list[Issue], contents: Contents
) -> None:
    plural = contents.plural
    if unknown := sorted(names - numbers.keys()):
        raise refuse(
            "unknown_class",
            f"There are {part} {plural} of {show_some(unknown)}, of which there are none for training;"
            f" expected classes among {show_some(list(numbers), 10)}.",
            "Put some of them into the training folder, or leave them out.",
        )
    if names and (missing := sorted(numbers.keys() - names)):
        notes.append(warn(f"class_without_{plural}", f"There are no {part} {plural} of {show_some(missing)}."))


def count_classes(samples: Sequence[Sample], classes: int) -> list[int]:
    """How many samples there are of each class."""
    counts: dict[int, int] = defaultdict(int)
    for sample in samples:
        counts[sample.label] += 1
    return [counts[number] for number in range(classes)]
