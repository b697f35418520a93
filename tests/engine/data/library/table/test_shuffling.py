"""The samples of a table can be mixed while it is prepared, always in the same way for a seed."""

import numpy as np
import pytest

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.table import shuffling
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError

ROWS = 1_000
TABLE = "number,word,twice\n" + "".join(f"{row},word {row} of many,{row * 2}\n" for row in range(ROWS))


@pytest.fixture
def prepare(write, tmp_path):
    def prepare_table(**options):
        inputs = [ArrayPlan(name="number", fields=["number"]), ArrayPlan(name="word", fields=["word"])]
        targets = [ArrayPlan(name="twice", fields=["twice"])]
        options["columns"] = {"word": {"type": "text"}, "number": {"type": "number"}, "twice": {"type": "number"}}
        definition = Definition(kind="table", options=options, inputs=inputs, targets=targets)
        folder = ArrayFolder(tmp_path / str(options.get("seed")), definition.array_names)
        heard: list[float] = []
        KIND.prepare(write(TABLE), definition, folder, heard.append)
        assert heard == sorted(heard)
        assert heard[-1] == pytest.approx(1.0)
        texts = folder.map_texts()["word"]
        return {name: array.tolist() for name, array in folder.map().items()} | {
            "word": texts.read(0, len(texts)).tolist()
        }

    return prepare_table


@pytest.mark.parametrize("piece_bytes", [32 << 20, 256], ids=["in one pile", "in many piles"])
def test_all_arrays_are_mixed_in_the_order_that_numpy_gives_for_the_seed(prepare, monkeypatch, piece_bytes):
    monkeypatch.setattr(shuffling, "PIECE_BYTES", piece_bytes)
    monkeypatch.setattr(shuffling, "TEXTS_AT_ONCE", 300)
    arrays = prepare(shuffle=True, seed=7)
    order = np.random.default_rng(7).permutation(ROWS).tolist()
    assert arrays["number"] == [[row] for row in order]
    assert arrays["word"] == [f"word {row} of many" for row in order]
    assert arrays["twice"] == [row * 2 for row in order]


def test_another_seed_gives_another_order_and_no_shuffle_that_of_the_file(prepare):
    assert prepare(shuffle=True, seed=1)["twice"] != prepare(shuffle=True, seed=2)["twice"]
    assert prepare(seed=3)["twice"] == [row * 2 for row in range(ROWS)]


def test_the_seed_is_shown_and_kept(write):
    options = KIND.inspect(write(TABLE), None).definition.options
    assert (options["shuffle"], options["seed"]) == (False, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shuffle": True, "series": True}, "expected rows in the order of time for a series"),
        ({"shuffle": True, "seed": -1}, r"The option .seed. of a table: .* greater than or equal to 0; received '-1'"),
        ({"shuffle": "often"}, r"The option .shuffle. of a table: .* received 'often'"),
    ],
)
def test_a_shuffle_that_makes_no_sense_is_refused(write, options, message):
    with pytest.raises(IssuesError, match=message):
        KIND.inspect(write(TABLE), Definition(kind="table", options=options))


def test_nothing_is_left_beside_the_mixed_arrays(prepare, tmp_path):
    prepare(shuffle=True, seed=5)
    assert sorted(path.name for path in (tmp_path / "5" / "training").iterdir()) == [
        "0.npy", "1.ends.npy", "1.utf8.npy", "2.npy",
    ]  # fmt: skip
