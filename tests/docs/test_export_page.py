"""The page on export: its commands run against a real server, and it names every format there is."""

import re
import subprocess
from pathlib import Path

import pytest

from benchmarks.serving import run_layerloom
from engine.models.formats import FORMATS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    script = "set -eu\n" + "\n".join(re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE))
    with run_layerloom() as running:
        finished = subprocess.run(
            ["sh", "-c", script], cwd=folder, env={"PATH": "/usr/bin:/bin", "LAYERLOOM": running.url},
            capture_output=True, text=True, timeout=150,
        )  # fmt: skip
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder


def test_every_command_of_the_page_writes_its_file(written: Path):
    starts = {
        "digits.py": b'"""', "digits.savedmodel.zip": b"PK", "digits.svg": b"<?xml", "digits.png": b"\x89PNG",
    }  # fmt: skip
    for name, start in starts.items():
        assert (written / name).read_bytes().startswith(start), name
    assert (written / "digits.tflite").read_bytes()[4:8] == b"TFL3"
    assert (written / "digits.onnx").stat().st_size > 1000


def test_the_page_names_every_format():
    assert [name for name in FORMATS if f"`{name}`" not in PAGE] == []
