"""What an import has to tell: one sentence for each kind of thing, however many layers it concerns."""

from dataclasses import dataclass, field

from engine.graph.issues import Issue

MOST_NAMED = 5
MOST_ISSUES = 200


@dataclass
class _Told:
    message: str
    hint: str | None
    layer: str | None
    within: tuple[str, ...]
    names: list[str] = field(default_factory=list)


class Report:
    """Collects warnings. `inside` gives the report of a nested graph, which writes into the same list."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], _Told] = {}
        self._within: tuple[str, ...] = ()

    def inside(self, layer_id: str) -> "Report":
        """The report for the graph of a layer."""
        inner = Report()
        inner._told = self._told
        inner._within = (*self._within, layer_id)
        return inner

    def tell(self, code: str, message: str, hint: str | None = None, layer: str | None = None) -> None:
        """Adds a warning. The same code and message for another layer only adds that layer's name."""
        told = self._told.setdefault((code, message), _Told(message, hint, layer, self._within))
        if layer is not None:
            told.names.append("/".join((*self._within, layer)))

    def list_issues(self) -> list[Issue]:
        """All that was told, as warnings. They point at the first layer that each is about."""
        return [
            Issue(
                code=code,
                message=f"{told.message.rstrip('.')}{_name_layers(told.names)}.",
                severity="warning",
                layer=told.layer,
                hint=told.hint,
                within=told.within,
            )
            for (code, _), told in list(self._told.items())[:MOST_ISSUES]
        ]


def _name_layers(names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" ({'layer' if len(names) == 1 else f'{len(names)} layers'}: {', '.join(names[:MOST_NAMED])}{more})"
