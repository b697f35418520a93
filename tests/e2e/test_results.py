"""The results of a run in a real browser: evaluated, looked at, asked."""

import json
import re
import struct
import time
import zlib
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server

TIMEOUT_S = 120


@pytest.fixture
def run_id(server: Server) -> str:
    """A digits classifier that was trained for an epoch, through the API."""
    with httpx.Client(base_url=f"{server.url}/api", timeout=TIMEOUT_S) as api:
        template = next(one for one in api.get("/templates").json() if one["id"] == "digits_mlp")
        config = template["training"]
        config["fit"] |= {"epochs": 1, "validation_split": 0.2}
        model = api.post("/models", json={"name": "Digits", "graph": template["graph"], "training": config}).json()
        run = api.post("/runs", json={"model_id": model["id"], "config": config}).json()
        deadline = time.monotonic() + TIMEOUT_S
        while api.get(f"/runs/{run['id']}").json()["status"] != "finished":
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.2)
        return str(run["id"])


@pytest.fixture
def results(page: Page, run_id: str) -> Locator:
    page.goto(f"/runs/{run_id}")
    return page.get_by_role("region", name="Results")


def make_png(side: int) -> bytes:
    """A grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_run_is_evaluated_and_its_model_asked(results: Locator, page_problems: list[str], tmp_path: Path):
    expect(results.get_by_text("Not evaluated yet")).to_be_visible()
    results.get_by_role("button", name="Evaluate").click()
    report = results.get_by_role("region", name="Evaluation", exact=True)
    expect(report.get_by_text(re.compile("360 samples of the validation data"))).to_be_visible(timeout=60_000)
    matrix = report.get_by_role("region", name="Confusion matrix")
    counts = [int(re.sub(r"\D", "", text)) for text in matrix.locator("td[title]").evaluate_all(
        "cells => cells.map((cell) => cell.title.split(': ')[1])"
    )]  # fmt: skip
    assert (len(counts), sum(counts)) == (100, 360)
    expect(report.get_by_role("img", name="ROC of 10 classes")).to_be_visible()
    worst = report.get_by_role("region", name="Worst examples").get_by_role("article")
    expect(worst).to_have_count(12)
    expect(worst.first.get_by_text(re.compile("loss "))).to_be_visible()

    results.get_by_role("tab", name="Predict").click()
    results.get_by_label("Samples", exact=True).last.fill("3, 5-6")
    results.get_by_role("button", name="Predict").click()
    answers = results.get_by_role("region", name="Predictions").get_by_role("article")
    expect(answers).to_have_count(3, timeout=60_000)
    expect(answers.nth(1).get_by_text("Sample 5")).to_be_visible()

    results.get_by_text("Rows", exact=True).click()
    rows = results.get_by_role("textbox", name="Rows")
    rows.fill(json.dumps([[0.5] * 64]))
    results.get_by_role("button", name="Predict").click()
    expect(answers).to_have_count(1, timeout=60_000)
    rows.fill("1,2,3")
    results.get_by_role("button", name="Predict").click()
    expect(results.get_by_role("alert").first).to_contain_text("Line 1: expected 64 columns", timeout=60_000)
    # The browser itself notes an answer of 422 in its console.
    assert all("422" in one for one in page_problems)
    page_problems.clear()

    results.get_by_text("Image", exact=True).click()
    picture = tmp_path / "grey.png"
    picture.write_bytes(make_png(40))
    results.locator("input[type=file]").set_input_files(picture)
    expect(results.get_by_text(re.compile("40 × 40 pixels was brought to 8 × 8"))).to_be_visible(timeout=60_000)


def test_a_model_with_weights_is_evaluated_and_asked_from_the_editor(page: Page, server: Server, run_id: str):
    with httpx.Client(base_url=f"{server.url}/api", timeout=TIMEOUT_S) as api:
        model_id = api.get(f"/runs/{run_id}").json()["model_id"]
        checkpoint = api.get(f"/runs/{run_id}/checkpoints").json()["items"][0]["id"]
        taken = {"run": run_id, "checkpoint": checkpoint}
        api.post(f"/models/{model_id}/weights", json=taken).raise_for_status()
    page.goto(f"/models/{model_id}")
    page.get_by_role("region", name="Weights").get_by_role("button", name="Evaluate").click()
    dialog = page.get_by_role("dialog", name="Results of Digits")
    dialog.get_by_role("button", name="Evaluate").click()
    report = dialog.get_by_role("region", name="Evaluation", exact=True)
    said = "360 samples of the validation data, with the weights that the model has"
    expect(report.get_by_text(said)).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Versions").click()
    page.get_by_role("dialog", name="Versions").get_by_role("button", name="Evaluate").click()
    dialog = page.get_by_role("dialog", name="Results of version 1")
    dialog.get_by_role("tab", name="Predict").click()
    dialog.get_by_role("button", name="Predict").click()
    answers = dialog.get_by_role("region", name="Predictions").get_by_role("article")
    expect(answers).to_have_count(8, timeout=60_000)
