"""What the page about images shows works, and what it says about folders is so."""

import re
import subprocess
import sys
from pathlib import Path

from engine.data.library.folders.layout import PART_FOLDERS
from engine.data.library.images.options import ImageOptions
from tests.docs.shell_pages import DOCS
from tests.engine.data.library.image_files import paint_classes, write_zip

PAGE = (DOCS / "own-images.md").read_text()


def test_the_python_of_the_page_about_images_works(tmp_path):
    folders = [f"data/{part}/{name}" for part in ("train", "validation", "test") for name in ("cats", "dogs")]
    write_zip(tmp_path / "photos.zip", paint_classes(*folders))
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)

    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert finished.stdout.splitlines() == [
        "12 ['cats', 'dogs'] [10, 12]",
        "12 6 [64, 64, 3] ['validation_at_end']",
    ], finished.stderr


def test_the_page_names_every_option_and_every_folder_that_is_a_part():
    assert all(f"`{name}`" in PAGE for name in [*ImageOptions.model_fields, *PART_FOLDERS])
