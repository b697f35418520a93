"""A mistake in the training settings is explained where it is made, one click mends it, and the training runs."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, use_template
from tests.e2e.test_training import TRAINING_MS, open_training, press_train

SPARSE = "SparseCategoricalCrossentropy"
CATALOGUE_MS = 120_000
"""A fresh server makes the catalogue first, which takes long on a busy machine."""


def open_template(page: Page) -> Editor:
    editor = use_template(page, "Digits MLP")
    expect(page.get_by_role("toolbar", name="Model")).to_be_visible(timeout=CATALOGUE_MS)
    return editor


def test_a_wrong_loss_is_explained_at_its_field_and_one_click_mends_it(page: Page, page_problems: list[str]) -> None:
    editor = open_template(page)
    open_training(page, editor, epochs="2")
    training = page.get_by_role("region", name="Training")
    loss = training.get_by_role("combobox", name="Loss")
    loss.click()
    page.get_by_role("option", name="BinaryCrossentropy", exact=True).click()
    explained = training.get_by_role("status").filter(has_text="BinaryCrossentropy does not fit")
    expect(explained).to_contain_text("labels from 0 to 9")
    expect(training.get_by_role("button", name="Train", exact=True)).to_have_attribute("aria-disabled", "true")
    explained.get_by_role("button", name=re.compile("Take the loss sparse_categorical_crossentropy")).click()
    expect(loss).to_have_value(SPARSE)
    expect(explained).to_have_count(0)
    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    forgive_refusals(page_problems)


def test_a_fix_that_changes_the_drawing_is_one_step_for_undo(page: Page, page_problems: list[str]) -> None:
    editor = open_template(page)
    output = editor.canvas.locator(".react-flow__node", has_text="(None, 10)").last
    output.click()
    editor.set_argument("units", "5")
    open_training(page, editor)
    training = page.get_by_role("region", name="Training")
    training.get_by_role("button", name=re.compile("10 units")).first.click()
    expect(training.get_by_text("does not fit")).to_have_count(0)
    expect(editor.edge_label("(None, 64)").first).to_be_visible()
    expect(editor.canvas.get_by_text("(None, 10)").first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(training.get_by_text("does not fit").first).to_be_visible()
    expect(editor.canvas.get_by_text("(None, 5)").first).to_be_visible()
    forgive_refusals(page_problems)


def forgive_refusals(page_problems: list[str]) -> None:
    """The browser itself reports every answer of 422, and here they are what is looked at."""
    page_problems[:] = [problem for problem in page_problems if "422" not in problem]
