"""Remembers what was found out about arrays, as long as they are the same arrays in memory.

Every edit checks a training again, and what an array of ten million rows holds does not depend on the edit.
"""

import weakref
from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

AnyArray = npt.NDArray[np.generic]
Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")

MOST_ANSWERS = 64


class ArrayMemory(Generic[Answer]):
    """The last answers to questions about arrays, by the arrays themselves: a load of other data is other arrays.

    Arrays that may be written to are asked about each time. `size` says what an answer takes of `most`; one that is
    larger than all of it is not kept. An answer goes when one of its arrays goes.
    """

    def __init__(self, most: int = MOST_ANSWERS, size: "Callable[[Answer], int] | None" = None):
        weigh = None if size is None else lambda entry: size(entry[1])
        self._known: LRUCache[Hashable, tuple[list[weakref.ref[AnyArray]], Answer]] = LRUCache(most, weigh)

    def recall(self, arrays: Sequence[AnyArray], question: Hashable, find: Callable[[], Answer]) -> Answer:
        """What `find` answers, or answered the last time that this was asked of these arrays. Raises what it does."""
        if any(array.flags.writeable for array in arrays):
            return find()
        key = (tuple(map(id, arrays)), question)
        known = self._known.get(key)
        # The number of an array that is gone may be given to another one.
        if known is not None and all(one() is array for one, array in zip(known[0], arrays, strict=True)):
            return known[1]
        answer = find()
        forget = self._known.pop
        entry = [weakref.ref(array, lambda _: forget(key, None)) for array in arrays], answer
        if self._known.getsizeof(entry) <= self._known.maxsize:
            self._known[key] = entry
        return answer


def once_per_array(
    function: "Callable[[npt.NDArray[np.number]], Answer]",
) -> "Callable[[npt.NDArray[np.number]], Answer]":
    """The function, which answers something small about an array, and looks at each array once."""
    memory: ArrayMemory[Answer] = ArrayMemory()

    @wraps(function)
    def ask(array: npt.NDArray[np.number]) -> Answer:
        return memory.recall([array], None, lambda: function(array))

    return ask
