"""The signs of hands: arrays picked from two HDF5 files in the browser, trained on, and evaluated on the test part."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.classic_data import SIGNS, make_signs
from tests.e2e.conftest import Server
from tests.e2e.editor import Editor
from tests.e2e.test_own_data import READY_MS, TRAINING_MS, choose_files, expect_look, prepare, section


def test_signs_are_picked_from_two_files_trained_on_and_evaluated_on_the_test_part(page: Page, server: Server) -> None:
    page.goto("/data/new")
    choose_files(page, make_signs("train", 120), make_signs("test", 60))
    expect_look(page, "Arrays")
    fields = page.get_by_role("table", name="Fields")
    expect(fields).to_contain_text("train_set_x")
    expect(fields).to_contain_text("test_set_x")
    prepare(page, "signs")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text("64 × 64 × 3")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text(f"{SIGNS} classes")

    page.get_by_role("button", name="Train a model on it").click()
    page.wait_for_url("**/models/*")
    expect(Editor(page).status).to_contain_text("No issues", timeout=READY_MS)
    training = section(page, "Training")
    training.get_by_label("Epochs", exact=True).fill("1")
    training.get_by_label("Epochs", exact=True).press("Tab")
    training.get_by_role("button", name="Train").click()
    newest = section(page, "Newest run")
    expect(newest).to_contain_text(re.compile("finished", re.IGNORECASE), timeout=TRAINING_MS)

    run = httpx.get(f"{server.url}/api/runs").json()["items"][0]
    page.goto(f"/runs/{run['id']}")
    results = section(page, "Results")
    results.get_by_label("Data", exact=True).first.click()
    expect(page.get_by_role("option", name="Test")).to_be_visible()  # before anything was evaluated
    page.keyboard.press("Escape")
    results.get_by_role("button", name="Evaluate").click()
    report = results.get_by_role("region", name="Evaluation", exact=True)
    expect(report.get_by_text(re.compile("24 samples of the validation data"))).to_be_visible(timeout=READY_MS)
    results.get_by_label("Data", exact=True).first.click()
    page.get_by_role("option", name="Test (60)").click()
    results.get_by_role("button", name="Evaluate").click()
    expect(report.get_by_text(re.compile("60 samples of the test data"))).to_be_visible(timeout=READY_MS)
    cells = report.get_by_role("region", name="Confusion matrix").locator("td[title]")
    expect(cells).to_have_count(SIGNS * SIGNS)
