"""Copies in real data sets: inside, in the test part, and across a split."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from engine.data.duplicate_examples import Part
from engine.data.duplicates import Side, digest_part, find_leak
from engine.data.library.library import use_library
from engine.errors import ConfigError, EngineError
from engine.training.split_leaks import look_for_duplicates
from engine.training.split_reports import divide_dataset
from engine.training.split_settings import HoldoutSplit, KFoldSplit, StoredSplit
from engine.training.stored_splits import write_stored_split

SIGNS = Path(__file__).parents[4] / "shared" / "data" / "signs"


def nobody(_: float) -> None:
    """Hears of progress and makes nothing of it."""


def test_copies_in_iris_are_those_that_numpy_finds():
    from sklearn.datasets import load_iris

    told: list[float] = []
    report = look_for_duplicates("iris", {}, None, told.append)
    features = load_iris().data.astype("float32")
    assert [(part.part, part.copies) for part in report.parts] == [
        ("training", len(features) - len(np.unique(features, axis=0)))
    ]
    assert report.leaks == []
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_split_of_iris_tells_which_samples_are_on_both_sides():
    whole = look_for_duplicates("iris", {}, None, nobody).parts[0]
    twins = {tuple(sorted(place.row for place in one.places)) for one in whole.examples}
    apart = 0
    for seed in range(20):
        split = HoldoutSplit(validation=0.5, seed=seed)
        (leak,) = look_for_duplicates("iris", {}, split, nobody).leaks
        assert (leak.part, leak.source, leak.samples) == ("validation", "training", 75)
        assert all(tuple(sorted(place.row for place in one.places)) in twins for one in leak.examples)
        apart += leak.leaked
    assert 0 < apart < 20 * whole.copies


def test_each_fold_is_told_by_its_number():
    report = look_for_duplicates("iris", {}, KFoldSplit(folds=3), nobody)
    assert [leak.part for leak in report.leaks] == [f"validation of fold {number}" for number in (1, 2, 3)]
    assert report.split == KFoldSplit(folds=3).model_dump(mode="json")


def test_a_stored_split_is_told_as_what_it_was_stored_from(tmp_path: Path):
    use_library(tmp_path / "sets")
    try:
        folder = tmp_path / "splits" / "iris" / "mine"
        folder.mkdir(parents=True)
        definition = HoldoutSplit(validation=0.4, test=0.2, seed=3)
        dataset, splits, divided = divide_dataset("iris", {}, definition)
        write_stored_split(folder, "mine", divided, splits, dataset)
        stored = look_for_duplicates("iris", {}, StoredSplit(name="mine"), nobody)
        assert stored.leaks == look_for_duplicates("iris", {}, definition, nobody).leaks
        assert [leak.part for leak in stored.leaks] == ["validation", "test"]
        assert stored.split == {"kind": "stored", "name": "mine"}
        with pytest.raises(ConfigError, match="no stored split 'yours'; expected one of mine"):
            look_for_duplicates("iris", {}, StoredSplit(name="yours"), nobody)
    finally:
        use_library(None)


def test_an_unknown_data_set_is_refused():
    use_library(None)
    with pytest.raises(EngineError, match="no data set 'nothing'"):
        look_for_duplicates("nothing", {}, None, nobody)


def test_photos_are_compared_as_numpy_compares_them():
    """The photos of signs: the collection has near twins, and only what is equal byte for byte counts."""
    if not SIGNS.is_dir():
        pytest.skip(f"the photos are not in {SIGNS}")
    with h5py.File(SIGNS / "train_signs.h5") as file:
        x, y = file["train_set_x"][:], file["train_set_y"][:]
    with h5py.File(SIGNS / "test_signs.h5") as file:
        tested, labels = file["test_set_x"][:], file["test_set_y"][:]
    # Some of the training photos are put among those for the test, one with a wrong label.
    tested[:3], labels[:3] = x[[7, 400, 1000]], [y[7], y[400], (y[1000] + 1) % 6]
    training = digest_part(Part("training", {"image": x}, {"sign": y}), lambda _: None)
    test = digest_part(Part("test", {"image": tested}, {"sign": labels}), lambda _: None)
    leak = find_leak(Side.whole(test), Side.whole(training))
    known = {photo.tobytes() for photo in x}
    assert leak.leaked == sum(photo.tobytes() in known for photo in tested) >= 3
    assert leak.contradictions >= 1
    assert {(7, 0), (400, 1), (1000, 2)} <= {
        (one.places[1].row, one.places[0].row) for one in leak.examples
    } or leak.leaked > len(leak.examples)
