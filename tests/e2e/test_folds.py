"""K folds from the browser: one run, a curve for each fold, their mean and spread, and what each fold is worth."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import use_template
from tests.e2e.test_training import TRAINING_MS, open_training, press_train, read_run

FOLDS = 3


def test_folds_are_trained_in_one_run_and_seen_together_and_alone(page: Page, server: Server) -> None:
    editor = use_template(page, "Iris MLP")
    open_training(page, editor, epochs="4")
    training = page.get_by_role("region", name="Training")
    training.get_by_role("combobox", name="Validate on").click()
    page.get_by_role("option", name="K folds, each in turn", exact=True).click()
    field = training.get_by_label("Folds", exact=True)
    field.fill(str(FOLDS))
    field.press("Tab")
    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    run = read_run(server)
    assert (run["fold"], run["folds"], run["epoch"]) == (FOLDS, FOLDS, 3)

    strip.get_by_role("link", name="Open the run").click()
    progress = page.get_by_role("region", name="Progress")
    expect(progress).to_contain_text(f"{FOLDS} of {FOLDS}")
    expect(progress).to_contain_text(re.compile(rf"val_loss, mean of {FOLDS} folds\s*\S+ ± \S+"))
    curves = page.get_by_role("region", name="Curves")
    expect(curves).to_contain_text(f"validation, mean of {FOLDS} folds")
    shown = curves.get_by_role("combobox", name="Folds that are shown")
    shown.click()
    page.get_by_role("option", name="Fold 2", exact=True).click()
    expect(curves).not_to_contain_text("mean of")
    expect(curves.get_by_role("figure", name=re.compile("Curve of loss: .*4 epochs"))).to_be_visible()

    checkpoints = page.get_by_role("region", name="Checkpoints")
    expect(checkpoints.get_by_role("columnheader", name="Fold")).to_be_visible()
    page.get_by_role("combobox", name="Checkpoint").click()
    page.get_by_role("option", name=re.compile("^Fold 2 ·")).first.click()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    evaluation = page.get_by_role("region", name="Evaluation")
    expect(evaluation).to_contain_text("50 samples of the validation data", timeout=TRAINING_MS)
    expect(evaluation).to_contain_text("of fold 2")

    # A checkpoint is of one fold; of all folds together it takes the best or the last of each.
    page.get_by_role("combobox", name="Data", exact=True).click()
    expect(page.get_by_role("option", name="Out of fold: takes the best or last")).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Checkpoint").click()
    page.get_by_role("option", name="Best val_loss", exact=True).click()
    page.get_by_role("combobox", name="Data", exact=True).click()
    page.get_by_role("option", name="Out of fold (150)", exact=True).click()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    expect(evaluation).to_contain_text("150 predictions, each by the model of the fold", timeout=TRAINING_MS)
    expect(evaluation).to_contain_text(f"a checkpoint of each of {FOLDS} folds")
    expect(evaluation.get_by_role("region", name="Confusion matrix")).to_be_visible()
