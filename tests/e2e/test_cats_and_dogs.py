"""From a folder of photos to curves, in the browser: look, prepare, draw, augment, train a CNN with Dropout."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.classic_data import make_pets
from tests.e2e.conftest import Server
from tests.e2e.editor import Editor, use_template
from tests.e2e.test_own_data import READY_MS, TRAINING_MS, choose_files, expect_look, prepare, section

PHOTO = re.compile("^Sample 1, (cats|dogs)$")
EXAMPLE = re.compile("^Example [0-9]+ of 40: (cats|dogs)$")
RANDOM_LAYERS = ["random_rotation", "random_translation", "random_zoom", "random_flip"]


def set_image_size(page: Page, height: int, width: int) -> None:
    """Small pictures train in seconds."""
    for label, size in (("Image size", height), ("Image size, 2", width)):
        field = section(page, "How to read them").get_by_label(label, exact=True)
        if field.input_value() == str(size):
            continue  # pictures that are drawn in place of the photos have that size already
        field.fill(str(size))
        with page.expect_response(re.compile("/inspect"), timeout=READY_MS):
            field.press("Tab")


def open_augmentation(page: Page) -> Locator:
    section(page, "Training").get_by_role("button", name="Augment images…").click()
    return page.get_by_role("dialog", name="Augment images")


def fill_arguments(dialog: Locator, **values: str) -> None:
    for name, value in values.items():
        dialog.get_by_label(name, exact=True).fill(value)


def expect_pictures(dialog: Locator, count: int) -> None:
    """Waits for the pictures of what stands in the form."""
    expect(dialog.get_by_role("status", name="Drawing the pictures")).to_have_count(0, timeout=READY_MS)
    expect(dialog.get_by_role("list", name="Augmented pictures").get_by_role("img")).to_have_count(count)


def read_pictures(dialog: Locator) -> list[str | None]:
    pictures = dialog.get_by_role("list", name="Augmented pictures").get_by_role("img").all()
    return [picture.get_attribute("src") for picture in pictures]


def set_training(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = section(page, "Training").get_by_label(name.replace("_", " ").capitalize(), exact=True)
        field.fill(value)
        field.press("Tab")


def press_train(page: Page, server: Server) -> str:
    """Trains to the end; answers the run's address."""
    section(page, "Training").get_by_role("button", name="Train").click()
    newest = section(page, "Newest run")
    expect(newest).to_contain_text(re.compile("finished", re.IGNORECASE), timeout=TRAINING_MS)
    run = httpx.get(f"{server.url}/api/runs").json()["items"][0]["id"]
    return f"{server.url}/api/runs/{run}"


def test_photos_in_folders_are_augmented_and_trained_on_and_validated_as_they_are(page: Page, server: Server) -> None:
    page.goto("/data/new")
    choose_files(page, make_pets(training=20, test=4))
    expect_look(page, "Images")
    set_image_size(page, 48, 64)
    prepare(page, "pets")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text("48 × 64 × 3")
    expect(page.get_by_role("img", name=PHOTO)).to_be_visible()
    expect(section(page, "Samples of each class")).to_contain_text("cats")
    page.get_by_role("button", name="Train a model on it").click()
    page.wait_for_url("**/models/*")
    editor = Editor(page)
    expect(editor.status).to_contain_text("No issues", timeout=READY_MS)
    expect(editor.node("dropout")).to_be_visible()
    editor.node("conv2d").click()

    dialog = open_augmentation(page)
    expect(dialog.get_by_text(EXAMPLE)).to_be_visible(timeout=READY_MS)
    fill_arguments(dialog, rotation_range="40", width_shift_range="0.2", zoom_range="0.2")
    dialog.get_by_label("horizontal_flip", exact=True).press("Space")
    expect_pictures(dialog, 9)
    pictures = read_pictures(dialog)
    assert len({*pictures}) == 9
    dialog.get_by_role("button", name="Another example").click()
    expect(dialog.get_by_role("img", name="Draw 1", exact=True)).not_to_have_attribute("src", pictures[0] or "")
    dialog.get_by_role("button", name="Change the drawing").click()
    for name in RANDOM_LAYERS:
        expect(editor.node(name)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(editor.node("random_zoom")).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    expect(editor.status).to_contain_text("No issues", timeout=READY_MS)

    set_training(page, epochs="2", batch_size="8")
    run = press_train(page, server)
    history = httpx.get(f"{run}/history").json()["history"]
    assert [len(history[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")] == [2, 2, 2, 2]
    page.goto(run.replace("/api/", "/"))
    for name in ("loss", "accuracy"):
        expect(page.get_by_role("figure", name=re.compile(f"^Curve of {name}: [1-9]")).first).to_be_visible()
    # The last validation sees the weights that an evaluation of the last checkpoint sees, and the same pictures.
    body = {"checkpoint_id": "last", "split": "validation", "report": False}
    measured = [httpx.post(f"{run}/evaluate", json=body, timeout=120).json()["metrics"]["loss"] for _ in range(2)]
    assert measured[0] == measured[1]
    assert measured[0] == pytest.approx(history["val_loss"][-1], rel=1e-4)


def test_a_refused_argument_is_marked_and_the_pictures_stay(
    page: Page, server: Server, page_problems: list[str]
) -> None:
    editor = use_template(page, "Digits CNN")
    expect(editor.status).to_contain_text("No issues", timeout=READY_MS)
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    dialog = open_augmentation(page)
    fill_arguments(dialog, rotation_range="20")
    expect_pictures(dialog, 9)
    fill_arguments(dialog, rotation_range="500")
    expect(dialog.get_by_text("expected a finite number from 0 to 360")).to_be_visible()
    expect(dialog.get_by_role("button", name="Change the drawing")).to_be_disabled()
    expect(dialog.get_by_role("list", name="Augmented pictures").get_by_role("img")).to_have_count(9)
    fill_arguments(dialog, rotation_range="90")
    expect_pictures(dialog, 9)
    # By keyboard alone: the dialog keeps the focus, and Escape leaves the drawing as it was.
    dialog.get_by_label("rotation_range", exact=True).press("Escape")
    expect(dialog).to_have_count(0)
    expect(editor.node("random_rotation")).to_have_count(0)
    page_problems.clear()  # The refusal.


def test_a_layer_that_prepares_data_shows_one_example_before_and_after(page: Page, server: Server) -> None:
    editor = use_template(page, "Digits CNN")
    expect(editor.status).to_contain_text("No issues", timeout=READY_MS)
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    dialog = open_augmentation(page)
    fill_arguments(dialog, rotation_range="90")
    expect_pictures(dialog, 9)
    dialog.get_by_role("button", name="Change the drawing").click()
    expect(editor.node("random_rotation")).to_be_visible()
    page.get_by_role("region", name="Canvas").click(position={"x": 20, "y": 300})
    page.get_by_role("tab", name="Layer").click()
    editor.select("random_rotation")
    example = section(page, "One example")
    expect(example.get_by_role("img", name="Before")).to_be_visible(timeout=READY_MS)
    expect(example.get_by_role("img", name="After")).to_be_visible()
    expect(example.get_by_role("list", name="In training").get_by_role("img")).to_have_count(9)
    drawn = example.get_by_role("list", name="In training").get_by_role("img")
    turned = drawn.first.get_attribute("src") or ""
    editor.set_argument("factor", "0")
    expect(drawn.first).not_to_have_attribute("src", turned, timeout=READY_MS)
    assert len({one.get_attribute("src") for one in drawn.all()}) == 1
