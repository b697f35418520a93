"""What the page about built-in data shows with curl works, against a real server, and it names every data set."""

import json

from engine.data.datasets import SOURCES
from tests.docs.shell_pages import DOCS, run_commands


def test_every_command_of_the_page_about_built_in_data_works(tmp_path):
    run_commands("built-in-data.md", tmp_path)

    listed = json.loads((tmp_path / "datasets.json").read_text())
    spirals = next(one for one in listed if one["name"] == "spirals")
    assert spirals["arguments_schema"]["properties"]["arms"]["maximum"] == 20
    assert json.loads((tmp_path / "spirals.json").read_text())["class_counts"] == [500, 500]
    compiled = json.loads((tmp_path / "compiled.json").read_text())
    assert compiled["ok"], compiled


def test_the_page_names_every_data_set():
    page = (DOCS / "built-in-data.md").read_text()
    assert [name for name in SOURCES if f"`{name}`" not in page] == []
