"""Every operation of keras.ops is found under its public name, and what the catalogue says of it is so."""

import keras
import pytest

from engine.layers.docstrings import read_docstring
from engine.layers.operation_calls import trace_operation
from engine.layers.operation_entries import describe_operation_arguments
from engine.layers.operation_trials import call_symbolically, find_trial
from engine.layers.operations import (
    discover_operations,
    find_function,
    find_operation,
    is_operation,
    name_operation,
)
from engine.layers.overlay import OPERATION_CALLS, OPERATION_EXAMPLES
from engine.layers.schema import Catalogue, Entry
from engine.layers.scope import open_symbolic_scope

NEED_FUNCTIONS = {
    "associative_scan",
    "cond",
    "fori_loop",
    "jvp",
    "map",
    "scan",
    "switch",
    "vectorized_map",
    "while_loop",
}


@pytest.fixture(scope="module")
def operations(catalogue: Catalogue) -> dict[str, Entry]:
    return {entry.class_name: entry for entry in catalogue.operations}


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("get_item", "GetItem"),
        ("batch_normalization", "BatchNorm"),
        ("cdist", "CDist"),
        ("searchsorted", "SearchSorted"),
        ("image.resize", "Resize"),
        ("norm", "Norm"),
        ("linalg.norm", "Norm"),
        ("nn.relu", "Relu"),
        ("swish", "Silu"),
    ],
)
def test_an_operation_is_found_by_its_name_and_its_aliases(name: str, class_name: str) -> None:
    found = find_operation(name)

    assert found is not None
    assert found.value.__name__ == class_name


@pytest.mark.parametrize(
    "name", ["zeros", "custom_gradient", "shape", "Sum", "keras.ops.sum", "", "operation.Operation"]
)
def test_what_makes_no_operation_is_none(name: str) -> None:
    assert find_operation(name) is None


def test_the_top_level_name_is_the_one_that_counts() -> None:
    assert name_operation("keras.src.ops.linalg", "Norm") == "norm"
    assert name_operation("keras.src.ops.nn", "Relu") == "relu"
    assert name_operation("keras.src.ops.image", "Resize") == "image.resize"
    assert name_operation(None, "Sum") == "sum"
    assert name_operation("somewhere", "Sum") is None


def test_every_operation_of_a_functional_model_has_a_name() -> None:
    x = keras.Input((4, 4))
    y = keras.ops.mean(abs(x[:, 0] @ x) ** 2 - 1 / keras.ops.exp(x), axis=-1, keepdims=True)
    model = keras.Model(x, keras.ops.image.resize(keras.ops.expand_dims(y, -1), (2, 2)))

    for operation in model.operations:
        if is_operation(operation):
            assert name_operation(type(operation).__module__, type(operation).__name__)


def test_nearly_all_public_functions_on_tensors_are_there(operations: dict[str, Entry]) -> None:
    usable = [name for name, entry in operations.items() if not entry.unavailable]

    assert len(usable) > 300
    assert len(usable) > 0.94 * len(operations)


def test_what_needs_a_function_says_that_it_cannot_be_called(operations: dict[str, Entry]) -> None:
    for name in NEED_FUNCTIONS:
        assert "Keras cannot call" in (operations[name].unavailable or ""), name


@pytest.mark.parametrize("name", list(discover_operations()))
def test_an_entry_fits_its_operation(operations: dict[str, Entry], name: str) -> None:
    entry = operations[name]

    assert entry.package == "keras.ops"
    assert entry.summary
    assert entry.category.startswith("Operations: ")
    assert entry.call
    for argument in entry.arguments:
        assert argument.name != "name"
        assert argument.kinds
        assert ("tuple" in argument.kinds) == bool(argument.items), argument.name
        assert ("choice" in argument.kinds) == bool(argument.choices), argument.name
    if entry.unavailable:
        assert entry.example == {}
        return
    required = {argument.name for argument in entry.arguments if argument.required}
    assert required <= entry.example.keys()
    assert any(argument.tensor for argument in entry.call)


def test_headings_are_those_of_the_operations(catalogue: Catalogue) -> None:
    assert set(catalogue.operation_categories) == {entry.category for entry in catalogue.operations}
    assert not set(catalogue.operation_categories) & set(catalogue.categories)


def test_the_help_of_an_operation_is_that_of_its_function(operations: dict[str, Entry]) -> None:
    entry = operations["sum"]
    function = find_function(discover_operations()["sum"].value)

    assert function is keras.ops.sum
    assert entry.arguments[0].help == read_docstring(keras.ops.sum).arguments["axis"]
    assert {"integer", "tuple"} <= set(entry.arguments[0].kinds)


def test_lists_go_where_keras_takes_lists(operations: dict[str, Entry]) -> None:
    many = {name for name, entry in operations.items() if entry.call[0].many}

    assert {"concatenate", "stack", "hstack", "einsum", "meshgrid"} <= many
    assert not {"add", "sum", "matmul"} & many


def test_choices_are_the_words_that_the_call_accepts(operations: dict[str, Entry]) -> None:
    padding = next(one for one in operations["conv"].arguments if one.name == "padding")

    assert padding.choices == ["valid", "same"]


@pytest.mark.parametrize("name", sorted({*OPERATION_CALLS, *OPERATION_EXAMPLES}))
def test_a_row_of_the_overlay_helps(name: str) -> None:
    operation = find_operation(name)
    assert operation is not None
    assert operation.name == name

    with open_symbolic_scope():
        arguments = describe_operation_arguments(operation.value, operation.function)
        trial, refusal = find_trial(name, operation.value, arguments)

    assert {*OPERATION_EXAMPLES.get(name, {})} <= {argument.name for argument in arguments}
    assert trial is not None, refusal


def test_a_computation_is_tried_with_sizes_where_it_needs_them() -> None:
    operation = discover_operations()["image.elastic_transform"].value()
    images = keras.KerasTensor((None, 8, 8, 3))
    with open_symbolic_scope():
        operation(images)
        trace_operation(operation, [images], {})


def test_what_is_impossible_with_any_size_is_refused() -> None:
    with open_symbolic_scope(), pytest.raises(Exception, match="rank"):
        call_symbolically(
            discover_operations()["average_pool"].value, {"pool_size": 2}, (keras.KerasTensor((None, 8)),)
        )
