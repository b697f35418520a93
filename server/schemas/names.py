"""The names that people give to things: shown in pages, file names and logs, so only plain characters pass."""

from typing import Annotated

from pydantic import AfterValidator, Field

ALLOWED = "letters, digits, spaces and _ - . , ( ) + : #"


def _check_name(name: str) -> str:
    stripped = name.strip()
    strange = sorted({c for c in stripped if not (c.isalnum() or c in " _-.,()+:#")})
    if strange:
        shown = " ".join(f"U+{ord(c):04X}" if ord(c) > 126 or ord(c) < 32 else c for c in strange[:5])
        raise ValueError(f"a name has {ALLOWED}; this one also has {shown}")
    if not any(c.isalnum() for c in stripped):
        raise ValueError("a name needs at least one letter or digit")
    return stripped


DisplayName = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_check_name)]
"""1 to 120 letters (of any alphabet), digits, spaces and plain punctuation."""
