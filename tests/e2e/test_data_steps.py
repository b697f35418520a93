"""Steps on the data in the train panel: added, ordered, refused at their field, tried on an example, trained with."""

import httpx
from playwright.sync_api import Page, expect
from pydantic import JsonValue

from tests.e2e.conftest import Server
from tests.e2e.test_mending import forgive_refusals
from tests.e2e.test_training import TRAINING_MS, press_train, read_run

CHAIN: list[dict[str, JsonValue]] = [
    {"id": "image", "class_name": "InputLayer", "config": {"shape": [8, 8, 1]}},
    {"id": "flat", "class_name": "Flatten"},
    {"id": "digit", "class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
]
GRAPH = {
    "layers": CHAIN,
    "nodes": [{"id": one["id"], "layer": one["id"]} for one in CHAIN],
    "edges": [{"id": "a", "source": "image", "target": "flat"}, {"id": "b", "source": "flat", "target": "digit"}],
}
TRAINING = {
    "compile": {"loss": "categorical_crossentropy", "metrics": ["accuracy"]},
    "fit": {"epochs": 1},
    "data": {"dataset": "digits"},
}


def test_a_model_trains_on_what_steps_make_of_the_data(page: Page, server: Server, page_problems: list[str]) -> None:
    created = httpx.post(f"{server.url}/api/models", json={"name": "Steps", "graph": GRAPH}, timeout=60)
    model_id = created.raise_for_status().json()["id"]
    httpx.patch(f"{server.url}/api/models/{model_id}", json={"training": TRAINING}, timeout=60).raise_for_status()
    page.goto(f"/models/{model_id}")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    training = page.get_by_role("region", name="Training")
    training.get_by_role("button", name="Steps on the data").click(timeout=TRAINING_MS)

    for function in ("to_categorical", "normalize"):
        training.get_by_placeholder("Add a step").click()
        page.get_by_role("option", name=function).click()
    first = training.get_by_role("group", name="Step 1, to_categorical")
    expect(first.get_by_text("one int32, 0 to 9 → 10 float32, 0 to 1")).to_be_visible(timeout=TRAINING_MS)
    expect(training.get_by_role("img", name="image after the step")).to_be_visible()

    first.get_by_role("button", name="More arguments").click()
    classes = first.get_by_label("num_classes", exact=True)
    classes.fill("5")
    classes.press("Tab")
    expect(first.get_by_text("takes labels from 0 to 4; the array has labels from 0 to 9")).to_be_visible(
        timeout=TRAINING_MS
    )
    classes.fill("10")
    classes.press("Tab")
    expect(first.get_by_text("takes labels from 0 to 4")).to_have_count(0, timeout=TRAINING_MS)
    training.get_by_role("button", name="Apply step 2 earlier").click()
    expect(training.get_by_role("group", name="Step 1, normalize")).to_be_visible()
    training.get_by_role("button", name="Another").click()
    expect(training.get_by_text("What they make of sample 2")).to_be_visible()

    press_train(page)
    strip = page.get_by_role("region", name="Newest run")
    expect(strip.get_by_text("finished", exact=True)).to_be_visible(timeout=TRAINING_MS)
    config = read_run(server)["config"]
    assert isinstance(config, dict)
    assert [(step["function"], step["arguments"]) for step in config["data"]["steps"]] == [
        ("normalize", {}),
        ("to_categorical", {"num_classes": 10}),
    ]
    forgive_refusals(page_problems)
