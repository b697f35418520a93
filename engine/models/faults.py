"""What is wrong with one layer or one call, before it is known which node shows it."""

from collections.abc import Iterable

from engine.errors import EngineError
from engine.graph.issues import Issue


class LayerError(EngineError):
    """A layer cannot be made or called. `argument` is the path of the value at fault, `edge` the edge.

    `inner` are the issues of the layer's own graph, where those are the reason.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        argument: str | None = None,
        edge: str | None = None,
        inner: tuple[Issue, ...] = (),
    ):
        super().__init__(code, message, hint)
        self.argument = argument
        self.edge = edge
        self.inner = inner

    @classmethod
    def of(cls, error: EngineError) -> "LayerError":
        """The same fault, found by one of our own classes while Keras made or called it."""
        return cls(error.code, error.message, error.hint, getattr(error, "argument", None))

    def __reduce__(self) -> tuple[type[EngineError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.hint, self.argument, self.edge, self.inner)

    def copy(self) -> "LayerError":
        """The same fault without the stack that it came through, to be kept or raised again."""
        return LayerError(self.code, self.message, self.hint, self.argument, self.edge, self.inner)

    def to_issue(self, node: str, layer: str) -> Issue:
        """The issue that the node shows."""
        return Issue(
            code=self.code,
            message=self.message,
            node=node,
            layer=layer,
            edge=self.edge,
            argument=self.argument,
            hint=self.hint,
        )


def move_inside(issues: Iterable[Issue], layer: str) -> list[Issue]:
    """The issues of a layer's graph, as the graph around it tells them."""
    return [issue.model_copy(update={"within": (layer, *issue.within)}) for issue in issues]


def nested_fault(name: str, issues: Iterable[Issue]) -> LayerError:
    """The fault of a layer whose own graph has these issues, at least one of them an error."""
    issues = tuple(issues)
    errors = [issue for issue in issues if issue.severity == "error"]
    first = f"The first: {errors[0].message}" if len(errors) > 1 else errors[0].message
    return LayerError(
        "invalid_nested_graph",
        f"The graph inside {name!r} has {len(errors)} fault{'s' * (len(errors) > 1)}. {first}",
        "Open it and mend what is wrong there.",
        "graph",
        inner=issues,
    )


def describe_value(value: object) -> str:
    """A value as it can be shown in a sentence: short, on one line, and readable by every JSON parser."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} that is too large to show"
    return clean_text(text if len(text) <= 100 else text[:97] + "…")


def clean_text(text: str) -> str:
    """The text with white space collapsed, and without what UTF-8 cannot hold."""
    return " ".join(text.encode("utf-8", "backslashreplace").decode("utf-8").split())
