"""What the page about callbacks shows can be used as it stands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from engine.training.callbacks import make_callbacks
from engine.training.config import KerasObject

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "callbacks.md").read_text()


def test_the_callbacks_of_the_page_can_be_made(tmp_path):
    (block,) = re.findall(r"(?ms)^```json callbacks\n(.*?)^```$", PAGE)
    wanted = [KerasObject.model_validate(one) for one in json.loads(block)]
    made = make_callbacks(wanted, tmp_path)
    assert [type(one).__name__ for one in made] == [one.class_name for one in wanted]


def test_the_script_of_the_page_trains(tmp_path):
    (block,) = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=150
    )
    assert finished.returncode == 0, finished.stderr
    assert [line.split()[0] for line in finished.stdout.splitlines() if re.match(r"[01] \d", line)] == ["0", "1"]
