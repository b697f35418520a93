"""What is wrong with values that a person gives by name, told by those names."""

from pydantic import BaseModel, ValidationError

from engine.graph.issues import Issue


def list_faults(
    error: ValidationError, model: type[BaseModel], *, code: str, word: str, owner: str, place: str
) -> list[Issue]:
    """An issue for each value that does not fit the model.

    `word` and `owner` say what the values are (`option` of `images`), `place` is the path in front of their names.
    """
    known = ", ".join(model.model_fields) or "none"
    issues = []
    for fault in error.errors(include_url=False):
        name = ".".join(map(str, fault["loc"]))
        what = f"The {word} {name!r} of {owner}" if name else f"The {word}s of {owner}"
        issues.append(
            Issue(
                code=code,
                message=f"{what}: {fault['msg']}; received {str(fault['input'])[:100]!r}.",
                argument=".".join(filter(None, [place, name])),
                hint=f"The {word}s of {owner}: {known}.",
            )
        )
    return issues
