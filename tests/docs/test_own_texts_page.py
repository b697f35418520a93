"""What the page about texts shows works, and what it says is so."""

import re
import subprocess
import sys
from pathlib import Path

from engine.data.library.text_arrays import MAX_TEXT_BYTES, MAX_TEXTS
from engine.data.library.texts.options import TextOptions
from engine.data.library.texts.reading import MAX_TEXT_FILE_BYTES
from tests.docs.shell_pages import DOCS
from tests.engine.data.library.image_files import write_zip

PAGE = (DOCS / "own-texts.md").read_text()


def test_the_python_of_the_page_about_texts_works(tmp_path):
    places = [(part, name, number) for part in ("train", "test") for name in ("neg", "pos") for number in range(3)]
    files = {f"films/{part}/{name}/{number}.txt": f"{part} {name} {number}".encode() for part, name, number in places}
    write_zip(tmp_path / "films.zip", files)
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)

    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert finished.stdout.splitlines() == [
        "texts 6 ['neg', 'pos']",
        f"6 6 string {len('train neg 0')}",
    ], finished.stderr


def test_the_page_names_every_option_and_the_limits():
    assert all(f"`{name}`" in PAGE for name in TextOptions.model_fields)
    limits = (f"over {MAX_TEXT_FILE_BYTES >> 20} MiB", f"{MAX_TEXT_BYTES >> 20} MiB of UTF-8", f"{MAX_TEXTS:,} texts")
    assert all(limit in PAGE for limit in limits)
