"""Raw rows and texts to a model that takes them as they are: layers of Keras prepare them, in the page and anywhere."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.editor import create_model
from tests.e2e.test_own_data import choose_files, expect_look, prepare, section, train_on_it

ROWS = [
    {"age": [31.0], "town": "Ulm", "review": "truly wonderful and great"},
    {"age": [64.0], "town": "Nowhere", "review": "a word that nobody wrote, dreadful"},
]
NOT_FITTED = "3 issues"
"""Each of the three layers that learn from the data says that it has not yet."""

PLAIN_KERAS = """
import json, sys
import keras, numpy as np
model = keras.models.load_model(sys.argv[1])
rows = json.loads(sys.argv[2])
inputs = {key: np.array([row[key] for row in rows], dtype=None if key == "age" else object) for key in rows[0]}
assert not any(name.split(".")[0] in {"engine", "server"} for name in sys.modules)
print(json.dumps(model.predict(inputs, verbose=0).tolist()))
"""


def make_reviews(rows: int = 120) -> FilePayload:
    """Numbers, a category and a text, of which the label follows from the text."""
    generator = np.random.default_rng(3)
    words = (["wonderful", "great", "lovely"], ["dreadful", "boring", "poor"])
    lines = ["age,town,review,label"]
    for row in range(rows):
        one, other = generator.choice(words[row % 2], 2)
        town = ["Ulm", "Köln", "東京"][int(generator.integers(3))]
        age = generator.integers(18, 90)
        lines.append(f'{age},{town},"a {one} thing, number {row}, and {other}",{["good", "bad"][row % 2]}')
    return {"name": "reviews.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def make_texts() -> FilePayload:
    """The zip of a folder with texts of two classes, for training and for a test."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in ("train", "test"):
            for number in range(30):
                for label, word in (("neg", "schlecht"), ("pos", "schön")):
                    text = f"{part} {number}: der Film war {word}"
                    archive.writestr(f"films/{part}/{label}/{number}.txt", text.encode("cp1252" if number else "utf-8"))
        archive.writestr("films/README.txt", "read me")
    return {"name": "films.zip", "mimeType": "application/zip", "buffer": file.getvalue()}


def prepare_raw(page: Page, name: str) -> None:
    """A table with every column as it stands in the file."""
    page.goto("/data/new")
    choose_files(page, make_reviews())
    expect_look(page, "Table")
    fields = page.get_by_role("table", name="Fields")
    expect(fields.get_by_role("combobox", name="Type of review")).to_have_value("text")
    page.get_by_role("switch", name="Raw").click(force=True)
    expect(fields.get_by_role("combobox", name="What becomes of town")).to_have_value("own array, as text")
    expect(section(page, "Inputs and targets")).to_contain_text("Model gets age, town, review and learns label")
    prepare(page, name)
    expect(page.get_by_role("table", name="Arrays").get_by_role("row", name="review")).to_contain_text("one text")
    expect(section(page, "Samples")).to_contain_text("number 0, and")


def ask(server: Server, run: str) -> np.ndarray:
    """What the server's model says of the rows, shape (rows, 1)."""
    answer = httpx.post(f"{server.url}/api/runs/{run}/predict", json={"rows": ROWS}, timeout=120)
    assert answer.status_code == 200, answer.text
    return np.array(answer.json()["raw"][0]["values"])


def ask_plain_keras(server: Server, run: str, folder: Path) -> np.ndarray:
    """What plain Keras says of the same rows, in a process of its own that knows nothing of Layerloom."""
    checkpoints = f"{server.url}/api/runs/{run}/checkpoints"
    newest = httpx.get(checkpoints).json()["items"][0]["id"]
    path = folder / "model.keras"
    path.write_bytes(httpx.get(f"{checkpoints}/{newest}/file").content)
    command = [sys.executable, "-I", "-c", PLAIN_KERAS, str(path), json.dumps(ROWS)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return np.array(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_model_of_raw_columns_is_trained_and_says_the_same_in_plain_keras(
    page: Page, server: Server, tmp_path: Path
) -> None:
    prepare_raw(page, "reviews")
    train_on_it(page, server, NOT_FITTED)
    run = httpx.get(f"{server.url}/api/runs").json()["items"][0]["id"]
    said = ask(server, run)
    assert said.shape == (2, 1)
    assert ask_plain_keras(server, run, tmp_path) == pytest.approx(said, abs=1e-5)


def test_a_drawing_gets_inputs_with_preprocessing_by_one_click_and_loses_them_by_one_undo(
    page: Page, page_problems: list[str]
) -> None:
    prepare_raw(page, "reviews")
    editor = create_model(page, "From nothing")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    expect(page.get_by_role("combobox", name="Dataset")).to_have_value("reviews")  # one's own come first
    page.get_by_role("button", name="Make inputs with preprocessing").click()
    expect(editor.canvas.locator(".react-flow__node")).to_have_count(9)
    expect(editor.node("string_lookup")).to_contain_text("StringLookup")
    page.get_by_role("button", name="Undo").click()
    expect(editor.canvas.locator(".react-flow__node")).to_have_count(0)
    page_problems.clear()  # An empty drawing, and one without a last layer, cannot be trained.


def test_a_folder_of_texts_is_sent_looked_at_corrected_and_trained_on(page: Page, server: Server) -> None:
    page.goto("/data/new")
    choose_files(page, make_texts())
    expect_look(page, "Texts")
    expect(page.get_by_role("table", name="First rows")).to_contain_text("der Film war")
    encoding = page.get_by_role("textbox", name="Other encoding")
    encoding.fill("cp1252")
    encoding.press("Enter")
    expect(page.get_by_role("table", name="First rows")).to_contain_text("schön")
    prepare(page, "films")
    expect(page.get_by_text("60 samples and 60 test samples")).to_be_visible()
    expect(section(page, "Samples")).to_contain_text("schön")
    train_on_it(page, server, "1 issue")
