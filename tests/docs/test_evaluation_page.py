"""What the page about evaluation shows with curl works, against a real server."""

import json
import os
import re
import subprocess
from pathlib import Path

from benchmarks.serving import run_layerloom

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evaluation.md"


def test_every_command_of_the_page_about_evaluation_works(tmp_path):
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE.read_text())
    script = "set -eu\n" + "\n".join(blocks)
    with run_layerloom() as server:
        finished = subprocess.run(
            ["sh", "-c", script],
            cwd=tmp_path,
            env={**os.environ, "LAYERLOOM": server.url},
            capture_output=True,
            text=True,
            timeout=170,
        )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    evaluation = json.loads((tmp_path / "evaluation.json").read_text())
    assert (evaluation["samples"], len(evaluation["reports"][0]["classes"]["confusion"])) == (30, 3)
    assert '"kind":"session"' in finished.stdout
