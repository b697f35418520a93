"""The page of the examples says what was reached, what it took, and what was left out."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from examples.boston import BOSTON
from examples.classics import IMDB, MNIST
from examples.curves import draw_curves
from examples.page import COLUMNS, Outcome, format_table, write_page
from examples.plain_fit import PlainFit
from examples.training import Trained, measure_epoch

HISTORY = {"loss": [0.5, 0.25], "accuracy": [0.8, 0.9], "val_loss": [0.4, 0.3], "val_accuracy": [0.85, 0.88]}
RUN = Trained(0.88, HISTORY, 12.4, [100.0, 101.5], "xla", "")
FIT = PlainFit(30.0, [10.0, 14.0], HISTORY)


def test_a_row_has_result_and_times_of_both_ways():
    table = format_table([Outcome(IMDB, RUN, FIT)])

    row = [cell.strip() for cell in table.splitlines()[2].strip("|").split("|")]
    assert row == [IMDB.title, "≥ 87 %", "**88 %**", "88 %", "12 s", "30 s", "1.5 s", "4 s", "xla"]


def test_a_missed_goal_is_said_and_counts():
    outcome = Outcome(IMDB, replace(RUN, result=0.86))

    assert not outcome.is_good
    assert "**86 %** (missed)" in format_table([outcome])


def test_an_example_without_its_data_says_why_and_is_no_miss():
    outcome = Outcome(MNIST, absence="mnist.npz is not there yet.")

    assert outcome.is_good
    row = format_table([outcome]).splitlines()[2]
    assert "not run: mnist.npz is not there yet." in row
    assert row.count("|") == len(COLUMNS) + 1


@pytest.mark.parametrize(("result", "good"), [(2.7, True), (2.8, False)])
def test_an_error_has_to_be_small_and_folds_are_told(result: float, good: bool):
    outcome = Outcome(BOSTON, replace(RUN, result=result, folds=4))

    assert outcome.is_good == good
    assert "| Boston house prices (4 folds) | ≤ 2.70 |" in format_table([outcome])


def test_a_single_epoch_says_nothing_about_those_after_the_first():
    assert measure_epoch([5.0]) is None
    assert measure_epoch([5.0, 6.0, 9.0]) == 2.0


@pytest.mark.parametrize(
    "history", [HISTORY, {"loss": [1.0], "accuracy": [nan]}, {"loss": [2.0, 2.0], "a<b": [1.0]}, {}]
)
def test_a_drawing_is_valid_whatever_the_numbers_are(history: dict[str, list[float]]):
    drawing = draw_curves(history, ["loss", *[name for name in history if name not in ("loss", "val_loss")]])

    assert ET.fromstring(drawing).tag.endswith("svg")
    assert "nan" not in drawing


def test_the_page_shows_each_drawing_that_it_has(tmp_path: Path):
    write_page([Outcome(IMDB, RUN, FIT), Outcome(MNIST, absence="gone")], "Measured.", tmp_path / "examples.md")

    page = (tmp_path / "examples.md").read_text()
    assert "](images/examples/imdb.svg)" in page
    assert [file.name for file in (tmp_path / "images" / "examples").iterdir()] == ["imdb.svg"]
