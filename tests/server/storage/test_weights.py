"""Weights in the store: a file is there for as long as something names it, whatever is interrupted."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.models.weight_results import StoredWeights, WeightsFit
from engine.training.config import RunConfig
from server.schemas.model import ModelCreate
from server.schemas.run import RunCreate
from server.schemas.weights import WeightsSource
from server.storage.database import Database
from server.storage.models import ModelStore
from server.storage.runs import RunStore
from server.storage.upgrade import upgrade_database
from server.storage.weights import WeightStore
from tests.server.open_runs import CONFIG

SOURCE = WeightsSource(kind="upload", name="a.npz")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    upgrade_database(database)
    yield database
    database.close()


@pytest.fixture
def store(database: Database, tmp_path: Path) -> WeightStore:
    return WeightStore(database, tmp_path / "weights")


def make_model(database: Database) -> str:
    return ModelStore(database).create(ModelCreate(name="Digits")).id


def keep(store: WeightStore, tmp_path: Path, model_id: str, content: bytes, name: str = "new") -> str:
    written = tmp_path / name
    written.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredWeights(sha256=digest, size=len(content), layers={"a": [[1]]}, fit=WeightsFit(layers=[]))
    return store.keep(model_id, written, stored, SOURCE).sha256


def list_files(tmp_path: Path) -> set[str]:
    return {path.stem for path in (tmp_path / "weights").iterdir()}


def start_run(database: Database, model_id: str, sha256: str) -> str:
    config = RunConfig.model_validate({**CONFIG.model_dump(), "weights": sha256})
    new = RunCreate(model_id=model_id, config=config)
    return RunStore(database).create(new, RunStore(database).read_graph(new)).id


def test_replaced_weights_go_and_shared_ones_stay(store: WeightStore, database: Database, tmp_path: Path):
    one, two = make_model(database), make_model(database)
    first = keep(store, tmp_path, one, b"first")
    assert keep(store, tmp_path, two, b"first") == first
    second = keep(store, tmp_path, one, b"second")
    assert list_files(tmp_path) == {first, second}
    ModelStore(database).delete(two)
    store.collect()
    assert list_files(tmp_path) == {second}
    store.forget(one)
    assert (list_files(tmp_path), store.find(one)) == (set(), None)


def test_a_run_keeps_what_it_started_with(store: WeightStore, database: Database, tmp_path: Path):
    model = make_model(database)
    first = keep(store, tmp_path, model, b"first")
    run = start_run(database, model, first)
    keep(store, tmp_path, model, b"second")
    assert first in list_files(tmp_path)
    assert store.find_file(first) == tmp_path / "weights" / f"{first}.npz"
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET status = 'finished'")
    RunStore(database).delete(run)
    store.collect()
    assert first not in list_files(tmp_path)
    assert store.find_file(first) is None


def test_a_run_cannot_name_weights_that_are_gone(store: WeightStore, database: Database, tmp_path: Path):
    model = make_model(database)
    gone = keep(store, tmp_path, model, b"first")
    store.forget(model)
    with pytest.raises(EngineError) as refusal:
        start_run(database, model, gone)
    assert refusal.value.code == "conflict"


def test_weights_for_no_model_are_left_where_they_were_written(store: WeightStore, tmp_path: Path):
    with pytest.raises(EngineError) as refusal:
        keep(store, tmp_path, "none", b"first")
    assert refusal.value.code == "not_found"
    assert (tmp_path / "new").read_bytes() == b"first"
    assert list_files(tmp_path) == set()


def test_a_start_sweeps_what_a_crash_left_and_nothing_else(store: WeightStore, database: Database, tmp_path: Path):
    kept = keep(store, tmp_path, make_model(database), b"kept")
    folder = tmp_path / "weights"
    for name in (f"{'0' * 64}.npz", "unfinished-1.npz", ".unfinished-2.npz", "notes.txt"):
        (folder / name).write_bytes(b"garbage")
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO weights (sha256, size, layers, created_at) VALUES ('gone', 1, '{}', '2026-01-31 12:00:00')"
        )
    store.sweep()
    assert list_files(tmp_path) == {kept}
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT sha256 FROM weights").scalars().all() == [kept]


def test_many_changes_at_once_lose_no_file(store: WeightStore, database: Database, tmp_path: Path):
    models = [make_model(database) for _ in range(4)]

    def change(number: int) -> None:
        keep(store, tmp_path, models[number % 4], b"content %d" % (number % 5), f"new-{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(change, range(80)))
    named = {found.weights.sha256 for model in models if (found := store.find(model)) is not None}
    assert list_files(tmp_path) == named
