"""The picture of a comparison: both graphs in one drawing, laid out once, with colours for what is new and gone."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pygraphviz
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.diff import compare_graphs
from engine.graph.differences import GraphDiff, Kind, ValueChange
from engine.graph.document import Edge, Graph
from engine.graph.topology import Topology
from engine.models.limits import DEFAULT_LIMITS, Limits

MAX_TEXT = 48
MAX_CHANGES = 4
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and what would break a line."""

LINE = "#868e96"
"""A grey that can be read on white and on black: there is no background, so that the picture suits both themes."""


@dataclass(frozen=True)
class Style:
    """How one kind of piece is drawn: dark text on a light fill, whatever is behind it."""

    label: str
    fill: str
    border: str
    line: str = "solid"


STYLES: dict[Kind | None, Style] = {
    "added": Style("added", "#d3f9d8", "#2b8a3e"),
    "removed": Style("removed", "#ffe3e3", "#c92a2a", "dashed"),
    "changed": Style("changed", "#fff3bf", "#e67700"),
    None: Style("unchanged", "#f1f3f5", "#868e96"),
}
FONT = "Helvetica"


def draw_difference(before: Graph, after: Graph, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The picture as SVG, with a legend. Of a large graph only what differs is drawn, with its neighbours.

    Whatever is in the documents is text in it and nothing else. Raises `EngineError` `drawing_too_large`.
    """
    union = _Union(before, after, compare_graphs(before, after))
    shown = union.choose_nodes(limits.max_drawn_nodes)
    with pygraphviz.AGraph(directed=True, strict=False) as drawing:
        drawing.graph_attr.update(bgcolor="transparent", rankdir="TB", nodesep="0.3", ranksep="0.45", dpi="96")
        drawing.node_attr.update(shape="box", style="filled,rounded", fontname=FONT, fontsize="12", margin="0.16,0.08")
        drawing.edge_attr.update(fontname=FONT, fontsize="10", color=LINE, fontcolor=LINE, arrowsize="0.7")
        names = {key: f"n{index}" for index, key in enumerate(shown)}
        for key in shown:
            _draw_node(drawing, names[key], union.lines[key], union.kinds.get(key))
        for source, target, kind in union.edges:
            if source in names and target in names:
                style = STYLES[kind]
                width = "1" if kind is None else "2"
                drawing.add_edge(names[source], names[target], color=style.border, style=style.line, penwidth=width)
        _draw_legend(drawing)
        image: bytes = drawing.draw(format="svg", prog="dot")
    return image


class _Union:
    """All calls of both graphs, the common ones once, by a key; what became of each; and all edges."""

    def __init__(self, before: Graph, after: Graph, diff: GraphDiff):
        old, new = Topology(before), Topology(after)
        self.key_of_old = {match.before: f"+{match.after}" for match in diff.matched}
        changes = _list_changes(diff)
        self.lines: dict[str, list[str]] = {}
        self.kinds: dict[str, Kind] = {}
        for node_id in new.nodes:
            self.lines[f"+{node_id}"] = _describe_node(new, node_id, changes)
        for node_id in old.nodes:
            if node_id not in self.key_of_old:
                self.lines[f"-{node_id}"] = _describe_node(old, node_id, {})
                self.kinds[f"-{node_id}"] = "removed"
        matched = {match.after for match in diff.matched}
        for node_id, node in new.nodes.items():
            if node_id not in matched:
                self.kinds[f"+{node_id}"] = "added"
            elif node_id in changes or f"layer {node.layer}" in changes:
                self.kinds[f"+{node_id}"] = "changed"
        self.edges = self._list_edges(old.edges, new.edges)

    def _list_edges(self, before: Iterable[Edge], after: Iterable[Edge]) -> list[tuple[str, str, Kind | None]]:
        old = {self._old_ends(edge): edge for edge in before}
        new = {(f"+{e.source}", e.output, f"+{e.target}", str(e.argument), tuple(e.path)): e for e in after}
        kept = [(key[0], key[2], None if key in old else "added") for key in new]
        return [*kept, *((key[0], key[2], "removed") for key in old if key not in new)]  # type: ignore[list-item]

    def _old_ends(self, edge: Edge) -> tuple[str, int, str, str, tuple[int | str, ...]]:
        source = self.key_of_old.get(edge.source, f"-{edge.source}")
        target = self.key_of_old.get(edge.target, f"-{edge.target}")
        return source, edge.output, target, str(edge.argument), tuple(edge.path)

    def choose_nodes(self, most: int) -> list[str]:
        """All nodes or, where these are too many, those at which something differs and their neighbours."""
        if len(self.lines) <= most:
            return list(self.lines)
        near = set(self.kinds) | {end for source, target, kind in self.edges if kind for end in (source, target)}
        near |= {t for s, t, _ in self.edges if s in self.kinds} | {s for s, t, _ in self.edges if t in self.kinds}
        if len(near) > most:
            raise EngineError(
                "drawing_too_large",
                f"The picture would have {len(near):,} nodes that differ or stand beside one that does;"
                f" expected at most {most:,}.",
                "Read the list of differences instead.",
            )
        return [key for key in self.lines if key in near]


def _list_changes(diff: GraphDiff) -> dict[str, list[str]]:
    """What a changed node says of itself, by the node's id, or by the layer's with `layer` in front."""
    found: dict[str, list[str]] = {}
    for layer in diff.layers:
        if layer.kind == "changed":
            inside = ["changed inside"] if layer.nested else []
            found[f"layer {layer.after}"] = [*map(_describe_change, layer.changes), *inside]
    for node in diff.nodes:
        if node.kind == "changed" and node.after is not None:
            found[node.after] = [*map(_describe_change, node.changes)]
    return found


def _describe_node(topology: Topology, node_id: str, changes: dict[str, list[str]]) -> list[str]:
    layer = topology.layer_of(node_id)
    name, class_name = (layer.keras_name, layer.class_name) if layer else (node_id, "unknown layer")
    said = [*changes.get(f"layer {topology.nodes[node_id].layer}", []), *changes.get(node_id, [])]
    more = [f"and {len(said) - MAX_CHANGES} more"] if len(said) > MAX_CHANGES else []
    return [name, class_name, *said[:MAX_CHANGES], *more]


def _describe_change(change: ValueChange) -> str:
    what = ".".join(change.path) or change.aspect
    if change.aspect in ("code", "graph"):
        return f"{change.aspect} changed"
    before = "not set" if change.kind == "added" else _spell(change.before)
    after = "not set" if change.kind == "removed" else _spell(change.after)
    return f"{what}: {before} → {after}"


def _spell(value: JsonValue) -> str:
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        value = value["class_name"]
    return _shorten(value if isinstance(value, str) else json.dumps(value), 20)


def _shorten(text: str, most: int = MAX_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _escape(text: str) -> str:
    """One line of a label: Graphviz reads backslashes as its own marks, and entities of HTML."""
    return _shorten(UNPRINTABLE.sub("�", text)).replace("\\", "\\\\").replace("&", "&amp;")


def _draw_node(drawing: "pygraphviz.AGraph", name: str, lines: list[str], kind: Kind | None) -> None:
    label = "\n".join(map(_escape, lines))
    if label.startswith("<"):
        label = f" {label} "  # Graphviz takes what begins with < and ends with > for HTML
    style = STYLES[kind]
    drawing.add_node(
        name,
        label=label,
        fillcolor=style.fill,
        color=style.border,
        fontcolor="#212529",
        style=f"filled,rounded,{style.line}",
        penwidth="1" if kind is None else "2",
    )


def _draw_legend(drawing: "pygraphviz.AGraph") -> None:
    """One box for each kind, beside each other above the drawing."""
    names = []
    for kind, style in STYLES.items():
        name = f"legend_{style.label}"
        names.append(name)
        _draw_node(drawing, name, [style.label], kind)
        drawing.get_node(name).attr.update(fontsize="10", height="0.2", margin="0.08,0.03")
    drawing.add_subgraph(names, rank="source")
