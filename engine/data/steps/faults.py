"""What is wrong with a step, said at its place in the config."""

from engine.errors import ConfigError
from engine.graph.issues import Issue

PLACE = "data.steps"
"""Where steps stand in a run's config."""


class StepFault(Exception):  # noqa: N818 - it is what the data or a person did, and becomes a ConfigError
    """A step cannot be applied. `argument` is at fault (`arguments.num_classes`, `array`), None for the step itself."""

    def __init__(self, argument: str | None, message: str, hint: str | None = None, code: str = "step_not_possible"):
        super().__init__(message)
        self.argument = argument
        self.message = message
        self.hint = hint
        self.code = code


def raise_at(place: str, faults: list[StepFault]) -> None:
    """Raises `ConfigError` with an issue for each fault, below `place` (`data.steps.0`); nothing where none is."""
    issues = [
        Issue(
            code=fault.code,
            message=fault.message,
            argument=place if fault.argument is None else f"{place}.{fault.argument}",
            hint=fault.hint,
        )
        for fault in faults
    ]
    if issues:
        raise ConfigError("invalid_config", issues[0].message, issues[0].hint, issues)
