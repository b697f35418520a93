"""What the page about dividing data shows works, and names every setting."""

from typing import get_args

from engine.training import split_settings
from tests.docs.shell_pages import DOCS, run_commands

PAGE = (DOCS / "splits.md").read_text()


def test_the_commands_of_the_page_about_splits_work(tmp_path):
    printed = run_commands("splits.md", tmp_path)
    assert '"training":105,"validation":30,"test":15' in printed
    assert printed.count('"training":135,"validation":15') == 10
    assert '"validation_samples":30' in printed
    assert '"ok":true' in printed


def test_the_page_names_every_kind_and_every_setting():
    kinds = get_args(get_args(split_settings.SplitSettings)[0])
    assert len(kinds) == 6
    settings = {name for kind in kinds for name in kind.model_fields if name != "kind"}
    words = [*settings, *(kind.model_fields["kind"].default or "stored" for kind in kinds)]
    words += get_args(split_settings.FoldKind)
    assert [word for word in words if f"`{word}`" not in PAGE and f'"{word}"' not in PAGE] == []
