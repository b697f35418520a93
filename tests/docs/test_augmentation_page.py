"""What the page about augmentation shows with curl works, against a real server, and it names every argument."""

from engine.training.augmentation.arguments import describe_augmentation
from tests.docs.shell_pages import DOCS, run_commands


def test_every_command_of_the_page_about_augmentation_works(tmp_path):
    printed = run_commands("augmentation.md", tmp_path)
    assert '"class_name":"RandomZoom"' in printed
    assert '"draws":' in printed


def test_the_page_names_every_argument():
    text = (DOCS / "augmentation.md").read_text()
    assert [one.name for one in describe_augmentation().arguments if f"`{one.name}" not in text] == []
