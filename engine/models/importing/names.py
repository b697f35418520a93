"""Names and ids for what is imported: the ones that Keras's config has, where a document can have them."""

from engine.graph.name_rules import LAYER_NAME, suggest_name

LONGEST_NAME = 200
LONGEST_ID = 100


class Names:
    """The names of one graph; none is given twice."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._ids: set[str] = set()

    def take_name(self, wanted: str) -> str:
        """The wanted name where a document can have it, else the nearest free one."""
        plain = wanted if LAYER_NAME.fullmatch(wanted) else suggest_name(wanted)
        return _take(plain, LONGEST_NAME, self._names)

    def take_id(self, name: str) -> str:
        """The name as an id, which no other piece has."""
        return _take(name, LONGEST_ID, self._ids)


def _take(wanted: str, longest: int, taken: set[str]) -> str:
    free, count = wanted[:longest], 2
    while free in taken:
        ending = f"_{count}"
        free, count = wanted[: longest - len(ending)] + ending, count + 1
    taken.add(free)
    return free
