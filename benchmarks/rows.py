"""A table with more rows than a worker may have in memory: looked through, prepared, and trained on for an epoch."""

from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.graphs import Drawing, Json
from benchmarks.measurement import Measurement
from benchmarks.own_data import Prepared, Trained, prepare, serve_folder, train
from benchmarks.serving import make_home

ROWS, QUICK_ROWS = 10_000_000, 50_000
ROWS_PER_PIECE = 500_000
NUMBERS = 8
TOWNS = ("Aachen", "Bergen", "Celle", "Dover", "Essen")
BATCH = 1024
MOST_MEGABYTES = 600.0


def measure(*, quick: bool = False) -> list[Measurement]:
    """Memory and speed of preparing and of training, with the share of time that the training waited for its rows."""
    rows = QUICK_ROWS if quick else ROWS
    with make_home() as home:
        folder = home / "files"
        folder.mkdir()
        write_table(folder / "rows.csv", rows)
        with serve_folder(home, folder) as server, httpx.Client(base_url=server.url, timeout=120) as client:
            prepared = prepare(server, client, "rows", folder / "rows.csv", {"kind": "table"})
            width = prepared.manifest["inputs"][0]["shape"][0]
            trained = train(client, "Rows", draw(width), make_config(quick=quick))
    return describe(rows, prepared, trained)


def describe(rows: int, prepared: Prepared, trained: Trained) -> list[Measurement]:
    what = f"{rows:,} rows"
    waited = trained.plan["wait_share"]
    return [
        Measurement(f"{what}: memory of preparing, at most", "MB", [prepared.peak_megabytes], MOST_MEGABYTES),
        Measurement(f"{what}: prepared", "rows/s", [rows / prepared.seconds]),
        Measurement(f"{what}: memory of the worker, at most", "MB", [trained.worker_megabytes], MOST_MEGABYTES),
        Measurement(
            f"{what}: trained ({trained.plan['data']}, batches of {BATCH})", "rows/s", [rows / trained.seconds]
        ),
        Measurement(f"{what}: of the time, training waited for rows", "%", [100 * (waited or 0.0)]),
    ]


def write_table(path: Path, rows: int) -> None:
    """Ten columns: eight numbers, a town, and whether a mixture of them is large. Written piece by piece."""
    random = np.random.default_rng(0)
    names = [f"number_{place}" for place in range(NUMBERS)]
    writer = None
    for first in range(0, rows, ROWS_PER_PIECE):
        count = min(ROWS_PER_PIECE, rows - first)
        numbers = random.normal(size=(NUMBERS, count)).round(4)
        towns = random.integers(0, len(TOWNS), count)
        large = (numbers[0] - numbers[1] + 0.5 * towns + random.normal(size=count) > 1).astype("int8")
        columns = [*map(pa.array, numbers), pa.array(np.array(TOWNS)[towns]), pa.array(large)]
        table = pa.table(columns, names=[*names, "town", "label"])
        writer = writer or csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def draw(width: int) -> Json:
    """A small classifier for rows of so many numbers."""
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[width])
    last = drawing.add("Dense", [last], units=32, activation="relu")
    drawing.add("Dense", [last], units=1, activation="sigmoid")
    return drawing.to_json()


def make_config(*, quick: bool) -> Json:
    compile_settings: Json = {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"]}
    plan: object = {"mode": "graph", "data": "stream"} if quick else "auto"
    fit: Json = {"epochs": 1, "batch_size": BATCH}
    return {"compile": compile_settings, "fit": fit, "data": {"dataset": "rows"}, "plan": plan}
