"""Data sets are fetched as jobs: counted in bytes, compared with their hashes, broken off, remembered."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.live_server import LiveServer, serve
from tests.server.loopback_files import LoopbackFiles
from tests.server.own_data import wait_for, wait_until_over

SHARED = Path(__file__).parents[4] / "shared" / "data"
NOISE = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def files() -> Iterator[LoopbackFiles]:
    with LoopbackFiles().serve() as files:
        yield files


@pytest.fixture(scope="module")
def keras_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keras")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, keras_home: Path, files: LoopbackFiles) -> Iterator[LiveServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(keras_home))
        home = tmp_path_factory.mktemp("home")
        with serve(home, DOWNLOAD_MIRROR=f"{files.address}/mirror/") as server:
            yield server


@pytest.fixture
def cache(keras_home: Path) -> Path:
    """Keras's cache folder of the server, empty."""
    shutil.rmtree(keras_home / "datasets", ignore_errors=True)
    return keras_home / "datasets"


@pytest.fixture
def server(running: LiveServer, cache: Path, files: LoopbackFiles) -> LiveServer:
    files.gate.set()
    files.files.clear()
    files.asked.clear()
    running.api.base_url = f"http://127.0.0.1:{running.port}"
    return running


def download(server: LiveServer, name: str) -> dict[str, object]:
    response = server.api.post(f"/api/datasets/{name}/download")
    assert response.status_code == 202, response.text
    job: dict[str, object] = response.json()
    assert response.headers["Location"] == f"/api/datasets/jobs/{job['id']}"
    assert (job["kind"], job["name"]) == ("download", name)
    return job


def is_available(server: LiveServer, name: str) -> bool:
    found = {one["name"]: one for one in server.api.get("/api/datasets").json()}
    return bool(found[name]["available"])


def test_bytes_are_counted_while_they_come_and_the_data_set_can_be_used_then(
    server: LiveServer, files: LoopbackFiles, cache: Path
):
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    content = files.files["mnist.npz"] = (SHARED / "mnist.npz").read_bytes()
    files.gate.clear()
    job = download(server, "mnist")
    assert not is_available(server, "mnist")
    half = wait_for(server.api, str(job["id"]), lambda job: bool(job["received_bytes"]))
    assert (half["state"], half["total_bytes"]) == ("running", len(content))
    assert 0 < half["received_bytes"] <= len(content) // 2
    assert download(server, "mnist")["id"] == job["id"]
    files.gate.set()
    over = wait_until_over(server.api, str(job["id"]))
    assert (over["state"], over["progress"], over["dataset"]) == ("finished", 1, "mnist"), over
    assert is_available(server, "mnist")
    assert len(server.api.get("/api/datasets/mnist?rows=1").json()["rows"]) == 1
    # What is there is not fetched again.
    assert wait_until_over(server.api, str(download(server, "mnist")["id"]))["state"] == "finished"
    assert files.asked == ["mnist.npz"]


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_what_is_not_the_file_that_keras_expects_is_said_to_be_none(
    server: LiveServer, files: LoopbackFiles, name: str
):
    files.files |= dict.fromkeys(
        ["mnist.npz"] + [f"{part}-ubyte.gz" for part in (
            "train-labels-idx1", "train-images-idx3", "t10k-labels-idx1", "t10k-images-idx3",
        )], NOISE,
    )  # fmt: skip
    for _ in range(2):
        over = wait_until_over(server.api, str(download(server, name)["id"]))
        assert over["state"] == "failed"
        assert "could not be downloaded" in over["reason"]
    # It was fetched anew, also where Keras itself would have taken what was there.
    assert len(files.asked) == len(set(files.asked)) * 2
    assert not is_available(server, name)


def test_a_download_is_broken_off_and_leaves_nothing(server: LiveServer, files: LoopbackFiles, cache: Path):
    files.files["mnist.npz"] = NOISE
    files.gate.clear()
    job = download(server, "mnist")
    wait_for(server.api, str(job["id"]), lambda job: bool(job["received_bytes"]))
    assert (cache / "mnist.npz").exists()
    cancelled = server.api.delete(f"/api/datasets/jobs/{job['id']}").json()
    assert cancelled["state"] == "cancelled"
    assert not (cache / "mnist.npz").exists()


def test_a_file_that_is_not_there_is_named(server: LiveServer, files: LoopbackFiles):
    over = wait_until_over(server.api, str(download(server, "boston_housing")["id"]))
    assert over["state"] == "failed"
    assert "404" in over["reason"]
    assert "LAYERLOOM_DOWNLOAD_MIRROR" in over["reason"]
    assert files.asked == ["boston_housing.npz"]


def test_what_comes_with_the_program_needs_no_download_and_what_is_unknown_is_refused(server: LiveServer):
    assert wait_until_over(server.api, str(download(server, "iris")["id"]))["state"] == "finished"
    response = server.api.post("/api/datasets/nothing/download")
    assert response.status_code == 404
    assert "no data set 'nothing'" in response.json()["detail"]


@pytest.mark.parametrize("end", [LiveServer.kill, LiveServer.terminate])
def test_a_download_that_the_server_did_not_outlive_has_failed(
    server: LiveServer, files: LoopbackFiles, end: Callable[[LiveServer], None]
):
    files.files["mnist.npz"] = NOISE
    earlier = wait_until_over(server.api, str(download(server, "iris")["id"]))
    files.gate.clear()
    job = download(server, "mnist")
    wait_for(server.api, str(job["id"]), lambda job: bool(job["received_bytes"]))
    end(server)
    server.start()
    server.api.base_url = f"http://127.0.0.1:{server.port}"
    jobs = {one["id"]: one for one in server.api.get("/api/datasets/jobs").json()}
    assert jobs[job["id"]]["state"] == "failed"
    assert "The server ended before it was done" in jobs[job["id"]]["reason"]
    assert jobs[earlier["id"]] == earlier
