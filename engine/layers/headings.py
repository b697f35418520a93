"""The palette's headings: where in Keras's own folders a class stands."""

from collections.abc import Iterable

from engine.layers.overlay import CATEGORY_TITLES, FIRST_CATEGORIES, OWN_CATEGORIES

OTHER = "Other"


def name_category(section: str, value: object) -> str:
    """The heading of a class: for a layer Keras's folder (`keras.src.layers.convolutional` is "Convolutional"), for the
    rest the file where it tells more than the section does (`accuracy_metrics` is "Accuracy")."""
    path = value.__module__.split(".")
    if section == "layers":
        if heading := OWN_CATEGORIES.get(getattr(value, "__name__", "")):
            return heading
        return _title(path[-2]) if path[:3] == ["keras", "src", "layers"] and len(path) > 4 else OTHER
    file_name = path[-1].removesuffix(f"_{section}")
    return _title(file_name if file_name != path[-1] else section)


def order_categories(categories: Iterable[str]) -> list[str]:
    """Each heading once: what nearly every model needs first, what nobody can use last, the rest by the alphabet."""
    found = set(categories)
    first = [one for one in FIRST_CATEGORIES if one in found]
    last = [OTHER] if OTHER in found else []
    return [*first, *sorted(found - {*first, *last}), *last]


def _title(name: str) -> str:
    return CATEGORY_TITLES.get(name, name.replace("_", " ").capitalize())
