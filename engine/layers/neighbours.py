"""Fills in arguments that a class does not document from the classes beside it, which name and mean them alike."""

from collections import Counter, defaultdict

from engine.layers.schema import Argument, Entry


def borrow_from_neighbours(entries: list[Entry]) -> list[Entry]:
    """The entries of one section, completed.

    An argument without a help text takes the kinds that most others of its name have, where its own are unknown, and
    their help text, where they all have the same.
    """
    documented: dict[str, list[Argument]] = defaultdict(list)
    for entry in entries:
        for argument in entry.arguments:
            if argument.help:
                documented[argument.name].append(argument)
    return [
        entry.model_copy(update={"arguments": [_borrow(one, documented[one.name]) for one in entry.arguments]})
        for entry in entries
    ]


def _borrow(argument: Argument, neighbours: list[Argument]) -> Argument:
    if argument.help or not neighbours:
        return argument
    texts = {one.help for one in neighbours}
    update: dict[str, object] = {"help": texts.pop()} if len(texts) == 1 else {}
    if argument.kinds == ["json"]:
        (kinds, items), _ = Counter((tuple(one.kinds), tuple(one.items)) for one in neighbours).most_common(1)[0]
        update |= {"kinds": list(kinds), "items": list(items)}
    return argument.model_copy(update=update)
