"""How the data is divided, chosen in the train panel: stored under a name, trained on, seen in the run."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import use_template
from tests.e2e.test_training import TRAINING_MS, press_train, read_run


def test_data_is_divided_by_class_stored_and_trained_on_with_balanced_classes(page: Page, server: Server) -> None:
    use_template(page, "Digits MLP")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    training = page.get_by_role("region", name="Training")
    training.get_by_label("Epochs", exact=True).fill("2")
    validation = training.get_by_role("group", name="Validation")
    validation.get_by_role("combobox", name="Validate on").click()
    page.get_by_role("option", name="By chance, class by class").click()
    expect(validation.get_by_label("Validation split", exact=True)).to_have_count(0)
    validation.get_by_label("Share to test").fill("0.1")
    expect(validation.get_by_text("1,257 samples train, 360 validate")).to_be_visible()

    validation.get_by_role("button", name="Store this split…").click()
    validation.get_by_label("Name of the split").fill("by-digit")
    validation.get_by_role("button", name="Store", exact=True).click()
    expect(validation.get_by_text("1,257 train · 360 validate · 180 test. Made as")).to_be_visible()
    training.get_by_role("button", name="Weights of classes").click()
    training.get_by_role("button", name="Balance the classes").click()
    expect(training.get_by_role("button", name="Do not balance")).to_be_visible()

    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    run = read_run(server)
    config = run["config"]
    assert isinstance(config, dict)
    assert config["data"]["split"] == {"kind": "stored", "name": "by-digit"}
    assert (config["fit"]["class_weight"], config["fit"]["validation_split"]) == ("balanced", 0)
    evaluated = httpx.post(f"{server.url}/api/runs/{run['id']}/evaluate", json={"split": "test"}, timeout=120).json()
    assert {one["split"]: one["samples"] for one in evaluated["splits"]} == {
        "training": 1257,
        "validation": 360,
        "test": 180,
    }

    validation.get_by_role("button", name="Delete").click()
    expect(validation.get_by_role("combobox", name="Validate on")).to_have_value("By chance, class by class")
    assert httpx.get(f"{server.url}/api/datasets/digits/splits").json() == []

    strip.get_by_role("link", name="Open the run").click()
    weights = page.get_by_role("list", name="Class weights").get_by_role("listitem")
    expect(weights).to_have_count(10)
    expect(weights.first).to_have_text(re.compile(r"^0 × [01]\.\d+$"))
