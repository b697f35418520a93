"""Steps give what Keras's functions give, in bounded memory, and refuse what would be wrong."""

import keras
import numpy as np
import pytest

from engine.data.mapped import is_mapped, take_rows
from engine.data.steps import rows
from engine.data.steps.apply import apply_steps, settle_steps
from engine.errors import ConfigError
from tests.engine.data.steps.series import make_dataset, step

RANDOM = np.random.default_rng(3)
TEXTS = RANDOM.integers(0, 9, (30, 6)).astype("int32")
LABELS = RANDOM.integers(0, 4, 30)
NUMBERS = RANDOM.normal(size=(30, 5, 2)).astype("float32")


@pytest.fixture(params=["in memory", "in a file", "in small blocks"])
def room(request, monkeypatch):
    """Where results lie, and how many samples go through a function at a time."""
    if request.param == "in a file":
        monkeypatch.setattr(rows, "IN_MEMORY_BYTES", 0)
    if request.param == "in small blocks":
        monkeypatch.setattr(rows, "BLOCK_BYTES", 100)


@pytest.fixture
def texts():
    return make_dataset({"tokens": TEXTS, "numbers": NUMBERS}, {"label": LABELS}, classes=4)


def test_labels_become_rows_of_categories_as_keras_makes_them(texts, room):
    made = apply_steps(texts, [step("to_categorical", "label", num_classes=6)])

    np.testing.assert_array_equal(made.targets["label"], keras.utils.to_categorical(LABELS, 6))
    assert (made.target_specs[0].shape, made.target_specs[0].classes) == ([6], 6)
    assert made.targets["label"].dtype == "float32"


def test_numbers_are_normalized_as_keras_does_it(texts, room):
    made = apply_steps(texts, [step("normalize", "numbers", axis=1, order=1)])

    np.testing.assert_allclose(made.inputs["numbers"], keras.utils.normalize(NUMBERS, axis=1, order=1), rtol=1e-6)


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [4, 9])
def test_sequences_are_cut_and_padded_as_keras_does_it(texts, room, padding, maxlen):
    arguments = {"maxlen": maxlen, "padding": padding, "truncating": padding, "value": 7}

    made = apply_steps(texts, [step("pad_sequences", "tokens", **arguments)])

    np.testing.assert_array_equal(made.inputs["tokens"], keras.utils.pad_sequences(TEXTS, **arguments))
    assert made.inputs["tokens"].dtype == "int32"


def test_word_numbers_become_the_zeros_and_ones_of_keras_layer(texts, room):
    made = apply_steps(texts, [step("multi_hot", "tokens", num_tokens=10)])

    layer = keras.layers.CategoryEncoding(num_tokens=10, output_mode="multi_hot")
    np.testing.assert_array_equal(made.inputs["tokens"], np.asarray(layer(TEXTS)))


def test_a_result_with_a_name_stands_beside_its_array_and_later_steps_see_it(texts):
    steps = [
        step("multi_hot", "tokens", name="words", num_tokens=10),
        step("normalize", "words", name="weights"),
        step("to_categorical", "label", name="row"),
    ]

    made = apply_steps(texts, steps)

    assert list(made.inputs) == ["tokens", "numbers", "words", "weights"]
    assert list(made.targets) == ["label", "row"]
    assert texts.inputs.keys() == {"tokens", "numbers"}
    assert made.targets["row"].shape == (30, 4)


def test_what_a_step_makes_cannot_be_written_to(texts):
    made = apply_steps(texts, [step("normalize", "numbers")])

    with pytest.raises(ValueError, match="read-only"):
        made.inputs["numbers"][0] = 1


def test_another_part_gets_as_many_classes_as_the_one_for_training():
    training = make_dataset({"x": NUMBERS}, {"label": LABELS})
    test = make_dataset({"x": NUMBERS[:2]}, {"label": np.array([0, 1])})
    steps = [step("windows", "x", sequence_length=1, horizon=0), step("to_categorical", "label")]

    made = apply_steps(test, settle_steps(training, steps))

    assert made.targets["label"].shape == (2, 4)


@pytest.mark.parametrize(
    ("chosen", "place", "expected"),
    [
        (step("to_categorical", "label", num_classes=3), "arguments.num_classes", "from 0 to 2; the array has"),
        (step("to_categorical", "label", num_classes=10**9), "arguments.num_classes", "from 1 to 1,000,000"),
        (step("to_categorical", "label", num_classes="4"), "arguments.num_classes", "received '4'"),
        (step("to_categorical", "numbers"), "array", "not all of them are whole"),
        (step("to_categorical", "text"), "array", "takes numbers; the array holds"),
        (step("to_categorical", "below"), "arguments.num_classes", "labels from -1 to 1"),
        (step("to_categorical", "label", classes=4), "arguments.classes", "expected one of num_classes"),
        (step("to_categorical", "labels"), "array", "There is no array 'labels'"),
        (step("to_categorical", "label", name="below"), "name", "There is an array 'below' already"),
        (step("normalize", "numbers", axis=0), "arguments.axis", "learns from all samples at once"),
        (step("normalize", "label"), "arguments.axis", "and it has none"),
        (step("normalize", "numbers", axis=3), "arguments.axis", "from -3 to 2 here; received 3"),
        (step("normalize", "tokens", order="x"), "arguments.order", "received 'x'"),
        (step("pad_sequences", "label"), "array", "single values"),
        (step("pad_sequences", "tokens", maxlen=0), "arguments.maxlen", "received 0"),
        (step("pad_sequences", "tokens", padding="middle"), "arguments.padding", "one of 'pre', 'post'"),
        (step("pad_sequences", "numbers", maxlen=3), "arguments.dtype", "cut off what is behind the point"),
        (step("pad_sequences", "tokens", dtype="object"), "arguments.dtype", "received 'object'"),
        (step("pad_sequences", "tokens", dtype="no such"), "arguments.dtype", "received 'no such'"),
        (step("pad_sequences", "tokens", maxlen=9, value="a"), "arguments.value", "received 'a'"),
        (step("multi_hot", "tokens"), "arguments.num_tokens", "needs 'num_tokens'"),
        (step("multi_hot", "tokens", num_tokens=5), "arguments.num_tokens", "from 0 to 4; the array has numbers"),
        (step("multi_hot", "label", num_tokens=5), "array", "rows of word numbers"),
        (step("multi_hot", "numbers", num_tokens=5), "array", "rows of word numbers"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_place(chosen, place, expected, texts):
    everything = {"below": np.array([-1, 0, 1] * 10), "text": np.array(["a"] * 30, object)}
    data = make_dataset({**texts.inputs, **everything}, texts.targets)

    with pytest.raises(ConfigError) as refusal:
        apply_steps(data, [step("normalize", "numbers", name="first"), chosen])

    (issue,) = refusal.value.issues
    assert issue.argument == f"data.steps.1.{place}"
    assert expected in issue.message


def test_a_large_result_is_read_from_a_file_as_it_is_asked_for(texts, monkeypatch):
    monkeypatch.setattr(rows, "IN_MEMORY_BYTES", 0)

    made = apply_steps(texts, [step("normalize", "numbers")]).inputs["numbers"]

    assert is_mapped(made)
    assert not made.flags.writeable
    np.testing.assert_array_equal(take_rows(made, np.array([7, 2])), made[[7, 2]])


def test_there_has_to_be_room_for_a_result(texts, monkeypatch):
    monkeypatch.setattr(rows, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(rows, "FREE_DISK_SHARE", 0)

    with pytest.raises(ConfigError, match=r"takes 1,200 bytes on the disk; expected at most 0%") as refusal:
        apply_steps(texts, [step("normalize", "numbers")])

    assert refusal.value.issues[0].code == "no_room"
