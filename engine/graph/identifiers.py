"""Ids and names that are still free."""

from collections.abc import Collection


def find_free(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or the first of `wanted_1`, `wanted_2`, … that is not taken."""
    candidate, count = wanted, 0
    while candidate in taken:
        count += 1
        candidate = f"{wanted}_{count}"
    return candidate


class FreeNames:
    """Gives out names that are still free, each once."""

    def __init__(self, taken: Collection[str] = ()):
        self._taken = set(taken)

    def take(self, wanted: str) -> str:
        """`wanted` or the nearest free name, which is taken from now on."""
        free = find_free(wanted, self._taken)
        self._taken.add(free)
        return free
