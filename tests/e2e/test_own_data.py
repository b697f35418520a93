"""A person's own data from the page: files sent, looked at, corrected, prepared, trained on, and deleted."""

import io
import json
import re
import zipfile

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect
from sklearn.datasets import load_iris

from tests.e2e.conftest import Server
from tests.e2e.editor import create_model

READY_MS = 120_000
TRAINING_MS = 180_000
FIRST_SAMPLE = re.compile("^Sample 1, (bright|dark)$")
RAGGED = re.compile("ragged.csv.*22|22.*ragged.csv", re.DOTALL)


def choose_files(page: Page, *files: FilePayload) -> None:
    """On the page for new data: gives the browser files, as its own dialog would."""
    page.locator('input[type="file"]').set_input_files(list(files))


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def make_table(rows: int = 150) -> FilePayload:
    """Iris as a CSV file that a spreadsheet of half of Europe would write."""
    iris = load_iris()
    lines = ["länge;breite;blatt;blattbreite;art"]
    for values, label in zip(iris.data[:rows], iris.target[:rows], strict=True):
        numbers = ";".join(f"{value:.1f}".replace(".", ",") for value in values)
        lines.append(f"{numbers};{iris.target_names[label]}")
    return {"name": "Schwertlilien 1936.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}


def make_arrays() -> FilePayload:
    x = np.random.default_rng(0).normal(size=(200, 6)).astype("float32")
    return pack_arrays("signs.npz", x_train=x, y_train=(x.sum(axis=1) > 0).astype("int64"))


def pack_arrays(name: str, **arrays: np.ndarray) -> FilePayload:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return {"name": name, "mimeType": "application/zip", "buffer": file.getvalue()}


def make_images() -> FilePayload:
    generator = np.random.default_rng(0)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for label, shade in (("dark", 40), ("bright", 200)):
            for number in range(20):
                pixels = generator.integers(shade - 30, shade + 30, size=(24, 24, 3), dtype=np.uint8)
                picture = io.BytesIO()
                Image.fromarray(pixels).save(picture, "PNG")
                archive.writestr(f"photos/{label}/{number}.png", picture.getvalue())
    return {"name": "photos.zip", "mimeType": "application/zip", "buffer": file.getvalue()}


def expect_look(page: Page, kind: str) -> None:
    """Waits for the server to have looked at the files: the first time it has to import what reads them."""
    expect(section(page, "How to read them")).to_contain_text(kind, timeout=READY_MS)


def prepare(page: Page, name: str) -> None:
    section(page, "Name").get_by_label("Name").fill(name)
    page.get_by_role("button", name="Prepare").click()
    page.wait_for_url(f"**/data/{name}", timeout=READY_MS)


def train_on_it(page: Page, server: Server, status: str = "No issues") -> None:
    """From the data set's page to a run that has finished; `status` is what the page says of the model before."""
    page.get_by_role("button", name="Train a model on it").click()
    page.wait_for_url("**/models/*")
    training = section(page, "Training")
    expect(page.get_by_role("region", name="Status")).to_contain_text(status)
    training.get_by_label("Epochs", exact=True).fill("2")
    training.get_by_label("Epochs", exact=True).press("Tab")
    training.get_by_role("button", name="Train").click()
    expect(section(page, "Newest run")).to_be_visible()
    expect(section(page, "Newest run")).to_contain_text(re.compile("finished", re.IGNORECASE), timeout=TRAINING_MS)
    run = httpx.get(f"{server.url}/api/runs").json()["items"][0]
    assert run["status"] == "finished", json.dumps(run)[:2000]


def test_a_table_is_sent_looked_at_prepared_and_trained_on(page: Page, server: Server) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Data").click()
    page.get_by_role("link", name="Bring your own data").click()
    choose_files(page, make_table())
    expect_look(page, "Table")
    rows = page.get_by_role("table", name="First rows")
    expect(rows).to_contain_text("setosa")
    fields = page.get_by_role("table", name="Fields")
    expect(fields.get_by_role("radiogroup", name="Use of art").get_by_label("Target")).to_be_checked()
    expect(section(page, "Name").get_by_label("Name")).to_have_value("schwertlilien-1936")
    prepare(page, "irises")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text("setosa, versicolor, virginica")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text("target, 3 classes")
    train_on_it(page, server)


def test_a_field_that_is_left_out_is_no_input_of_the_model(page: Page) -> None:
    page.goto("/data/new")
    choose_files(page, make_table())
    expect_look(page, "Table")
    use = page.get_by_role("radiogroup", name="Use of breite", exact=True)
    use.get_by_text("Leave out").click()
    expect(use.get_by_label("Leave out")).to_be_checked()
    prepare(page, "narrow")
    expect(page.get_by_role("table", name="Arrays").get_by_role("row", name="features")).to_contain_text("3")


def test_arrays_are_sent_prepared_and_trained_on_after_the_connection_broke_on_the_way(
    page: Page, server: Server, page_problems: list[str]
) -> None:
    broken: list[str] = []

    def break_first_piece(route: Route) -> None:
        if route.request.method == "PATCH" and not broken:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/uploads/*", break_first_piece)
    page.goto("/data/new")
    choose_files(page, make_arrays())
    expect_look(page, "Arrays")
    assert broken
    page_problems.clear()
    prepare(page, "signs")
    train_on_it(page, server)


def test_arrays_whose_names_do_not_say_it_are_given_their_test_samples(page: Page, server: Server) -> None:
    page.goto("/data/new")
    numbers = np.random.default_rng(0).uniform(size=(40, 6))
    choose_files(page, pack_arrays("parts.npz", a=numbers, b=np.arange(40) % 2, c=numbers[:10], d=np.arange(10) % 2))
    expect_look(page, "Arrays")
    test = page.get_by_role("group", name="Test samples")
    for field, other in (("a", "c"), ("b", "d")):
        test.get_by_role("combobox", name=f"of {field}").click()
        page.get_by_role("option", name=other, exact=True).click()
        expect(section(page, "Inputs and targets")).to_contain_text(re.compile(f"tested on .*{other}"))
    prepare(page, "parts")
    assert httpx.get(f"{server.url}/api/datasets/parts/manifest").json()["test_samples"] == 10


def test_images_are_shown_and_trained_on(page: Page, server: Server) -> None:
    page.goto("/data/new")
    choose_files(page, make_images())
    expect_look(page, "Images")
    pictures = page.get_by_role("list", name="Some pictures").get_by_role("img")
    expect(pictures.first).to_be_visible()
    expect(page.get_by_role("list", name="Some pictures")).to_contain_text("bright")
    prepare(page, "photos")
    expect(page.get_by_role("img", name=FIRST_SAMPLE)).to_be_visible()
    expect(section(page, "Samples of each class")).to_contain_text("bright")
    train_on_it(page, server)


def test_files_that_were_sent_are_still_there_after_a_reload(page: Page) -> None:
    page.goto("/data/new")
    choose_files(page, make_table())
    expect_look(page, "Table")
    page.reload()
    expect(page.get_by_role("list", name="Files")).to_contain_text("Schwertlilien 1936.csv")
    expect(page.get_by_role("table", name="First rows")).to_contain_text("setosa")
    page.get_by_role("button", name="Take Schwertlilien 1936.csv out").click()
    expect(section(page, "Drop data files here")).to_contain_text("Drop your data here")


def test_a_table_with_a_ragged_row_is_refused_with_the_row(page: Page, page_problems: list[str]) -> None:
    page.goto("/data/new")
    rows = [f"{i},{i % 7},{i % 2}" for i in range(40)]
    text = "\n".join(["a,b,y", *rows[:20], "1,2,3,4,5", *rows[20:]])
    choose_files(page, {"name": "ragged.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.get_by_role("alert").first).to_contain_text(RAGGED, timeout=READY_MS)
    page_problems.clear()


def test_a_data_set_is_deleted_after_a_question(page: Page) -> None:
    page.goto("/data/new")
    choose_files(page, make_arrays())
    expect_look(page, "Arrays")
    prepare(page, "short-lived")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete data set").click()
    page.wait_for_url("**/data")
    expect(section(page, "Your data")).to_contain_text("None of your own yet")


def test_a_drawing_is_made_to_fit_the_data_by_two_clicks(page: Page, page_problems: list[str]) -> None:
    editor = create_model(page, "From nothing")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    page.get_by_role("button", name="Make inputs from this data").click()
    expect(editor.canvas.locator(".react-flow__node")).to_have_count(1)
    page.get_by_role("button", name="Fit the last layer to this target").click()
    expect(editor.canvas.locator(".react-flow__node")).to_have_count(2)
    expect(editor.node("dense")).to_contain_text("softmax")
    page.get_by_role("button", name="Undo").click()
    expect(editor.canvas.locator(".react-flow__node")).to_have_count(1)
    page_problems.clear()  # An empty drawing, and one without a last layer, cannot be trained.
