"""The kinds of files that no other test of the page brings: each is sent, looked at, prepared and trained on."""

import io
import json
import re
import zipfile
from collections.abc import Callable

import h5py
import httpx
import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from pyarrow import parquet
from sklearn.datasets import load_iris

from tests.e2e.conftest import Server
from tests.e2e.test_mending import forgive_refusals
from tests.e2e.test_own_data import choose_files, expect_look, make_images, prepare, section, train_on_it
from tests.e2e.test_training import TRAINING_MS, press_train

NUMBERS = np.random.default_rng(1).normal(size=(120, 6)).astype("float32")
LABELS = (NUMBERS.sum(axis=1) > 0).astype("int64")


def make_parquet() -> list[FilePayload]:
    iris = load_iris()
    columns = {name.split()[0] + name.split()[1]: iris.data[:, place] for place, name in enumerate(iris.feature_names)}
    file = io.BytesIO()
    parquet.write_table(pa.table({**columns, "species": iris.target_names[iris.target]}), file)
    return [{"name": "iris.parquet", "mimeType": "application/octet-stream", "buffer": file.getvalue()}]


def make_tsv() -> list[FilePayload]:
    """As a spreadsheet writes it: UTF-16 with tabs."""
    rows = ["größe\tfarbe\tsorte"]
    rows += [f"{value:.2f}\t{'rot' if number % 3 else 'grün'}\t{'süß' if value > 0 else 'sauer'}"
             for number, value in enumerate(NUMBERS[:, 0])]  # fmt: skip
    return [{"name": "äpfel.tsv", "mimeType": "text/tab-separated-values", "buffer": "\n".join(rows).encode("utf-16")}]


def make_npy() -> list[FilePayload]:
    files: list[FilePayload] = []
    for name, array in (("x.npy", NUMBERS), ("y.npy", LABELS)):
        file = io.BytesIO()
        np.save(file, array)
        files.append({"name": name, "mimeType": "application/octet-stream", "buffer": file.getvalue()})
    return files


def make_hdf5() -> list[FilePayload]:
    file = io.BytesIO()
    with h5py.File(file, "w") as archive:
        archive["set/x"], archive["set/y"] = NUMBERS, LABELS
    return [{"name": "numbers.h5", "mimeType": "application/x-hdf5", "buffer": file.getvalue()}]


def make_labelled_images() -> list[FilePayload]:
    """Pictures in one folder, and a CSV that says what is on each, in columns with names of its own."""
    generator = np.random.default_rng(0)
    lines = ["Bild;Helligkeit"]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(40):
            shade = (40, 200)[number % 2]
            picture = io.BytesIO()
            pixels = generator.integers(shade - 30, shade + 30, size=(20, 20, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(picture, "PNG")
            archive.writestr(f"pictures/{number}.png", picture.getvalue())
            lines.append(f"pictures/{number}.png;{('dark', 'bright')[number % 2]}")
        archive.writestr("labels.csv", "\n".join(lines))
    return [{"name": "labelled.zip", "mimeType": "application/zip", "buffer": file.getvalue()}]


@pytest.mark.parametrize(
    ("make", "look", "classes"),
    [
        pytest.param(make_parquet, "Table", "setosa", id="parquet"),
        pytest.param(make_tsv, "Table", "süß", id="tsv"),
        pytest.param(make_npy, "Arrays", None, id="npy"),
        pytest.param(make_hdf5, "Arrays", None, id="hdf5"),
    ],
)
def test_files_of_a_kind_are_sent_looked_at_and_trained_on(
    page: Page, server: Server, make: Callable[[], list[FilePayload]], look: str, classes: str | None
) -> None:
    page.goto("/data/new")
    choose_files(page, *make())
    expect_look(page, look)
    prepare(page, "brought")
    if classes is not None:
        expect(page.get_by_role("table", name="Arrays")).to_contain_text(classes)
    train_on_it(page, server)


def test_images_with_labels_in_columns_of_any_name_are_sent_looked_at_and_trained_on(
    page: Page, server: Server
) -> None:
    page.goto("/data/new")
    choose_files(page, *make_labelled_images())
    expect_look(page, "Images")
    reading = section(page, "How to read them")
    for option, column in (("File column", "Bild"), ("Label column", "Helligkeit")):
        expect(reading).to_contain_text(re.compile(f"has no column with a usual name .*{column}"))
        reading.get_by_label(option, exact=True).click()
        page.get_by_role("option", name=column).click()
    expect(section(page, "Some pictures")).to_contain_text("bright")
    prepare(page, "brought")
    expect(page.get_by_role("table", name="Arrays")).to_contain_text("bright")
    train_on_it(page, server)


def test_a_series_is_cut_into_windows_and_trained_on(page: Page, server: Server, page_problems: list[str]) -> None:
    steps = np.arange(300)
    values = np.sin(steps / 7) + np.cos(steps / 3)
    content = "\n".join(["hour,load", *(f"{step},{value:.4f}" for step, value in zip(steps, values, strict=True))])
    page.goto("/data/new")
    choose_files(page, {"name": "load.csv", "mimeType": "text/csv", "buffer": content.encode()})
    expect_look(page, "Table")
    page.get_by_role("switch", name="Series").click(force=True)
    fields = page.get_by_role("table", name="Fields")
    for field, use in (("load", "Both"), ("hour", "Leave out")):
        fields.get_by_role("radiogroup", name=f"Use of {field}", exact=True).get_by_text(use).click()
    expect(section(page, "Inputs and targets")).to_contain_text("Model gets features and learns load")
    prepare(page, "load")
    manifest = httpx.get(f"{server.url}/api/datasets/load/manifest").json()
    (array,) = [one["name"] for one in manifest["inputs"]]
    model = httpx.post(f"{server.url}/api/models", json={"name": "Load", "graph": draw_lstm()}, timeout=60).json()
    window = {"function": "windows", "array": array, "arguments": {"sequence_length": 24}}
    training = {
        "compile": {"loss": "mse"},
        "fit": {"epochs": 2},
        "data": {"dataset": "load", "steps": [window], "split": {"kind": "time", "validation": 0.2}},
    }
    httpx.patch(f"{server.url}/api/models/{model['id']}", json={"training": training}, timeout=60).raise_for_status()
    page.goto(f"/models/{model['id']}")
    page.get_by_role("toolbar", name="Model").get_by_role("button", name="Train").click()
    expect(page.get_by_role("region", name="Status")).to_contain_text("No issues", timeout=TRAINING_MS)
    press_train(page)
    expect(section(page, "Newest run")).to_contain_text("finished", timeout=TRAINING_MS)
    forgive_refusals(page_problems)


def test_a_folder_of_the_server_is_used_where_it_lies(
    page: Page, server: Server, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = tmp_path_factory.mktemp("allowed")
    with zipfile.ZipFile(io.BytesIO(make_images()["buffer"])) as archive:
        archive.extractall(allowed)
    monkeypatch.setenv("LAYERLOOM_DATA_FOLDERS", json.dumps([str(allowed)]))
    server.stop()
    server.start()
    page.goto("/data/new")
    page.get_by_role("button", name="Use what lies on the server").click()
    files = page.get_by_role("dialog", name="Files of the server")
    files.get_by_role("button", name="photos").click()
    expect(files.get_by_role("list", name="Files and folders")).to_contain_text("bright")
    files.get_by_role("button", name="Use this folder").click()
    expect(page.get_by_role("list", name="On the server")).to_contain_text(str(allowed / "photos"))
    expect_look(page, "Images")
    page.reload()
    expect_look(page, "Images")
    prepare(page, "placed")
    manifest = httpx.get(f"{server.url}/api/datasets/placed/manifest").json()
    assert manifest["files"] == [{"path": str(allowed / "photos")}]
    train_on_it(page, server)


def draw_lstm() -> dict[str, object]:
    """An LSTM over windows of one number."""
    chain: list[dict[str, object]] = [
        {"id": "past", "class_name": "InputLayer", "config": {"shape": [24, 1]}},
        {"id": "reader", "class_name": "LSTM", "config": {"units": 8}},
        {"id": "next", "class_name": "Dense", "config": {"units": 1}},
    ]
    return {
        "layers": chain,
        "nodes": [{"id": one["id"], "layer": one["id"]} for one in chain],
        "edges": [{"id": "a", "source": "past", "target": "reader"}, {"id": "b", "source": "reader", "target": "next"}],
    }
