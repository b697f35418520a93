"""The data of the benchmarks, and what is made of their measurements."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import csv

from benchmarks import pictures, rows
from benchmarks.own_data import Prepared, Trained
from engine.graph.document import Graph
from engine.training.config import RunConfig


def test_a_table_is_written_piece_by_piece_and_has_ten_columns(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(rows, "ROWS_PER_PIECE", 40)
    rows.write_table(tmp_path / "rows.csv", 100)
    table = csv.read_csv(tmp_path / "rows.csv")
    assert (table.num_rows, table.num_columns) == (100, 10)
    assert [str(one) for one in table.schema.types] == [*["double"] * 8, "string", "int64"]
    assert set(table["label"].to_pylist()) == {0, 1}
    assert pa.types.is_string(table.schema.field("town").type)


def test_images_are_the_same_each_time_and_their_classes_differ(tmp_path: Path):
    for folder in ("one", "other"):
        pictures.write_images(tmp_path / folder, 6)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.jpg"))
    assert [str(one.parent) for one in files] == ["stripes"] * 3 + ["waves"] * 3
    for file in files:
        first, second = (np.asarray(Image.open(tmp_path / folder / file)) for folder in ("one", "other"))
        assert first.shape == (pictures.HEIGHT, pictures.WIDTH, 3)
        assert np.array_equal(first, second)


def test_graphs_and_configs_are_those_of_a_run():
    for graph, config in (
        (rows.draw(12), rows.make_config(quick=True)),
        *((pictures.draw(), pictures.make_config(3, data)) for data in pictures.PLACES),
    ):
        Graph.model_validate(graph)
        RunConfig.model_validate(config)


def test_the_budget_is_of_each_process_that_reads_the_rows():
    prepared = Prepared({}, seconds=2.0, peak_megabytes=400.0, busy_cores=1.0)
    trained = Trained({"wait_share": 0.03, "data": "stream"}, seconds=4.0, worker_megabytes=601.0)
    found = {one.name: one for one in rows.describe(1_000, prepared, trained)}
    assert [one.is_within for one in found.values() if one.budget is not None] == [True, False]
    assert found["1,000 rows: prepared"].median == 500
    assert found["1,000 rows: of the time, training waited for rows"].median == 3


def test_waiting_for_images_has_a_budget():
    prepared = Prepared({}, seconds=2.0, peak_megabytes=400.0, busy_cores=1.9)
    for share, within in ((0.05, True), (0.2, False)):
        trained = Trained({"wait_share": share, "data": "stream"}, seconds=4.0, worker_megabytes=400.0)
        found = [one for one in pictures.describe(100, 10, prepared, [trained]) if one.budget is not None]
        assert [one.is_within for one in found] == [within]
