"""What the page about checkpoints shows with curl works, against a real server."""

import os
import re
import subprocess
from pathlib import Path

import keras

from benchmarks.serving import run_layerloom

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checkpoints.md"


def test_every_command_of_the_page_about_checkpoints_works(tmp_path):
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
    assert '"message":"From run Iris #1, step 25"' in finished.stdout
    assert '"message":"Before going back to run Iris #1, step 25"' in finished.stdout
    assert '"is_whole":true,"can_resume":true' in finished.stdout
    assert '"kept":["hidden"],"new":[{"layer":"flower"' in finished.stdout
    assert '"unused":["species"]' in finished.stdout
    assert [layer.name for layer in keras.saving.load_model(tmp_path / "iris.keras").layers][-1] == "species"
