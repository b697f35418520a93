"""The document: strict about its form, tolerant of half-drawn graphs, and addressed by what it means."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from engine.graph.canonical import canonical_json, content_hash
from engine.graph.document import Graph, Layer, Layout, Position
from engine.graph.rules import structural_issues

IDENTIFIERS = st.from_regex(r"[A-Za-z0-9_.:-]{1,10}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
STEPS = st.integers(0, 9999) | TEXT
Document = dict[str, object]
Parts = dict[str, st.SearchStrategy[object]]


def described(required: Parts, optional: Parts | None = None) -> st.SearchStrategy[Document]:
    """Dictionaries with these keys, some of them perhaps left out."""
    return st.fixed_dictionaries(required, optional=optional or {})


LEAVES = described(
    {"id": IDENTIFIERS, "class_name": st.text("abc", min_size=1), "config": st.dictionaries(TEXT, JSON, max_size=3)},
    {"name": st.text("abc /<", min_size=1, max_size=9), "trainable": st.booleans(), "package": TEXT},
)
NODES = described({"id": IDENTIFIERS, "layer": IDENTIFIERS}, {"arguments": st.dictionaries(TEXT, JSON, max_size=2)})
EDGES = described(
    {"id": IDENTIFIERS, "source": IDENTIFIERS, "target": IDENTIFIERS},
    {
        "output": st.integers(0, 999),
        "argument": st.integers(0, 99) | st.text(min_size=1, max_size=5),
        "path": st.lists(STEPS, max_size=3),
    },
)
ENDS = st.none() | st.lists(described({"node": IDENTIFIERS, "output": st.integers(0, 9)}), max_size=2)
GROUPS = st.lists(described({"id": IDENTIFIERS, "title": TEXT, "nodes": st.lists(IDENTIFIERS, max_size=2)}), max_size=2)
NOTES = st.lists(described({"id": IDENTIFIERS, "text": TEXT}), max_size=2)


def graphs_of(layers: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return described(
        {
            "layers": st.lists(layers, max_size=3),
            "nodes": st.lists(NODES, max_size=3),
            "edges": st.lists(EDGES, max_size=3),
        },
        {"inputs": ENDS, "outputs": ENDS, "groups": GROUPS, "notes": NOTES},
    )


def hold_graph(layer: Document, graph: Document) -> Document:
    return {**layer, "graph": graph}


GRAPHS = graphs_of(st.builds(hold_graph, LEAVES, graphs_of(LEAVES)) | LEAVES).map(Graph.model_validate)


@settings(deadline=None)
@given(GRAPHS)
def test_a_document_survives_json(graph: Graph):
    again = Graph.model_validate_json(graph.model_dump_json())

    assert again == graph
    assert content_hash(again) == content_hash(graph)


@settings(deadline=None)
@given(GRAPHS)
def test_canonical_json_holds_all_that_the_document_says(graph: Graph):
    assert Graph.model_validate_json(canonical_json(graph)) == graph


@settings(deadline=None)
@given(GRAPHS)
def test_the_rules_answer_every_document(graph: Graph):
    for issue in structural_issues(graph):
        issue.model_dump_json().encode()


@given(st.dictionaries(TEXT, JSON, min_size=2, max_size=5))
def test_the_order_of_a_config_does_not_change_the_hash(config: dict[str, JsonValue]):
    items = list(config.items())
    random.Random(0).shuffle(items)
    first, second = (Graph(layers=[Layer(id="a", class_name="A", config=c)]) for c in (config, dict(items)))

    assert content_hash(first) == content_hash(second)


def test_the_hash_is_the_same_in_every_release():
    graph = Graph(layers=[Layer(id="x", class_name="InputLayer", config={"shape": [8]})])

    assert canonical_json(graph) == '{"layers":[{"class_name":"InputLayer","config":{"shape":[8]},"id":"x"}]}'
    assert content_hash(graph) == "fcd06aa3ad196c31eb215f109f5ac965a8ffb6eaa5954061d8d8a610a7adc812"


def test_what_equals_a_default_is_not_part_of_the_hash_and_any_change_is():
    plain = Layer(id="a", class_name="Dense")
    spelt_out = Layer(id="a", class_name="Dense", name=None, config={}, trainable=True)

    assert content_hash(Graph(layers=[plain])) == content_hash(Graph(layers=[spelt_out]))
    for field, value in {"id": "b", "class_name": "LSTM", "name": "b", "config": {"u": 1}, "trainable": False}.items():
        assert content_hash(Graph(layers=[plain.model_copy(update={field: value})])) != content_hash(
            Graph(layers=[plain])
        )


def test_the_layout_is_no_part_of_the_document():
    assert not {"layout", "positions"} & set(Graph.model_fields)
    assert Layout(positions={"a": Position(x=1, y=2)}).positions["a"].x == 1


@pytest.mark.parametrize(
    "document",
    [
        {"format": 2},
        {"colour": "red"},
        {"nodes": [{"id": "a b", "layer": "a"}]},
        {"nodes": [{"id": "", "layer": "a"}]},
        {"nodes": [{"id": "<script>", "layer": "a"}]},
        {"layers": [{"id": "a", "class_name": ""}]},
        {"layers": [{"id": "a", "class_name": "A", "name": ""}]},
        {"edges": [{"id": "e", "source": "a", "target": "b", "output": -1}]},
        {"edges": [{"id": "e", "source": "a", "target": "b", "argument": 100}]},
        {"edges": [{"id": "e", "source": "a", "target": "b", "path": [0] * 9}]},
        {"nodes": [{"id": f"n{index}", "layer": "a"} for index in range(10_001)]},
    ],
)
def test_what_is_not_a_document_is_refused(document: dict[str, JsonValue]):
    with pytest.raises(ValidationError):
        Graph.model_validate(document)


@pytest.mark.parametrize("place", [float("nan"), float("inf"), 1e9])
def test_a_place_off_the_canvas_is_refused(place: float):
    with pytest.raises(ValidationError):
        Position(x=place, y=0)
