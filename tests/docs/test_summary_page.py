"""Every command of the page about costs and differences works, against a real server."""

import json
import os
import re
import subprocess
from pathlib import Path

from benchmarks.serving import run_layerloom

PAGE = Path(__file__).resolve().parents[2] / "docs" / "summary-and-diff.md"


def test_every_command_of_the_page_works(tmp_path: Path):
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE.read_text())
    with run_layerloom() as running:
        finished = subprocess.run(
            ["/bin/sh", "-c", "set -eu\n" + "\n".join(blocks)],
            cwd=tmp_path,
            env={**os.environ, "LAYERLOOM": running.url},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    assert finished.returncode == 0, finished.stdout + finished.stderr

    assert json.loads((tmp_path / "costs.json").read_text())["flops"] > 0
    (layer,) = json.loads((tmp_path / "diff.json").read_text())["diff"]["layers"]
    assert layer["changes"][0]["after"] == 24
    assert "filters" in (tmp_path / "differences.svg").read_text()
