"""Which arrays are inputs and which are targets, by their names and values; what is for the test, by its name."""

import re
from collections.abc import Collection, Iterable, Mapping
from math import prod

from engine.data.library.arrays.entries import Entry
from engine.data.library.arrays.opening import OpenFiles
from engine.data.library.arrays.options import ArrayOptions, Reading
from engine.data.library.arrays.scanning import MAX_CLASSES, FieldScan
from engine.data.library.manifest import ArrayPlan

TARGET = re.compile(r"(^|[^a-z])(y|labels?|targets?|class|classes|outputs?|digits?|answers?)($|[^a-z])")
NAMES_OF_CLASSES = re.compile(r"class|categor|(label|target)_?names")
TRAINING = re.compile(r"(?<![A-Za-z])(train(?:ing)?)(?![A-Za-z])", re.IGNORECASE)
FEW_FLOATS = 100
MAX_INPUTS = 100


def propose_test(opened: OpenFiles) -> dict[str, str]:
    """For each array named `…train…` the one with the same name but for `test`, in the same file or another."""
    found: dict[str, str] = {}
    places = {_place(entry): field for field, entry in opened.entries.items()}
    for field, entry in opened.entries.items():
        place = _place(entry)
        if not TRAINING.search(place):
            continue
        for word in ("test", "testing"):
            # The file may say it, or the path, or both; and a path alone may stand in a file of any name.
            other = TRAINING.sub(word, place)
            match = places.get(other) or _find_path(opened, other.rpartition("\n")[2], entry)
            if match is not None and match != field and opened.entries[match].shape[1:] == entry.shape[1:]:
                found[field] = match
                break
    return {field: other for field, other in found.items() if not _names_classes(opened, field, None)}


def propose_class_names(opened: OpenFiles, target: FieldScan, taken: Collection[str]) -> str | None:
    """The array, none of those taken, that names the classes of the target: as many values as there are classes."""
    if target.values is None or not target.is_whole:
        return None
    labels = [one for one in target.values if isinstance(one, int)]
    if not labels or min(labels) < 0:
        return None
    named = [
        field
        for field, entry in opened.entries.items()
        if field not in taken
        and max(labels) < entry.samples <= MAX_CLASSES
        and _names_classes(opened, field, target.field)
    ]
    beside = [field for field in named if opened.entries[field].file == target.entry.file]
    return next(iter([*beside, *named]), None)


def propose_reading(scan: FieldScan, as_target: bool) -> Reading | None:
    """Whether a column's values are classes or numbers; None for what is no column."""
    if scan.entry.row_shape != ():
        return None
    if scan.entry.is_text or (as_target and scan.entry.dtype.kind == "b"):
        return "category"
    if scan.values is None or not as_target or not scan.is_whole:
        return "number"
    few = len(scan.values) * 2 <= scan.samples
    if scan.entry.dtype.kind == "f":
        few = few and len(scan.values) <= FEW_FLOATS
    return "category" if few else "number"


def propose_arrays(
    opened: OpenFiles, scans: Mapping[str, FieldScan], options: ArrayOptions
) -> tuple[list[ArrayPlan], list[ArrayPlan]]:
    """Inputs and targets. What is named like a target is one; else the last column of few whole numbers or texts."""
    taken = {*options.test.values()}
    fields = [
        field
        for field in opened.entries
        if field not in taken and field != options.class_names and not _names_classes(opened, field, None)
    ]
    fields = _keep_common_length(opened, fields)
    targets = [field for field in fields if TARGET.search(_last(opened.entries[field].path).lower())]
    if not targets or len(targets) == len(fields):
        targets = [field for field in fields if field in scans and propose_reading(scans[field], True) == "category"][
            -1:
        ]
    if not targets and len(fields) > 1:
        targets = [field for field in fields if opened.entries[field].row_shape == ()][-1:]
    inputs = [field for field in fields if field not in targets and not opened.entries[field].is_text][:MAX_INPUTS]
    names: set[str] = set()
    return (
        [ArrayPlan(name=_make_name(opened.entries[field], "input", names), fields=[field]) for field in inputs],
        [ArrayPlan(name=_make_name(opened.entries[field], "target", names), fields=[field]) for field in targets],
    )


def _keep_common_length(opened: OpenFiles, fields: Iterable[str]) -> list[str]:
    """Those with as many samples as the array with the most values: a table of names, or a mean, is beside the data."""
    fields = list(fields)
    if not fields:
        return []
    largest = max(fields, key=lambda field: prod(opened.entries[field].shape))
    return [field for field in fields if opened.entries[field].samples == opened.entries[largest].samples]


def _names_classes(opened: OpenFiles, field: str, target: str | None) -> bool:
    """Whether it looks like the list of the classes' names: short, each value once, and named so."""
    entry = opened.entries[field]
    longest = max(one.samples for one in opened.entries.values())
    return (
        field != target
        and entry.row_shape == ()
        and entry.samples * 2 <= longest
        and bool(NAMES_OF_CLASSES.search(_last(entry.path).lower()))
    )


def _place(entry: Entry) -> str:
    return f"{entry.file}\n{entry.path}"


def _find_path(opened: OpenFiles, path: str, beside: Entry) -> str | None:
    """The only array of that path, where it is another path than the one beside."""
    if path == beside.path:
        return None
    same = [field for field, entry in opened.entries.items() if entry.path == path]
    return same[0] if len(same) == 1 else None


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _make_name(entry: Entry, otherwise: str, taken: set[str]) -> str:
    """`x` for `x_train` and for `train_set_x`: a name that the data set's arrays can have."""
    plain = re.sub(r"(?i)(^|_)train(ing)?(_set)?(?=_|$)", "", _last(entry.path))
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")[:50]
    name = plain if plain and not plain[0].isdigit() else f"{otherwise}_{plain}".rstrip("_")
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique)
    return unique
