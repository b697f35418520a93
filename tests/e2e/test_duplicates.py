"""Copies and leaks on a data set's page: looked for by a click, told with pictures; failed work stays listed."""

import re

import httpx
import numpy as np
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import use_template
from tests.e2e.test_training import open_training
from tests.server.own_data import begin, make_dataset, pack_npz, upload, wait_until_over

READY_MS = 120_000


def pack_photos() -> bytes:
    """30 small pictures for training, two of them equal, and 10 for the test, four of which are also among those."""
    x = np.random.default_rng(0).integers(0, 255, (40, 12, 12, 3), "uint8")
    y = np.arange(40) % 2
    x[7], y[7] = x[3], y[3]
    x[30:34], y[30:34] = x[10:14], y[10:14]
    return pack_npz(x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])


def test_test_samples_that_are_also_in_the_training_part_are_shown(page: Page, server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=100) as client:
        assert make_dataset(client, "photos", pack_photos())["state"] == "finished"
    page.goto("/data/photos")
    duplicates = page.get_by_role("region", name="Duplicates")
    duplicates.get_by_role("button", name="Look for duplicates").click()
    expect(duplicates.get_by_text("4 of 10 test samples are also in the training part.")).to_be_visible(
        timeout=READY_MS
    )
    expect(duplicates.get_by_text("1 of 30 training samples is a copy of earlier ones.")).to_be_visible()
    expect(duplicates.get_by_role("img", name="test 0 = training 10")).to_be_visible()
    expect(duplicates.get_by_role("img", name="training 3 = training 7")).to_be_visible()
    page.reload()
    expect(duplicates.get_by_text("4 of 10 test samples are also in the training part.")).to_be_visible(
        timeout=READY_MS
    )


def test_leaks_are_looked_for_across_the_split_of_the_training_form_and_across_stored_ones(
    page: Page, server: Server
) -> None:
    store = {"name": "halves", "definition": {"kind": "holdout", "validation": 0.5, "seed": 1}}
    assert httpx.post(f"{server.url}/api/datasets/iris/splits", json=store, timeout=100).status_code == 201
    editor = use_template(page, "Iris MLP")
    open_training(page, editor)
    training = page.get_by_role("region", name="Training")
    training.get_by_role("combobox", name="Validate on").click()
    page.get_by_role("option", name="K folds, each in turn", exact=True).click()
    training.get_by_role("button", name="Preview the data set").click()
    duplicates = page.get_by_role("region", name="Duplicates")
    duplicates.get_by_role("button", name=re.compile("Look")).click()
    expect(duplicates).to_contain_text("divided: 5 folds (samples)", timeout=READY_MS)
    expect(duplicates).to_contain_text("also in the training part")
    duplicates.get_by_role("combobox", name="Leaks across").click()
    page.get_by_role("option", name="stored split halves", exact=True).click()
    duplicates.get_by_role("button", name="Look again").click()
    expect(duplicates).to_contain_text("divided: stored split halves", timeout=READY_MS)


def test_work_that_failed_stays_listed_after_a_restart_of_the_server(page: Page, server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=100) as client:
        sent = upload(client, "broken.npz", pack_photos()[:-40])
        job = wait_until_over(client, begin(client, [{"upload": sent["id"]}], "broken").json()["id"])
        assert job["state"] == "failed"
    server.stop()
    server.start()
    page.goto("/data")
    recent = page.get_by_role("region", name="Under way and recent")
    expect(recent).to_contain_text("broken.npz", timeout=READY_MS)
    expect(recent).to_contain_text("failed")
