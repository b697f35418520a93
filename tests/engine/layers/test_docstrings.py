"""Docstrings are read although they are not all written alike."""

import keras
import pytest

from engine.layers.docstrings import read_docstring
from engine.layers.phrases import Phrase, read_phrase


def test_an_argument_that_is_indented_badly_keeps_its_text() -> None:
    staircase = read_docstring(keras.optimizers.schedules.InverseTimeDecay).arguments["staircase"]

    assert staircase.startswith("Whether to apply decay in a discrete staircase")


def test_code_at_the_margin_hides_no_arguments() -> None:
    assert "mode" in read_docstring(keras.layers.RandomFlip).arguments


def test_the_arguments_of_a_call_stand_apart() -> None:
    docstring = read_docstring(keras.layers.LSTM)

    assert "units" in docstring.arguments
    assert "units" not in docstring.call_arguments
    assert docstring.call_arguments["initial_state"].startswith("List of initial state tensors")


def test_an_argument_is_read_from_the_base_where_the_class_is_silent() -> None:
    assert read_docstring(keras.layers.Add).arguments["dtype"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Positive integer, size.", Phrase(kinds=("integer",), minimum=0, exclusive_minimum=True)),
        (
            "int or tuple/list of 2 integers, specifying the strides.",
            Phrase(kinds=("integer", "tuple"), items=("integer",), lengths=(2,)),
        ),
        ("Float between 0 and 1.", Phrase(kinds=("float",), minimum=0, maximum=1)),
        ("Boolean, whether to use a bias.", Phrase(kinds=("boolean",))),
        ("", Phrase()),
    ],
)
def test_phrases_say_types_and_ranges(text: str, expected: Phrase) -> None:
    assert read_phrase(text) == expected


def test_a_quoted_word_is_no_type() -> None:
    phrase = read_phrase('One of `"int"` or `"one_hot"`, the mode.')

    assert (phrase.kinds, phrase.literals, phrase.offers_choice) == ((), ("int", "one_hot"), True)
