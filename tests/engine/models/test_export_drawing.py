"""Export as a drawing: byte for byte what Keras draws, with the options that Keras has."""

import inspect
import itertools

import keras
import pytest
from pydantic import JsonValue

from engine.errors import EngineError
from engine.models.drawing import list_drawing_options, read_options
from engine.models.export import export_model
from tests.engine.models.samples import SAMPLES, chain, nested_twice

OPTIONS: list[dict[str, str]] = [
    {},
    {"expand_nested": "false", "show_trainable": "false"},
    {"show_shapes": "false", "show_dtype": "0", "rankdir": "LR", "dpi": "72"},
    {"show_layer_names": "false", "show_layer_activations": "False", "splines": "curved"},
]


def build_exported(code: str) -> keras.Model:
    namespace: dict[str, object] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), namespace)
    return namespace["build_model"]()  # type: ignore[operator]


@pytest.mark.parametrize(("sample", "options"), list(itertools.product(SAMPLES, OPTIONS)))
def test_exported_dot_is_what_keras_draws_of_the_exported_python(sample: str, options: dict[str, str]):
    graph = SAMPLES[sample]()
    keras.backend.clear_session()  # Keras numbers the names that it makes up.
    model = build_exported(export_model(graph, "python", "m").content.decode())
    if isinstance(model, keras.Sequential):
        graph = graph.model_copy(update={"class_name": "Sequential"})
    arguments = read_options(options)

    drawn = keras.utils.model_to_dot(model, **arguments).to_string()

    assert renumber(export_model(graph, "dot", "m", options=options).content.decode()) == renumber(drawn)


def renumber(dot: str) -> str:
    """Keras numbers nodes by their addresses in memory; here by their order."""
    numbers: dict[str, str] = {}
    words = [word.strip('";') for word in dot.replace("cluster_", "cluster_ ").split()]
    for word in words:
        if word.isdecimal() and len(word) > 9:
            numbers.setdefault(word, f"n{len(numbers)}")
    for number, short in numbers.items():
        dot = dot.replace(number, short)
    return dot


def test_a_drawing_is_laid_out_without_any_program_on_the_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")

    svg = export_model(nested_twice(), "svg", "m").content.decode()
    png = export_model(nested_twice(), "png", "m").content

    assert svg.count('class="node"') == 5
    assert "<b>" not in svg
    assert "block" in svg
    assert png.startswith(b"\x89PNG")


def test_the_options_are_those_of_keras_and_show_everything():
    options = {option.name: option for option in list_drawing_options()}

    parameters = inspect.signature(keras.utils.model_to_dot).parameters
    assert set(options) == set(parameters) - {"model", "subgraph", "kwargs"}
    assert all(option.default is True for option in options.values() if option.kind == "boolean")
    assert options["rankdir"].choices == ["TB", "LR"]
    assert options["dpi"].default == 200
    assert all(option.help for option in options.values())


def test_a_picture_is_as_large_as_its_resolution_says():
    small, large = (export_model(chain(), "png", options={"dpi": dpi}).content for dpi in ("50", "100"))

    # The width stands in the file's first chunk.
    assert int.from_bytes(large[16:20]) == pytest.approx(2 * int.from_bytes(small[16:20]), rel=0.02)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"show_everything": "true"}, "unknown_option", "expected one of show_shapes"),
        ({"subgraph": "true"}, "unknown_option", "'subgraph'"),
        ({"show_shapes": "maybe"}, "invalid_option", "expected true or false"),
        ({"dpi": "1000000"}, "invalid_option", "expected a number from 10 to 600"),
        ({"dpi": "٣٠"}, "invalid_option", "expected a number"),
        ({"rankdir": 'TB"; size=1e9'}, "invalid_option", "expected one of TB, LR"),
    ],
)
def test_an_option_that_keras_does_not_take_is_refused(options: dict[str, str], code: str, words: str):
    with pytest.raises(EngineError, match=words) as caught:
        export_model(chain(), "dot", options=options)

    assert caught.value.code == code


def test_a_format_that_is_no_drawing_takes_no_options():
    with pytest.raises(EngineError, match="has no options; received dpi") as caught:
        export_model(chain(), "json", options={"dpi": "72"})

    assert caught.value.code == "unknown_option"


def test_options_are_read_into_what_keras_takes():
    expected: dict[str, JsonValue] = {"show_shapes": False, "dpi": 72, "rankdir": "LR"}

    assert read_options({"show_shapes": "FALSE", "dpi": "72", "rankdir": "LR"}).items() >= expected.items()
