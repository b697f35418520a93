"""What a person did wrong, as exceptions that every part of the engine raises. Imports no Keras."""

from engine.graph.issues import Issue


class EngineError(Exception):
    """A person asked for something that cannot be done.

    `code` is stable and for programs, `message` says what was expected and what came, `hint` says what to do.
    """

    def __init__(self, code: str, message: str, hint: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type["EngineError"], tuple[object, ...]]:
        """Errors travel between processes, so they can be pickled."""
        return type(self), (self.code, self.message, self.hint)


class IssuesError(EngineError):
    """An error that names the pieces at fault, one issue each."""

    def __init__(self, code: str, message: str, hint: str | None = None, issues: list[Issue] | None = None):
        super().__init__(code, message, hint)
        self.issues: list[Issue] = issues or []

    def __reduce__(self) -> tuple[type[EngineError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.hint, self.issues)


class GraphError(IssuesError):
    """The graph cannot be built; `issues` name the nodes."""


class ConfigError(IssuesError):
    """The training config does not fit the model or the data; `issues` name the settings by path."""
