"""What a person says about files, with its types."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from engine.errors import IssuesError
from engine.graph.issues import Issue

OptionsT = TypeVar("OptionsT", bound=BaseModel)


def read_options(options: type[OptionsT], what: str, given: Mapping[str, JsonValue]) -> OptionsT:
    """The options of such files (`images`, `a table`). Raises `IssuesError` `invalid_option` that names each fault."""
    try:
        return options.model_validate(dict(given))
    except ValidationError as error:
        issues = [
            Issue(
                code="invalid_option",
                message=f"{_name('.'.join(map(str, fault['loc'])), what)}: {fault['msg']}; received"
                f" {str(fault['input'])[:100]!r}.",
                argument=".".join(["options", *map(str, fault["loc"])]),
                hint=f"The options of {what}: {', '.join(options.model_fields)}.",
            )
            for fault in error.errors(include_url=False)
        ]
        raise IssuesError("invalid_option", issues[0].message, issues[0].hint, issues) from error


def _name(option: str, what: str) -> str:
    return f"The option {option!r} of {what}" if option else f"The options of {what}"
