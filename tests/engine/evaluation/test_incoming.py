"""Rows and tables as people and programs send them: odd, broken and hostile ones."""

import string
from collections.abc import Callable

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.errors import IssuesError
from engine.evaluation.incoming.csv_rows import read_csv
from engine.evaluation.incoming.json_rows import read_inputs, read_rows
from engine.evaluation.incoming.received import Received


def tensor(name: str, *shape: int | None, dtype: str = "float32") -> keras.KerasTensor:
    return keras.KerasTensor((None, *shape), dtype, name=name)


FEATURES = [tensor("features", 4)]
IMAGE = [tensor("image", 2, 2, 1)]
PERSON = [tensor("age", 1, dtype="int64"), tensor("height", 1)]
TOKENS = [tensor("tokens", None, dtype="int32")]
REVIEW = [tensor("review", 1, dtype="string")]
SIGNATURES = [FEATURES, IMAGE, PERSON, TOKENS, REVIEW]


def refuse_csv(text: str, inputs: list[keras.KerasTensor] = FEATURES) -> str:
    with pytest.raises(IssuesError) as caught:
        read_csv(text, inputs)
    return caught.value.message


def refuse_rows(rows: list[JsonValue], inputs: list[keras.KerasTensor] = FEATURES) -> str:
    with pytest.raises(IssuesError) as caught:
        read_rows(rows, inputs)
    return caught.value.message


def check(read: Callable[[], Received], inputs: list[keras.KerasTensor]) -> None:
    """Whatever came is arrays of the inputs' shapes and dtypes, or an error with sentences and nothing else."""
    try:
        arrays = read().arrays
    except IssuesError as error:
        said = [error.message, *(issue.message for issue in error.issues)]
    else:
        said = []
        assert len({len(array) for array in arrays}) == 1
        for array, end in zip(arrays, inputs, strict=True):
            assert array.ndim == len(end.shape)
            assert all(size in (None, there) for size, there in zip(end.shape, array.shape, strict=True))
            assert str(array.dtype) == ("object" if end.dtype == "string" else end.dtype)
    assert all(said)
    assert len(said) != 1


numbers = st.floats(width=32, allow_nan=False)
tables = st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=6)


@settings(deadline=None)
@given(
    table=tables,
    delimiter=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
    names=st.sampled_from([[], ["a", "b", "c", "d"], ["twice", "twice", '"a, b; c"', "width (cm)"]]),
    space=st.sampled_from(["", " "]),
)
def test_a_table_comes_back_however_a_program_writes_it(table, delimiter, newline, mark, names, space):
    lines = [names, *[[repr(number) for number in row] for row in table]] if names else [map(repr, r) for r in table]
    text = mark + newline.join((delimiter + space).join(cells) for cells in lines) + newline
    received = read_csv(text, FEATURES)
    np.testing.assert_array_equal(received.arrays[0], np.array(table, "float32"))
    assert ["taken for names" in one for one in received.remarks] == ([True] if names else [])


@settings(deadline=None, max_examples=300)
@given(
    text=st.text(st.sampled_from(string.digits + ',;\t\n\r" .-+eE_nainfNaN\ufeff\0ä٣x'), max_size=80),
    inputs=st.sampled_from(SIGNATURES),
)
def test_any_text_is_a_table_or_refused_in_words(text, inputs):
    check(lambda: read_csv(text, inputs), inputs)


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(["NaN", 10**400, 2**64])
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["age", "height", "features", "x"]), inner, max_size=3),
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(rows=st.lists(values, min_size=1, max_size=4), inputs=st.sampled_from(SIGNATURES))
def test_any_json_is_rows_or_refused_in_words(rows, inputs):
    check(lambda: read_rows(rows, inputs), inputs)
    check(lambda: read_inputs({one.name: rows for one in inputs}, inputs), inputs)


def test_a_line_of_a_million_columns_is_refused_before_it_is_taken_apart():
    assert "more than 1,000,000 values" in refuse_csv("1," * 2_000_000)
    assert refuse_csv("1," * 999_999 + "1").startswith("Line 1: expected 4 columns (4 of 'features'); received 1000000")


def test_one_endless_cell_is_refused():
    assert "field larger than field limit" in refuse_csv("1" * 1_000_000)


def test_a_thousand_bad_lines_make_a_short_answer():
    with pytest.raises(IssuesError) as caught:
        read_csv("\n".join(["1,2,3,4", *["a,b,c,d"] * 900]), FEATURES)
    assert caught.value.message == "Line 2, column 1: expected a number; received 'a'. (and 3599 more)"
    assert len(caught.value.issues) == 20


def test_lines_are_counted_as_an_editor_counts_them():
    assert refuse_csv("a,b,c,d\n\n1,2,3,4\n\n1,2,x,4\n") == "Line 5, c: expected a number; received 'x'."
    assert refuse_csv('"a\nb",c,d,e\n1,2,3,4\n1,2,3\n').startswith("Line 4: expected 4 columns")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no line with values"),
        ("\n \n,,,\n", "There is no line with values"),
        ("a,b,c,d\n", "There are only names"),
        ("1,2,3\n", "Line 1: expected 4 columns"),
        ("1,2,3,4,\n", "received 5"),
        ("1,2,3,\n", "Line 1, column 4: expected a number; received nothing"),
        ('1,2,"3,4\n', "cannot be read"),
        ("1,2,3,1_000\n", "received '1_000'"),
        ("1;2;3;4,5\n", "received '4,5'"),
    ],
)
def test_a_broken_table_is_refused_by_its_place(text, words):
    assert words in refuse_csv(text)


def test_decimal_commas_get_a_hint():
    with pytest.raises(IssuesError) as caught:
        read_csv("1;2;3;4,5\n", FEATURES)
    assert caught.value.hint == "Write decimal points, not commas."


def test_numbers_that_are_none_and_infinite_stay_what_they_are():
    (array,) = read_csv("nan,inf,-inf,1e3\n", FEATURES).arrays
    np.testing.assert_array_equal(array, np.array([[np.nan, np.inf, -np.inf, 1000]], "float32"))
    (array,) = read_rows([["NaN", "Infinity", True, 2]], FEATURES).arrays
    np.testing.assert_array_equal(array, np.array([[np.nan, np.inf, 1, 2]], "float32"))


def test_whole_numbers_keep_their_last_digit_and_no_other_is_rounded():
    arrays = read_csv("height,age\n1.5,9007199254740993\n2,3.0\n", PERSON).arrays
    assert arrays[0].ravel().tolist() == [9007199254740993, 3]
    assert refuse_csv("30.5,1.5\n", PERSON) == "Line 1, column 1: expected a whole number; received '30.5'."
    assert "nan" in refuse_csv("nan,1.5\n", PERSON)
    assert "fit into 64 bits" in refuse_csv(f"{10**30},1.5\n", PERSON)


def test_a_name_that_is_nearly_that_of_an_input_is_no_accident():
    assert "expected the names 'age', 'height'" in refuse_csv("height,agee\n1.8,30\n", PERSON)
    assert "each once" in refuse_csv("age,age\n1,2\n", PERSON)


def test_names_that_are_numbers_are_asked_about():
    received = read_csv("0,1,2,3\n5.1,3.5,1.4,0.2\n", FEATURES)
    assert len(received.arrays[0]) == 2
    assert received.remarks == [
        "The first line counts 0, 1, 2, … and was taken for values; leave it out where these are names."
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[1, 2, 3]], "Row 1, input 'features': expected values of the shape [4]; received [3]."),
        ([[[1, 2, 3, 4]]], "expected values of the shape [4]; received [1, 4]."),
        ([5], "expected values of the shape [4]; received a single value."),
        ([[]], "received [0]"),
        ([[1, [2], 3, 4]], "not equally long"),
        ([[1, 2, 3, "4"]], "There is '4' among the values"),
        ([[1, 2, 3, None]], "There is None among the values"),
        ([[1, 2, 3, 10**400]], "too large"),
        ([[1, 2, 3, 1e39]], "float32 cannot hold"),
        ([[1, 2, 3, 4], [1, 2]], "Row 2"),
        ([{"feature": [1, 2, 3, 4]}], "no input 'feature'"),
        ([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]], "nested more than 16 deep"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_its_number(rows, words):
    assert words in refuse_rows(rows)


def test_an_image_may_be_flat_or_nested_but_nothing_between():
    assert read_rows([[1, 2, 3, 4], [[[1], [2]], [[3], [4]]]], IMAGE).arrays[0].shape == (2, 2, 2, 1)
    message = refuse_rows([[[1, 2], [3, 4]]], IMAGE)
    assert (
        message == "Row 1, input 'image': expected values of the shape [2, 2, 1], or 4 numbers flat; received [2, 2]."
    )
