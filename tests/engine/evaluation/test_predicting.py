"""Predictions for samples of the data, for rows in JSON and CSV, and for images."""

import re
import struct
import zlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.data.datasets import load_dataset
from engine.errors import EngineError, IssuesError
from engine.evaluation.requests import CsvRows, ImageFile, InputArrays, JsonRows, SplitRows


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return load_dataset("digits").inputs["image"]


@pytest.fixture(scope="module")
def plain(digits, images):
    return keras.saving.load_model(digits.checkpoint).predict(images[1437:1440], verbose=0)


@pytest.fixture(scope="module")
def iris(train_template):
    return train_template("iris_mlp", 1)


@pytest.fixture(scope="module")
def halves(train_template):
    return train_template("two_branches", 1)


def refuse(trained, request) -> IssuesError:
    with pytest.raises(IssuesError) as error:
        trained.predict(request)
    return error.value


def test_samples_of_a_split_are_predicted_as_keras_does(digits, images, plain):
    found = digits.predict(SplitRows(split="validation", indices=[0, 2]))
    np.testing.assert_allclose(found.raw[0].values, plain[[0, 2]], atol=1e-6)
    assert [one.index for one in found.samples] == [0, 2]
    answer = found.samples[0].outputs[0]
    assert answer.label == plain[0].argmax()
    assert answer.target_label == load_dataset("digits").targets["digit"][1437]
    assert [one.score for one in answer.classes] == pytest.approx(sorted(plain[0])[::-1][:5])
    np.testing.assert_allclose(found.samples[1].inputs["image"].values, images[1439], atol=1e-6)


def test_a_sample_that_is_not_there_is_refused_by_its_place(digits):
    error = refuse(digits, SplitRows(split="validation", indices=[0, 360]))
    assert error.issues[0].argument == "indices.1"
    assert "expected a number from 0 to 359" in error.message


def test_rows_whole_arrays_and_lines_say_the_same(digits, images, plain):
    nested, flat = images[1437:1440].tolist(), images[1437:1440].reshape(3, -1).tolist()
    header = ",".join(f"pixel {place}" for place in range(64))
    lines = [",".join(map(str, row)) for row in flat]
    for request in (
        InputArrays(inputs={"image": nested}),
        JsonRows(rows=nested),
        JsonRows(rows=flat),
        JsonRows(rows=[{"image": one} for one in nested]),
        CsvRows(text="\n".join(lines)),
        CsvRows(text="\ufeff" + "\r\n".join([header, *lines]) + "\r\n"),
        CsvRows(text="\n".join([header, *lines]).replace(",", ";")),
    ):
        np.testing.assert_allclose(digits.predict(request).raw[0].values, plain, atol=1e-6)


def test_several_inputs_are_named_in_rows_and_counted_in_lines(halves):
    left, right = np.full((8, 4, 1), 0.25), np.full((8, 4, 1), 0.5)
    row = {"left": left.tolist(), "right": right.ravel().tolist()}
    by_name = halves.predict(JsonRows(rows=[row]))
    line = ",".join(map(str, [*left.ravel(), *right.ravel()]))
    assert halves.predict(CsvRows(text=line)).raw == by_name.raw
    assert list(by_name.samples[0].inputs) == ["left", "right"]


@pytest.mark.parametrize(
    ("rows", "argument", "words"),
    [
        ([[1, 2, 3, 4], [1, 2, 3]], "rows.1", r"Row 2, input 'features': .* shape \[4\]; received \[3\]"),
        ([[1, 2, "x", 4]], "rows.0", "Row 1, input 'features': There is 'x' among the values; expected numbers"),
        ([{"petals": [1, 2, 3, 4]}], "rows.0.petals", "Row 1: The model has no input 'petals'; expected 'features'"),
        ([{}], "rows.0.features", "Row 1: The input 'features' is missing"),
        ([7], "rows.0", "Row 1, input 'features'"),
        ([None], "rows.0", "Row 1, input 'features': There is None"),
    ],
)
def test_rows_that_do_not_fit_are_named(iris, rows, argument, words):
    error = refuse(iris, JsonRows(rows=rows))
    assert (error.issues[0].argument or "").startswith(argument)
    assert re.search(words, error.issues[0].message)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2,3,4\n1,2,3", "Line 2: expected 4 columns (4 of 'features'); received 3"),
        ("a,b,c,d\n1,2,x,4", "Line 2, c: expected a number; received 'x'"),
        ("1,2,3,4\n1,2,,4", "Line 2, column 3: expected a number; received nothing"),
        ("a,b,c,d", "There are only names"),
        ("", "There is no line with values"),
        ("\n \n", "There is no line with values"),
        ('1,2,3,"4', "Line 1 cannot be read"),
        ("1,2,3,4\n" * 1002, "more than 1,000 lines"),
    ],
)
def test_lines_that_do_not_fit_are_named(iris, text, words):
    error = refuse(iris, CsvRows(text=text))
    assert words in error.issues[0].message


def test_every_wrong_cell_is_told_at_once(iris):
    error = refuse(iris, CsvRows(text="1,x,3,4\n1,2,y,4"))
    assert [issue.message for issue in error.issues] == [
        "Line 1, column 2: expected a number; received 'x'.",
        "Line 2, column 3: expected a number; received 'y'.",
    ]


def test_whole_arrays_of_different_lengths_are_refused(halves):
    one, two = np.zeros((1, 8, 4, 1)).tolist(), np.zeros((2, 8, 4, 1)).tolist()
    error = refuse(halves, InputArrays(inputs={"left": one, "right": two}))
    assert "same number of samples: 'left' has 1, 'right' has 2" in error.message


@pytest.mark.parametrize("encode", [tf.io.encode_png, tf.io.encode_jpeg])
def test_an_image_is_brought_to_size_and_range_of_the_data(digits, images, encode):
    large = np.kron(images[1437, :, :, 0], np.ones((40, 40)))[..., None]
    file = encode(tf.constant((large * 255).astype("uint8"))).numpy()
    found = digits.predict(ImageFile.model_construct(content=file))
    shown = found.samples[0].inputs["image"]
    assert (shown.shape, shown.minimum, shown.maximum) == ([8, 8, 1], 0, 1)
    np.testing.assert_allclose(shown.values, images[1437], atol=0.3)
    assert "320 × 320 pixels was brought to 8 × 8, in grey" in found.remarks[0]
    inverted = digits.predict(ImageFile.model_construct(content=file, invert=True)).samples[0].inputs["image"]
    np.testing.assert_allclose(np.array(inverted.values), 1 - np.array(shown.values), atol=1e-5)


def make_png_header(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (make_png_header(50_000, 50_000), "too_large", "50,000 × 50,000 pixels; expected at most"),
        (make_png_header(8, 8), "invalid_image", "damaged"),
        (make_png_header(0, 8), "invalid_image", "says no size"),
        (b"\x89PNG\r\n\x1a\n", "invalid_image", "ends within its header"),
        (b"\xff\xd8\xff\xe0", "invalid_image", "damaged"),
        (b"GIF89a", "invalid_image", "neither PNG nor JPEG"),
        (b"", "invalid_image", "neither PNG nor JPEG"),
    ],
)
def test_a_bad_image_is_refused_before_it_is_decoded(digits, content, code, words):
    with pytest.raises(EngineError) as error:
        digits.predict(ImageFile.model_construct(content=content))
    assert error.value.code == code
    assert words in error.value.message


def test_a_model_without_an_image_input_takes_no_image(iris):
    with pytest.raises(EngineError, match="'features' of shape"):
        iris.predict(ImageFile.model_construct(content=make_png_header(8, 8)))


def test_a_text_is_shown_as_word_numbers(train_template):
    trained = train_template("visual_question_answering", 1)
    inputs = trained.predict(SplitRows(indices=[0])).samples[0].inputs
    assert {name: shown.kind for name, shown in inputs.items()} == {"image": "image", "question": "tokens"}
