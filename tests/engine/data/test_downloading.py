"""What Keras downloads, told of while it comes, from where the owner of the server says."""

from pathlib import Path

import keras
import pytest
from keras.src.utils import file_utils

from engine.data.datasets import download_dataset
from engine.data.downloading import watch_downloads
from engine.errors import EngineError
from tests.server.loopback_files import LoopbackFiles


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of Keras."""
    monkeypatch.setattr("engine.data.cache.keras_home", lambda: str(tmp_path))
    monkeypatch.setattr("keras.src.backend.config.keras_home", lambda: str(tmp_path))
    return tmp_path / "datasets"


def test_the_bytes_of_several_files_are_counted_together(tmp_path: Path):
    told: list[tuple[int, int | None]] = []
    with LoopbackFiles().serve() as files:
        files.files = {"a.bin": bytes(30_000), "b.bin": bytes(10_000)}
        with watch_downloads(lambda received, total: told.append((received, total)), f"{files.address}/below/"):
            for name in files.files:
                keras.utils.get_file(name, f"https://elsewhere.invalid/{name}", cache_dir=tmp_path)
    assert told[0] == (8_192, 30_000)
    assert told[-1] == (40_000, 40_000)
    assert [received for received, _ in told] == sorted(received for received, _ in told)
    assert (tmp_path / "datasets" / "b.bin").read_bytes() == bytes(10_000)


def test_everything_is_as_it_was_afterwards():
    before = file_utils.urlretrieve
    with watch_downloads(lambda *_: None):
        assert file_utils.urlretrieve is not before
    assert file_utils.urlretrieve is before


def test_a_machine_without_a_network_says_so_and_where_the_file_could_be_put(cache: Path):
    with LoopbackFiles().serve() as gone:
        address = gone.address
    with pytest.raises(EngineError, match="Connection refused") as caught, watch_downloads(lambda *_: None, address):
        download_dataset("reuters")
    assert caught.value.code == "download_failed"
    assert str(cache) in str(caught.value.hint)


def test_half_a_file_of_an_earlier_time_is_fetched_anew(cache: Path):
    """Keras compares no hash of Fashion-MNIST and would take it."""
    half = cache / "fashion-mnist" / "train-labels-idx1-ubyte.gz"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    with LoopbackFiles().serve() as files, watch_downloads(lambda *_: None, files.address):
        with pytest.raises(EngineError, match="404"):
            download_dataset("fashion_mnist")
        assert files.asked == ["train-labels-idx1-ubyte.gz"]
