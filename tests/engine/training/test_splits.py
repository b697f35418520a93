"""Samples divided by scikit-learn: the same rows as its own functions give, and clear refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    train_test_split,
)

from engine.errors import ConfigError
from engine.training.feeding import FedData
from engine.training.split_rows import SplitRows, find_slice
from engine.training.split_settings import ComputedSplit, SplitSettings
from engine.training.splits import make_splits
from tests.engine.training.divided_data import SAMPLES, feed, install, load

COMPUTED = TypeAdapter[ComputedSplit](ComputedSplit)
ANY = TypeAdapter[SplitSettings](SplitSettings)
ROWS = np.arange(SAMPLES)


@pytest.fixture(autouse=True)
def patients(monkeypatch):
    install(monkeypatch)


def divide(target="kind", **settings) -> list[SplitRows]:
    return make_splits(COMPUTED.validate_python(settings), *feed(target))


def refuse(target="kind", **settings) -> tuple[str, str]:
    """Where the error is, and what it says."""
    with pytest.raises(ConfigError) as error:
        divide(target, **settings)
    (issue,) = error.value.issues
    return str(issue.argument), issue.message


def list_pairs(splits: list[SplitRows]) -> list[list[list[int]]]:
    return [[one.training.tolist(), one.validation.tolist()] for one in splits]


def sort_pairs(pairs) -> list[list[list[int]]]:
    return [[sorted(side.tolist()) for side in pair] for pair in pairs]


ARRAYS = load()
KIND, PATIENT, DAY = ARRAYS["kind"], ARRAYS["patient"], ARRAYS["day"]


@pytest.mark.parametrize(
    ("settings", "theirs"),
    [
        ({"kind": "holdout", "seed": 4}, lambda: [train_test_split(ROWS, test_size=0.2, random_state=4)]),
        ({"kind": "holdout", "shuffle": False}, lambda: [train_test_split(ROWS, test_size=0.2, shuffle=False)]),
        (
            {"kind": "stratified", "validation": 0.3},
            lambda: [train_test_split(ROWS, test_size=0.3, stratify=KIND, random_state=0)],
        ),
        (
            {"kind": "grouped", "by": "patient", "seed": 2},
            lambda: GroupShuffleSplit(1, test_size=0.2, random_state=2).split(ROWS, groups=PATIENT),
        ),
        ({"kind": "k_fold", "folds": 4}, lambda: KFold(4, shuffle=True, random_state=0).split(ROWS)),
        ({"kind": "k_fold", "shuffle": False}, lambda: KFold(5).split(ROWS)),
        (
            {"kind": "k_fold", "folds": 3, "repeats": 2, "seed": 5},
            lambda: RepeatedKFold(n_splits=3, n_repeats=2, random_state=5).split(ROWS),
        ),
        (
            {"kind": "k_fold", "variant": "stratified", "repeats": 2},
            lambda: RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=0).split(ROWS, KIND),
        ),
        (
            {"kind": "k_fold", "variant": "stratified", "seed": 1},
            lambda: StratifiedKFold(5, shuffle=True, random_state=1).split(ROWS, KIND),
        ),
        (
            {"kind": "k_fold", "variant": "grouped", "by": "patient", "shuffle": False},
            lambda: GroupKFold(5).split(ROWS, groups=PATIENT),
        ),
        (
            {"kind": "k_fold", "variant": "stratified_grouped", "by": "patient", "folds": 3},
            lambda: StratifiedGroupKFold(3, shuffle=True, random_state=0).split(ROWS, KIND, PATIENT),
        ),
        (
            {"kind": "k_fold", "variant": "time", "gap": 2},
            lambda: TimeSeriesSplit(5, gap=2).split(ROWS),
        ),
    ],
    ids=lambda one: "-".join(f"{value}" for value in one.values()) if isinstance(one, dict) else "",
)
def test_the_rows_are_those_of_scikit_learn_in_the_order_of_the_data(settings, theirs):
    assert list_pairs(divide(**settings)) == sort_pairs([pair[:2] for pair in theirs()])


@pytest.mark.parametrize("kind", ["holdout", "stratified", "grouped"])
def test_a_test_part_is_kept_apart_from_both(kind):
    by = {"by": "patient"} if kind == "grouped" else {}
    (split,) = divide(kind=kind, validation=0.2, test=0.1, **by)
    assert sorted(np.concatenate(split.arrays)) == ROWS.tolist()
    assert [len(side) for side in split.arrays] == [63, 18, 9]


def test_no_group_is_on_two_sides():
    (split,) = divide(kind="grouped", by="patient", validation=0.3, test=0.2)
    sides = [set(PATIENT[rows].tolist()) for rows in split.arrays]
    assert [len(side) for side in sides] == [5, 3, 2]
    assert len(set.union(*sides)) == 10


def test_all_sides_have_the_same_share_of_each_class():
    (split,) = divide(kind="stratified", validation=0.2, test=0.2)
    assert [np.bincount(KIND[rows]).tolist() for rows in split.arrays] == [[27, 18, 9], [9, 6, 3], [9, 6, 3]]


@pytest.mark.parametrize(("target", "by"), [("one_hot", None), ("height", "kind"), ("kind", "one_hot")])
def test_classes_may_stand_in_one_hot_rows_or_in_another_array(target, by):
    assert list_pairs(divide(target, kind="stratified", by=by)) == list_pairs(divide(kind="stratified"))


def test_the_latest_samples_validate_and_no_time_is_on_two_sides():
    (split,) = divide(kind="time", by="day", validation=0.25, test=0.1)
    training, validation, test = (DAY[rows] for rows in split.arrays)
    assert training.max() < validation.min()
    assert validation.max() < test.min()
    assert sum(map(len, split.arrays)) == SAMPLES


def test_without_times_the_order_of_the_samples_counts():
    (split,) = divide(kind="time", validation=0.1, test=0.1, gap=4)
    assert [(rows[0], rows[-1]) for rows in split.arrays] == [(0, 63), (68, 76), (81, 89)]


def test_the_same_settings_divide_in_the_same_way_and_another_seed_in_another():
    first, again, other = (list_pairs(divide(kind="holdout", seed=seed)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("settings", "place", "words"),
    [
        ({"kind": "holdout", "validation": 0.999}, "validation", "90 samples 90 would be for validation"),
        ({"kind": "grouped", "by": "patients"}, "by", "no array 'patients'; expected one of kind"),
        ({"kind": "grouped", "by": "point"}, "by", "[4] values per sample; expected one, the group"),
        ({"kind": "grouped", "by": "holes"}, "by", "4 of 90 samples have NaN in the array 'holes'"),
        ({"kind": "grouped", "by": "patient", "validation": 0.95}, "validation", "Of 10 groups 10 would be"),
        ({"kind": "time", "by": "holes"}, "by", "expected the time of each"),
        ({"kind": "time", "gap": 85}, "gap", "a gap of 85 is left out"),
        ({"kind": "stratified", "by": "height"}, "by", "holds no classes (float32"),
        ({"kind": "stratified", "by": "point"}, "by", "[4] per sample"),
        ({"kind": "stratified", "validation": 0.02}, "validation", "2 of 90 samples cannot have each of 3 classes"),
        ({"kind": "k_fold", "folds": 91}, "folds", "91 folds are more than the 90 samples"),
        ({"kind": "k_fold", "variant": "grouped", "by": "patient", "folds": 11}, "folds", "more than the 10 groups"),
        ({"kind": "k_fold", "variant": "stratified", "folds": 46}, "folds", "cannot be divided into 46 folds"),
        ({"kind": "k_fold", "variant": "time", "gap": 80}, "folds", "cannot be divided into 5 folds"),
    ],
    ids=lambda one: str(one) if isinstance(one, dict) else "",
)
def test_what_cannot_be_divided_is_refused_at_its_place(settings, place, words):
    argument, message = refuse(**settings)
    assert argument == f"data.split.{place}"
    assert words in message


def test_a_class_with_one_sample_is_named():
    data, dataset = feed()
    kind = data.targets[0].copy()
    kind[7] = 9
    with pytest.raises(ConfigError, match="The class 9 has 1 sample left to divide"):
        make_splits(COMPUTED.validate_python({"kind": "stratified"}), FedData(data.inputs, [kind], ["kind"]), dataset)


def test_samples_of_one_group_are_refused():
    data, dataset = feed()
    alone = dataset.inputs | {"patient": np.zeros(SAMPLES, int)}
    object.__setattr__(dataset, "inputs", alone)
    with pytest.raises(ConfigError, match=r"All samples are of one group \(0\)"):
        make_splits(COMPUTED.validate_python({"kind": "grouped", "by": "patient"}), data, dataset)


def test_groups_may_be_texts():
    data, dataset = feed()
    named = dataset.inputs | {"patient": np.array([f"Пациент {one}" for one in PATIENT], dtype=object)}
    object.__setattr__(dataset, "inputs", named)
    (split,) = make_splits(COMPUTED.validate_python({"kind": "grouped", "by": "patient", "seed": 2}), data, dataset)
    assert list_pairs([split]) == list_pairs(divide(kind="grouped", by="patient", seed=2))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "holdout", "validation": 0}, "greater than 0"),
        ({"kind": "holdout", "validation": 0.6, "test": 0.4}, "take all samples"),
        ({"kind": "holdout", "validation": float("nan")}, "finite"),
        ({"kind": "holdout", "seed": -1}, "greater than or equal to 0"),
        ({"kind": "grouped"}, "Field required"),
        ({"kind": "k_fold", "folds": 1}, "greater than or equal to 2"),
        ({"kind": "k_fold", "folds": 100, "repeats": 3}, "300 models; expected 200 at most"),
        ({"kind": "k_fold", "shuffle": False, "repeats": 2}, "would be the same"),
        ({"kind": "k_fold", "variant": "time", "repeats": 2}, "would be the same"),
        ({"kind": "k_fold", "variant": "grouped"}, "groups need by"),
        ({"kind": "k_fold", "gap": 3}, "gap is for the variant time"),
        ({"kind": "stored", "name": "../x"}, "pattern"),
        ({"kind": "leave_one_out"}, "does not match any of the expected tags"),
        ({"kind": "holdout", "sed": 3}, "Extra inputs"),
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(settings, words):
    with pytest.raises(ValidationError, match=words):
        ANY.validate_python(settings)


@given(
    validation=st.floats(0.01, 0.98),
    test=st.floats(0, 0.9),
    kind=st.sampled_from(["holdout", "time"]),
    gap=st.integers(0, 99),
)
def test_every_sample_is_on_one_side_at_most(validation, test, kind, gap):
    extra = {"gap": gap} if kind == "time" else {}
    data = FedData([np.zeros((37, 1), "float32")], [np.zeros(37)], ["y"])
    try:
        settings = COMPUTED.validate_python({"kind": kind, "validation": validation, "test": test, **extra})
        (split,) = make_splits(settings, data, feed()[1])
    except (ConfigError, ValidationError):
        return
    rows = np.concatenate(split.arrays)
    assert len(np.unique(rows)) == len(rows) <= 37
    assert len(split.training)
    assert len(split.validation)


@given(st.sets(st.integers(0, 30), min_size=1))
def test_rows_that_lie_one_after_the_other_are_a_slice_of_the_same_samples(chosen):
    rows = np.array(sorted(chosen))
    assert np.arange(31)[find_slice(rows)].tolist() == rows.tolist()
