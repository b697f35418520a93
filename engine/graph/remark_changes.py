"""The comparison of what is on the canvas for the reader: groups and notes, matched by their ids."""

from collections.abc import Iterator, Mapping, Sequence

from engine.graph.differences import RemarkChange, ValueChange
from engine.graph.document import Group, Note
from engine.graph.value_changes import compare_values


def compare_groups(before: Sequence[Group], after: Sequence[Group], nodes: Mapping[str, str]) -> Iterator[RemarkChange]:
    """Titles and members. `nodes` has the later id of each node that both graphs have."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    yield from _compare_presence({one.id: one.title for one in before}, {one.id: one.title for one in after})
    for key, group in old.items():
        if (later := new.get(key)) is None:
            continue
        changes = list(compare_values("text", group.title, later.title))
        if {nodes.get(node, node) for node in group.nodes} != set(later.nodes):
            changes.append(
                ValueChange(aspect="layer", path=["nodes"], kind="changed", before=[*group.nodes], after=[*later.nodes])
            )
        if changes:
            yield RemarkChange(kind="changed", id=key, text=later.title, changes=changes)


def compare_notes(before: Sequence[Note], after: Sequence[Note]) -> Iterator[RemarkChange]:
    """Texts."""
    old, new = {one.id: one.text for one in before}, {one.id: one.text for one in after}
    yield from _compare_presence(old, new)
    for key, text in old.items():
        if key in new and (changes := list(compare_values("text", text, new[key]))):
            yield RemarkChange(kind="changed", id=key, text=new[key], changes=changes)


def _compare_presence(before: dict[str, str], after: dict[str, str]) -> Iterator[RemarkChange]:
    for key, text in before.items():
        if key not in after:
            yield RemarkChange(kind="removed", id=key, text=text)
    for key, text in after.items():
        if key not in before:
            yield RemarkChange(kind="added", id=key, text=text)
