"""What the help text of an argument says about its type, in the phrases that Keras's docstrings use."""

import re
from dataclasses import dataclass

from engine.layers.schema import Kind

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}

COLLECTION = re.compile(
    r"(?:tuples?|lists?|sequence|1D array|array_like)"
    r"(?:\s*(?:/|or)\s*(?:a )?(?:tuples?|lists?|array))*"
    r"(?: of length \w+)?(?:\s*(?:of|with)(?: size)?)?"
    r"(?:\s+(?P<count>\d+|one|two|three|four)\b)?"
    r"(?:\s+(?P<item>tuples?|ints?\b|integers?|floats?|strings?|(?:\w+ )?cell|layers?))?",
    re.IGNORECASE,
)

SCALARS: list[tuple[Kind, re.Pattern[str]]] = [
    ("boolean", re.compile(r"\b(?:bool(?:ean)?|whether|if `?true`?|when `?true`?)\b", re.IGNORECASE)),
    ("integer", re.compile(r"\bint(?:eger)?s?\b", re.IGNORECASE)),
    ("float", re.compile(r"\b(?:float(?:ing)?s?|python (?:number|scalar)|scalar)\b", re.IGNORECASE)),
    ("string", re.compile(r"\bstr(?:ing)?\b", re.IGNORECASE)),
]

COUNT = re.compile(r"\b(?:number|size|length) of\b|^verbosity", re.IGNORECASE)

CHOICE_LEAD = re.compile(
    r"(?:one of|either|can be|could be|options|supports|(?:supported|acceptable|available) values|values can be)"
    r"[^.]{0,60}[\"'`{(]|^[`\"']+\w+[`\"']+ or [`\"']",
    re.IGNORECASE,
)

QUOTED = re.compile(r"""(?<![\w=\[])["']([A-Za-z][\w\-]*)`?["'](?!\])""")

RANGE = re.compile(
    r"(?:between|in(?: the range)?|in range) [`\[(]*(-?[\d.]*\d)`?[.,]? ?(?:and|,|to) `?(-?[\d.]*\d)", re.IGNORECASE
)


@dataclass(frozen=True)
class Phrase:
    """What a help text says. Every part is empty where it says nothing about it."""

    kinds: tuple[Kind, ...] = ()
    items: tuple[Kind, ...] = ()
    lengths: tuple[int, ...] = ()
    nullable: bool = False
    literals: tuple[str, ...] = ()
    offers_choice: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False


def read_phrase(text: str) -> Phrase:
    """Reads a help text. Types are looked for in the first sentence that names one of the first two: later ones talk
    about other things."""
    sentences = _sentences(text)
    kinds, items, lengths = _read_kinds(sentences[0])
    if not kinds:
        kinds, items, lengths = _read_kinds(sentences[1])
    minimum, maximum, exclusive = _read_range(text)
    return Phrase(
        kinds=kinds,
        items=items,
        lengths=lengths,
        nullable=bool(re.search(r"\bNone\b|optional", sentences[0], re.IGNORECASE)),
        literals=tuple(dict.fromkeys(QUOTED.findall(text))),
        offers_choice=bool(CHOICE_LEAD.search(text)),
        minimum=minimum,
        maximum=maximum,
        exclusive_minimum=exclusive,
    )


def _sentences(text: str) -> tuple[str, str]:
    unquoted = QUOTED.sub("", text)  # "int" is a mode of some layers.
    plain = re.sub(r"^\(?optional\)?[.,:]? ", "Optional ", unquoted, flags=re.IGNORECASE)
    first, second, *_ = [*re.split(r"(?<!e\.g)(?<!i\.e)[.;](?:\s|$)| - ", plain, maxsplit=2), ""]
    return first, second


def _read_kinds(sentence: str) -> tuple[tuple[Kind, ...], tuple[Kind, ...], tuple[int, ...]]:
    places: list[tuple[int, Kind]] = []
    items: list[Kind] = []
    lengths: list[int] = []
    for match in COLLECTION.finditer(sentence):
        places.append((match.start(), "tuple"))
        if count := match.group("count"):
            lengths.append(NUMBERS.get(count.lower()) or int(count))
        if item := match.group("item"):
            items.append(_name_item(item.lower()))
    rest = COLLECTION.sub(lambda match: " " * len(match.group()), sentence)
    for kind, pattern in SCALARS:
        if found := pattern.search(rest):
            places.append((found.start(), kind))
    if not places and COUNT.search(sentence):
        places.append((0, "integer"))
    kinds = tuple(dict.fromkeys(kind for _, kind in sorted(places)))
    return kinds, tuple(dict.fromkeys(items)), tuple(dict.fromkeys(lengths))


def _name_item(word: str) -> Kind:
    starts: dict[str, Kind] = {"int": "integer", "float": "float", "string": "string", "tuple": "tuple"}
    return next((kind for start, kind in starts.items() if word.startswith(start)), "layer")


def _read_range(text: str) -> tuple[float | None, float | None, bool]:
    if match := RANGE.search(text):
        return float(match[1]), float(match[2]), False
    if re.search(r"non-?negative|>= ?0\b|zero or positive|greater than or equal to zero", text, re.IGNORECASE):
        return 0, None, False
    if re.search(r"less or equal to zero", text, re.IGNORECASE):
        return None, 0, False
    if re.match(r"(?:an? )?(?:strictly )?positive (int|float)", text, re.IGNORECASE):
        return 0, None, True
    return None, None, False
