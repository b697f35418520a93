"""Whether a step's arguments are those that its function takes."""

import difflib
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from engine.data.steps.faults import StepFault
from engine.layers.schema import Argument, Entry, Kind

WORDS: dict[Kind, str] = {
    "boolean": "true or false",
    "integer": "a whole number",
    "float": "a number",
    "string": "a text",
    "dtype": "the name of a dtype",
}


def find_argument_faults(entry: Entry, given: Mapping[str, JsonValue]) -> list[StepFault]:
    """What is wrong with the arguments, each at its place below the step (`arguments.num_classes`)."""
    known = {one.name: one for one in entry.arguments}
    faults = []
    for name, value in given.items():
        if name not in known:
            message = (
                f"{entry.class_name} has no argument {name!r}; expected one of {', '.join(known)}."
                if known
                else f"{entry.class_name} takes no arguments; received {name!r}."
            )
            faults.append(StepFault(f"arguments.{name}", message, suggest(name, list(known)), "unknown_argument"))
        elif not _fits(known[name], value):
            message = f"{name} of {entry.class_name}: expected {_say(known[name])}; received {value!r}."
            faults.append(StepFault(f"arguments.{name}", message, code="invalid_argument"))
    for name, argument in known.items():
        if argument.required and name not in given:
            message = f"{entry.class_name} needs {name!r}; received no value for it."
            faults.append(StepFault(f"arguments.{name}", message, code="missing_argument"))
    return faults


def suggest(name: str, known: Sequence[str]) -> str | None:
    """A hint with the name closest to a mistyped one."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else None


def _fits(argument: Argument, value: JsonValue) -> bool:
    if value is None:
        return argument.nullable
    return any(_is_of(kind, value, argument) for kind in argument.kinds)


def _is_of(kind: Kind, value: JsonValue, argument: Argument) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string" | "dtype":
            return isinstance(value, str)
        case "choice":
            return value in argument.choices
        case "tuple":
            return isinstance(value, list) and all(
                any(_is_of(one, item, argument) for one in argument.items or ["json"]) for item in value
            )
        case _:
            return True


def _say(argument: Argument) -> str:
    said = [_say_kind(kind, argument) for kind in argument.kinds]
    return " or ".join([*dict.fromkeys(said), *(["null"] if argument.nullable else [])])


def _say_kind(kind: Kind, argument: Argument) -> str:
    if kind == "choice":
        return f"one of {', '.join(map(repr, argument.choices))}"
    if kind == "tuple":
        return "a list of whole numbers" if "integer" in argument.items else "a list of texts"
    return WORDS.get(kind, "a value")
