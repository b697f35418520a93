"""Arguments of a call, from edges and constants."""

import pytest
from pydantic import JsonValue

from engine.graph.document import Argument, Edge, Node, PathStep
from engine.models.calls import assemble_call
from engine.models.faults import LayerError


def assemble(
    arguments: dict[str, JsonValue], *places: tuple[Argument, list[PathStep]]
) -> tuple[list[object], dict[str, object]]:
    edges = [
        Edge(id=f"e{index}", source="s", target="t", argument=argument, path=path)
        for index, (argument, path) in enumerate(places)
    ]
    return assemble_call(Node(id="t", layer="t", arguments=arguments), edges, {edge.id: edge.id for edge in edges})


def test_positions_come_in_order_and_keywords_by_name():
    assert assemble({"training": False}, (1, []), (0, []), ("mask", [])) == (
        ["e1", "e0"],
        {"training": False, "mask": "e2"},
    )


def test_a_decimal_keyword_is_a_position():
    assert assemble({"1": 2.0}, ("0", [])) == (["e0", 2.0], {})


def test_lists_take_their_order_from_the_path_and_not_from_the_edges():
    assert assemble({}, (0, [1]), (0, [0])) == ([["e1", "e0"]], {})


def test_dictionaries_and_nested_structures_are_made_on_the_way():
    assert assemble({}, (0, ["q", 0]), (0, ["q", 1]), (0, ["k"])) == ([{"q": ["e0", "e1"], "k": "e2"}], {})


def test_tensors_fill_places_in_a_constant_which_itself_stays_as_it_is():
    constant: JsonValue = [None, 2.0]

    assert assemble({"xs": constant}, ("xs", [0])) == ([], {"xs": ["e0", 2.0]})
    assert constant == [None, 2.0]


@pytest.mark.parametrize(
    ("places", "code", "argument"),
    [
        ([(1, [])], "missing_argument", "0"),
        ([(0, [0]), (0, [2])], "missing_argument", "0"),
        ([(0, [0]), (0, ["q"])], "mixed_argument", "0"),
        ([("xs", ["q", 1])], "missing_argument", "xs"),
    ],
)
def test_what_cannot_be_put_together_names_the_argument(
    places: list[tuple[Argument, list[PathStep]]], code: str, argument: str
):
    with pytest.raises(LayerError) as caught:
        assemble({}, *places)

    assert (caught.value.code, caught.value.argument) == (code, argument)
