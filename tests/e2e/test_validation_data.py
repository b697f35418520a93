"""Data of its own to validate on, and weights of samples, chosen in the train panel."""

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import use_template
from tests.e2e.test_mending import forgive_refusals
from tests.e2e.test_training import TRAINING_MS, press_train, read_run

SETTINGS = {
    "compile": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    "fit": {"epochs": 2, "validation_split": 0.2},
    "data": {"dataset": "digits", "validation": {"dataset": "digits"}},
}


def test_of_two_kinds_of_validation_one_is_left_out_and_samples_are_weighed(
    page: Page, server: Server, page_problems: list[str]
) -> None:
    use_template(page, "Digits MLP")
    model_id = page.url.rsplit("/", 1)[1]
    httpx.patch(f"{server.url}/api/models/{model_id}", json={"training": SETTINGS}).raise_for_status()
    page.reload()
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    training = page.get_by_role("region", name="Training")
    validated = training.get_by_role("combobox", name="Validate on")
    expect(validated).to_have_value("digits")
    explained = training.get_by_role("status").filter(has_text="expected one of them")
    explained.get_by_role("button", name="Set fit.validation_split to 0").click()
    expect(explained).to_have_count(0)
    expect(training.get_by_label("Validation split", exact=True)).to_have_count(0)

    training.get_by_role("button", name="Weights of samples").click()
    training.get_by_role("combobox", name="Sample weights").click()
    page.get_by_role("option", name="digit", exact=True).click()
    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    config = read_run(server)["config"]
    assert isinstance(config, dict)
    assert (config["data"]["sample_weights"], config["data"]["validation"]["dataset"]) == ("digit", "digits")
    assert config["fit"]["validation_split"] == 0

    validated.click()
    page.get_by_role("option", name="The last samples").click()
    expect(training.get_by_label("Validation split", exact=True)).to_have_value("0.2")
    forgive_refusals(page_problems)
