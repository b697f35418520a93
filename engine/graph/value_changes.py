"""Two JSON values compared: which values inside them are new, gone or other ones."""

import json
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from engine.graph.differences import Aspect, ValueChange

MAX_DEPTH = 20


def compare_objects(
    aspect: Aspect, before: Mapping[str, JsonValue], after: Mapping[str, JsonValue], path: tuple[str, ...] = ()
) -> Iterator[ValueChange]:
    """The changes key by key, inside objects too. A list is one value: its members mean something only together."""
    for key in dict.fromkeys([*before, *after]):
        place = [*path, key]
        if key not in before:
            yield ValueChange(aspect=aspect, path=place, kind="added", after=after[key])
        elif key not in after:
            yield ValueChange(aspect=aspect, path=place, kind="removed", before=before[key])
        else:
            yield from _compare(aspect, before[key], after[key], tuple(place))


def compare_values(aspect: Aspect, before: JsonValue, after: JsonValue) -> Iterator[ValueChange]:
    """The change of one value, if it is another one. `True` is not 1."""
    if not is_same(before, after):
        yield ValueChange(aspect=aspect, kind="changed", before=before, after=after)


def is_same(before: JsonValue, after: JsonValue) -> bool:
    """Whether two values are the same JSON, whatever the order of keys."""
    return before is after or _spell(before) == _spell(after)


def _compare(aspect: Aspect, before: JsonValue, after: JsonValue, path: tuple[str, ...]) -> Iterator[ValueChange]:
    if isinstance(before, dict) and isinstance(after, dict) and len(path) < MAX_DEPTH and _is_same_kind(before, after):
        yield from compare_objects(aspect, before, after, path)
    elif not is_same(before, after):
        yield ValueChange(aspect=aspect, path=list(path), kind="changed", before=before, after=after)


def _is_same_kind(before: dict[str, JsonValue], after: dict[str, JsonValue]) -> bool:
    """Arguments of one class have nothing to do with those of another: then the object changes as a whole."""
    return is_same(before.get("class_name"), after.get("class_name"))


def _spell(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)
