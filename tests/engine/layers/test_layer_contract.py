"""One contract, held against every layer that a document can use."""

import keras
import pytest

from engine.layers.discover import discover_classes
from engine.layers.docstrings import read_docstring
from engine.layers.making import make_object
from engine.layers.overlay import DOCUMENTED_BY
from engine.layers.own.registry import list_own_classes
from engine.layers.safety import REFUSED_LAYERS, check_config_is_safe, resolve_layer_class
from engine.layers.schema import Entry
from tests.engine.layers.calling import call_somehow

USABLE = [
    *(name for name in discover_classes("layers") if name not in REFUSED_LAYERS),
    *(one.__name__ for one in list_own_classes("layers")),
]

CHOICES_WITH_CONDITIONS = {(name, "tf_idf") for name in ("IntegerLookup", "StringLookup", "TextVectorization")}
"""With a vocabulary this mode also needs the weights of the words."""

WRITTEN_AS_JSON = {
    ("BatchNormalization", "renorm_clipping"): "a dictionary of numbers by name",
    ("Bidirectional", "weights"): "a list of arrays",
    ("Dense", "quantization_config"): "an object that has no form of its own",
    ("EinsumDense", "quantization_config"): "an object that has no form of its own",
    ("Embedding", "weights"): "a matrix",
    ("Embedding", "quantization_config"): "an object that has no form of its own",
}


@pytest.fixture(params=USABLE)
def entry(request: pytest.FixtureRequest, layers: dict[str, Entry]) -> Entry:
    return layers[request.param]


@pytest.fixture
def layer_class(entry: Entry) -> type[keras.layers.Layer]:
    found = resolve_layer_class(entry.class_name, entry.package)
    assert found is not None
    return found


def test_is_made_from_its_example_and_comes_back_from_its_config(
    entry: Entry, layer_class: type[keras.layers.Layer]
) -> None:
    assert entry.unavailable is None
    check_config_is_safe(entry.class_name, entry.example)

    layer = make_object(layer_class, entry.example)
    config = layer.get_config()

    assert layer_class.from_config(layer.get_config()).get_config() == config


def test_accepts_every_default_and_every_choice_it_states(entry: Entry, layer_class: type[keras.layers.Layer]) -> None:
    defaults = {argument.name: argument.default for argument in entry.arguments if not argument.required}

    make_object(layer_class, defaults | entry.example)
    for argument in entry.arguments:
        for choice in argument.choices:
            if (entry.class_name, choice) not in CHOICES_WITH_CONDITIONS:
                make_object(layer_class, entry.example | {argument.name: choice})


def test_can_be_called_on_some_input(entry: Entry, layer_class: type[keras.layers.Layer]) -> None:
    if layer_class is keras.layers.InputLayer:
        assert entry.call == []
        return

    outputs = call_somehow(layer_class, entry)

    assert all(isinstance(output.shape, tuple) and output.dtype for output in outputs)


def test_every_argument_has_a_type_that_a_form_can_draw(entry: Entry) -> None:
    untyped = {(entry.class_name, one.name) for one in entry.arguments if "json" in one.kinds}

    assert untyped <= WRITTEN_AS_JSON.keys()
    for argument in entry.arguments:
        assert argument.kinds, argument.name
        assert ("tuple" in argument.kinds) == bool(argument.items), argument.name
        assert ("choice" in argument.kinds) == bool(argument.choices), argument.name


def test_every_documented_argument_has_its_help(entry: Entry, layer_class: type[keras.layers.Layer]) -> None:
    documented = read_docstring(DOCUMENTED_BY.get(entry.class_name, layer_class)).arguments

    for argument in entry.arguments:
        assert argument.help or argument.name not in documented, argument.name


def test_ranges_hold_for_the_defaults_and_the_example(entry: Entry) -> None:
    for argument in entry.arguments:
        value = entry.example.get(argument.name, argument.default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert argument.minimum is None or value >= argument.minimum, argument.name
            assert argument.maximum is None or value <= argument.maximum, argument.name


def test_has_a_heading_and_a_summary(entry: Entry) -> None:
    assert entry.category
    assert entry.summary
