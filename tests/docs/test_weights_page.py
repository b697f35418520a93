"""What the page about weights shows with curl works, against a real server."""

import os
import re
import subprocess
from pathlib import Path

import numpy as np

from benchmarks.serving import run_layerloom

PAGE = Path(__file__).resolve().parents[2] / "docs" / "weights.md"


def test_every_command_of_the_page_about_weights_works(tmp_path):
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE.read_text())
    script = "set -eu\n" + "\n".join(blocks)
    with run_layerloom() as server:
        finished = subprocess.run(
            ["sh", "-c", script],
            cwd=tmp_path,
            env={**os.environ, "LAYERLOOM": server.url},
            capture_output=True,
            text=True,
            timeout=150,
        )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert '"kind":"stored"' in finished.stdout
    assert '"path":"hidden/kernel"' in finished.stdout
    with np.load(tmp_path / "iris.npz") as weights:
        assert weights.files == ["hidden/0", "hidden/1", "species/0", "species/1"]
