"""A damaged file over which HDF5 goes round in circles: given up as soon as nobody wants it, told by its name else.

Native code holds Python up then, so nothing but the end of its process ends it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.damaged_files import ENDLESS, damage_hdf5
from tests.server.live_server import serve
from tests.server.own_data import begin, make_dataset, make_points, pack_npz, upload, wait_for, wait_until_over

LOOKS_AT_ONCE = 2
"""So many files are looked at at the same time; others wait."""


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return damage_hdf5(tmp_path / "damaged.h5", ENDLESS)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that breaks nothing off by itself before the test's own time is up."""
    with (
        serve(tmp_path_factory.mktemp("patient"), COMPILER_TIMEOUT_S="900", DATA_SILENCE_S="900") as server,
        server.connect() as client,
    ):
        yield client


@pytest.fixture(scope="module")
def brisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        serve(tmp_path_factory.mktemp("brisk"), COMPILER_TIMEOUT_S="10", DATA_SILENCE_S="10") as server,
        server.connect() as client,
    ):
        yield client


def inspect(client: httpx.Client, sent: dict[str, Any], timeout: float = 100) -> httpx.Response:
    return client.post("/api/datasets/inspect", json={"files": [{"upload": sent["id"]}]}, timeout=timeout)


def test_looking_at_a_file_ends_when_the_one_who_asked_goes_away(patient: httpx.Client, content: bytes):
    sent = upload(patient, "damaged.h5", content)
    for _ in range(LOOKS_AT_ONCE):
        with pytest.raises(httpx.ReadTimeout):
            inspect(patient, sent, timeout=5)
    # The next one would wait for their end.
    harmless = upload(patient, "points.npz", pack_npz(**make_points()))
    assert inspect(patient, harmless).status_code == 200


def test_preparing_a_file_is_cancelled_at_once(patient: httpx.Client, content: bytes):
    sent = upload(patient, "damaged.h5", content)
    job = begin(patient, [{"upload": sent["id"]}], "endless").raise_for_status().json()
    wait_for(patient, job["id"], lambda one: one["state"] == "running")
    assert patient.delete(f"/api/datasets/jobs/{job['id']}", timeout=60).json()["state"] == "cancelled"
    # One is prepared after the other, so this one would wait for its end.
    assert make_dataset(patient, "next")["state"] == "finished"


def test_the_file_is_named_when_the_time_is_up(brisk: httpx.Client, content: bytes):
    sent = upload(brisk, "damaged.h5", content)
    seen = inspect(brisk, sent)
    assert seen.status_code == 504, seen.text
    assert "Reading 'damaged.h5' came to no end" in seen.json()["detail"]
    job = wait_until_over(brisk, begin(brisk, [{"upload": sent["id"]}], "endless").raise_for_status().json()["id"])
    assert job["state"] == "failed"
    assert job["reason"].startswith("Preparing 'damaged.h5' came no further for 10 s")
