"""Pages of the documentation whose commands are run as they stand."""

import os
import re
import subprocess
from pathlib import Path

from benchmarks.serving import run_layerloom

DOCS = Path(__file__).resolve().parents[2] / "docs"
TIMEOUT_S = 170


def run_commands(page: str, folder: Path) -> str:
    """All commands of a page, one after the other in the folder, against a server of their own.

    The answer is what they print; one that fails fails the test.
    """
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", (DOCS / page).read_text())
    with run_layerloom() as server:
        finished = subprocess.run(
            ["sh", "-c", "set -eu\n" + "\n".join(blocks)],
            cwd=folder,
            env={**os.environ, "LAYERLOOM": server.url},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout
