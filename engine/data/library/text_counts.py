"""What is known of many texts after all of them were read, gathered piece by piece."""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from engine.data.schema import TextCount, TextStatistics

MAX_DIFFERENT = 50_000
"""Different texts that are counted: each takes some 300 bytes of memory."""

MAX_SHOWN = 100
"""Characters that are kept of a text."""

MOST = 5


class TextCounts:
    """Lengths of texts, how many different ones there are, and which are there most often."""

    def __init__(self) -> None:
        self.count = self.empty = 0
        self.shortest, self.longest, self._characters = 0, 0, 0
        self._counts: Counter[bytes] | None = Counter()
        self._shown: dict[bytes, str] = {}

    def add(self, texts: Sequence[str]) -> None:
        """Takes note of texts."""
        if not texts:
            return
        lengths = [len(text) for text in texts]
        shortest, longest = min(lengths), max(lengths)
        self.shortest = min(self.shortest, shortest) if self.count else shortest
        self.longest = max(self.longest, longest)
        self._characters += sum(lengths)
        self.count += len(texts)
        self.empty += lengths.count(0)
        if self._counts is not None:
            self._add_different(self._counts, Counter(texts))

    def _add_different(self, counts: Counter[bytes], found: Counter[str]) -> None:
        for text, count in found.items():
            key = blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()
            counts[key] += count
            self._shown.setdefault(key, text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…")
            if len(counts) > MAX_DIFFERENT:
                self._counts, self._shown = None, {}
                return

    @property
    def unique(self) -> int | None:
        """How many different texts there are; None where there are too many to count."""
        return None if self._counts is None else len(self._counts)

    def summarise(self, array: str) -> TextStatistics:
        """What a person wants to know of them. What is there once only is not called frequent."""
        most = [] if self._counts is None else self._counts.most_common(MOST)
        return TextStatistics(
            array=array,
            shortest=self.shortest,
            longest=self.longest,
            mean_length=self._characters / max(1, self.count),
            empty=self.empty,
            unique=self.unique,
            most_frequent=[TextCount(text=self._shown[key], count=count) for key, count in most if count > 1],
        )
