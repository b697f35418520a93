"""Every command of the page about costs and differences works, against a real server."""

import json
from pathlib import Path

from tests.docs.shell_pages import run_commands


def test_every_command_of_the_page_works(tmp_path: Path):
    run_commands("summary-and-diff.md", tmp_path)
    assert json.loads((tmp_path / "costs.json").read_text())["flops"] > 0
    (layer,) = json.loads((tmp_path / "diff.json").read_text())["diff"]["layers"]
    assert layer["changes"][0]["after"] == 24
    assert "filters" in (tmp_path / "differences.svg").read_text()
