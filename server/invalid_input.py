"""Says what is wrong with a request that does not fit its schema: where, what was expected, what came."""

from collections.abc import Mapping, Sequence

from engine.graph.issues import Issue

MAX_ISSUES = 20
MAX_SHOWN = 80
PIECES = {"layers": "layer", "nodes": "node", "edges": "edge"}
Location = Sequence[str | int]


def explain_validation(errors: Sequence[Mapping[str, object]], body: object) -> list[Issue]:
    """One issue per error of pydantic, the first `MAX_ISSUES` of them. `body` is the parsed request body."""
    return [_explain_error(error, body) for error in errors[:MAX_ISSUES]]


def _explain_error(error: Mapping[str, object], body: object) -> Issue:
    location = _drop_tags(_location_of(error), body)
    # Where in the request it stands is plain; what a person knows is the path within the body.
    place = ".".join(str(step) for step in (location[1:] if location[:1] == ["body"] else location))
    if error.get("type") == "json_invalid":
        context = error.get("ctx")
        reason = context.get("error") if isinstance(context, Mapping) else error.get("msg")
        return Issue(code="json_invalid", message=f"The body is not valid JSON: {reason} (at byte {location[-1]}).")
    if isinstance(error.get("input"), bytes):
        return Issue(
            code="not_json",
            message="Expected a JSON body; the request does not say that it is one.",
            hint="Send the header Content-Type: application/json.",
        )
    came = "" if error.get("type") == "missing" else f" Received {_show(error.get('input'))}."
    layer, node, edge = (_find_piece(location, body, kind) for kind in ("layer", "node", "edge"))
    reason = str(error.get("msg", "invalid")).removeprefix("Value error, ").rstrip(".")
    message = f"{place or 'body'}: {reason}.{came}"
    return Issue(
        code=str(error.get("type")), message=message, layer=layer, node=node, edge=edge, argument=place or None
    )


def _location_of(error: Mapping[str, object]) -> list[str | int]:
    location = error.get("loc", ())
    return [step for step in location if isinstance(step, str | int)] if isinstance(location, Sequence) else []


def _drop_tags(location: list[str | int], body: object) -> list[str | int]:
    """The location without the words by which pydantic tells variants apart: `split.k_fold.folds` is `split.folds`."""
    part = body
    kept = location[:1]
    for step in location[1:]:
        if isinstance(part, Mapping) and isinstance(step, str) and step not in part and step in part.values():
            continue
        kept.append(step)
        if isinstance(part, Mapping) and isinstance(step, str):
            part = part.get(step)
        elif isinstance(part, list) and isinstance(step, int) and 0 <= step < len(part):
            part = part[step]
        else:
            part = None
    return kept


def _find_piece(location: Location, body: object, kind: str) -> str | None:
    """The id of the innermost layer, node or edge of a graph that the location lies in."""
    found: str | None = None
    part = body
    for previous, step in zip(["", *location[1:]], location[1:], strict=False):
        if isinstance(part, Mapping) and isinstance(step, str):
            part = part.get(step)
        elif isinstance(part, list) and isinstance(step, int) and 0 <= step < len(part):
            part = part[step]
        else:
            break
        if PIECES.get(str(previous)) == kind and isinstance(part, Mapping) and isinstance(part.get("id"), str):
            found = str(part["id"])[:100]
    return found


def _show(value: object) -> str:
    """What came, short. A container is only named: it may be huge, or nested without end."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple | set | frozenset):
        return f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}… ({len(text)} characters)"
