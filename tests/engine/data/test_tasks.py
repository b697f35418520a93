"""Data sets made of others: what they ask can be answered from what they show."""

from itertools import pairwise

import numpy as np
import pytest

from engine.data.datasets import load_dataset
from engine.data.loaders.additions import CHARACTERS
from engine.data.loaders.digit_scenes import DIRECTIONS
from engine.data.loaders.digits import QUESTIONS, WORDS, load_digits
from engine.errors import ConfigError


def test_the_two_halves_make_the_digit():
    halves, digits = load_dataset("digits_halves"), load_digits()

    np.testing.assert_array_equal(np.concatenate([*halves.inputs.values()], axis=2), digits["image"])
    np.testing.assert_array_equal(halves.targets["digit"], digits["digit"])


def test_pairs_are_the_same_about_as_often_as_not():
    same = load_dataset("digits_pairs").targets["same"]

    assert 0.5 < same.mean() < 0.6


def test_every_question_has_its_true_answer():
    asked, digits = load_dataset("digits_questions"), load_digits()
    digit_of = {image.tobytes(): digit for image, digit in zip(digits["image"], digits["digit"], strict=True)}
    texts = [" ".join(WORDS[token] for token in tokens if token) for tokens in asked.inputs["question"][:200]]

    for text, image, answer in zip(texts, asked.inputs["image"], asked.targets["answer"], strict=False):
        assert answer == QUESTIONS[text](digit_of[image.tobytes()])


def test_the_mask_is_where_the_picture_is_dark_without_its_noise():
    scenes = load_dataset("digits_scenes")
    image, mask = scenes.inputs["image"], scenes.targets["mask"]

    assert set(np.unique(mask)) == {0, 1}
    assert image[mask == 1].mean() > 0.6 > 0.2 > image[mask == 0].mean()


def test_a_digit_moves_one_pixel_per_frame_and_stays_in_the_picture():
    films = load_dataset("digits_films")
    for film, direction in zip(films.inputs["frames"][:100], films.targets["direction"], strict=False):
        step = list(DIRECTIONS.values())[direction]
        for before, after in pairwise(film):
            np.testing.assert_array_equal(np.roll(before, step, axis=(0, 1)), after)


def test_sums_are_right_and_the_decoder_is_told_what_came_before():
    sums = load_dataset("additions", {"samples": 200, "digits": 3})
    read = lambda tokens: "".join(CHARACTERS[token] for token in tokens).strip()  # noqa: E731

    for question, previous, answer in zip(*sums.inputs.values(), sums.targets["answer"], strict=True):
        first, second = read(question).split("+")
        assert int(read(answer)) == int(first) + int(second)
        assert CHARACTERS[previous[0]] == "^"
        np.testing.assert_array_equal(previous[1:], answer[:-1])


@pytest.mark.parametrize("name", ["digits_halves", "digits_pairs", "digits_questions", "digits_films", "additions"])
def test_the_same_is_made_every_time(name: str):
    from engine.data.datasets import SOURCES

    first, second = (SOURCES[name].read({}) for _ in range(2))
    for key, array in {**first.inputs, **first.targets}.items():
        np.testing.assert_array_equal(array, {**second.inputs, **second.targets}[key])


@pytest.mark.parametrize("arguments", [{"digits": 0}, {"digits": 99}, {"samples": 10**9}, {"seed": -1}, {"foo": 1}])
def test_sums_that_cannot_be_drawn_are_refused(arguments: dict[str, int]):
    with pytest.raises(ConfigError):
        load_dataset("additions", arguments)
