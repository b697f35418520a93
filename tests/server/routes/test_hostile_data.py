"""Bad files through a real server: each is refused, or used with a word about it, and the server's memory is as before.

What is said names the file and, as far as there is one, row and column (or array, or member).
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import psutil
import pytest

from tests.engine.data.library.image_files import paint, paint_classes
from tests.server.bombs import make_huge_png, zip_files, zip_zeros
from tests.server.damaged_files import SEEDS, damage_hdf5
from tests.server.live_server import LiveServer, serve
from tests.server.own_data import make_dataset, pack_npz, upload, wait_until_over

ROWS = "".join(f"{row}.5,{row * 2}.25\n" for row in range(200))
MOST_GROWTH = 96 * 2**20
"""What the server may have more at the end than after its first data set: buffers of requests, no content of files."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serve(tmp_path_factory.mktemp("hostile"), COMPILER_TIMEOUT_S="20", DATA_SILENCE_S="20") as server:
        server.api.base_url = f"http://127.0.0.1:{server.port}"
        assert make_dataset(server.api, "harmless")["state"] == "finished"
        before = measure(server)
        yield server.api
        assert measure(server) - before < MOST_GROWTH
        assert server.api.get("/api/datasets/harmless").status_code == 200


def measure(server: LiveServer) -> int:
    assert server._process is not None
    return int(psutil.Process(server._process.pid).memory_info().rss)


class Told:
    """What became of files: whether there is a data set of them, and everything that was said on the way."""

    def __init__(self) -> None:
        self.is_made = False
        self.said = ""


def bring(client: httpx.Client, name: str, content: bytes, options: dict[str, object] | None = None) -> Told:
    """Sends a file, has it looked at and, unless that is refused, made into a data set."""
    told = Told()
    sent = upload(client, name, content)
    body: dict[str, Any] = {"files": [{"upload": sent["id"]}]}
    if options is not None:
        body["definition"] = {"kind": "table", "options": options}
    seen = client.post("/api/datasets/inspect", json=body, timeout=100)
    assert seen.status_code in {200, 413, 422}, seen.text
    told.said = json.dumps(seen.json(), ensure_ascii=False)
    if seen.status_code != 200:
        assert seen.headers["Content-Type"] == "application/problem+json"
        return told
    body |= {"name": f"made-{sent['id'][:20]}", "title": name[:200], "definition": seen.json()["definition"]}
    begun = client.post("/api/datasets", json=body)
    if begun.status_code != 202:
        assert begun.status_code == 422, begun.text
        told.said += begun.text
        return told
    job = wait_until_over(client, begun.json()["id"])
    assert "fault" not in (job["reason"] or "").lower(), job
    told.is_made = job["state"] == "finished"
    told.said += json.dumps(job, ensure_ascii=False)
    if told.is_made:
        told.said += client.get(f"/api/datasets/{body['name']}/manifest").text
    return told


def refuse(
    client: httpx.Client, name: str, content: bytes, *said: str, options: dict[str, object] | None = None
) -> None:
    told = bring(client, name, content, options)
    assert not told.is_made, told.said
    for one in said:
        assert one in told.said, (one, told.said[:3000])


def text(lines: str) -> bytes:
    return lines.encode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ragged.csv", text(f"a,b\n{ROWS}1,2,3\n{ROWS}"), ["ragged.csv", "row 202"]),
        ("mixed.csv", text(f"a,b\n{ROWS * 60}1,two\n{ROWS}"), ["mixed.csv", "row 12,002, column 'b'", "two"]),
        ("nan.csv", text(f"a,b\n{ROWS}1,NaN\n"), ["nan.csv", "row 202, column 'b'"]),
        ("endless.csv", text(f"a,b\n{ROWS}") + b"9" * 30_000_000, ["endless.csv", "line 202"]),
        ("cells.csv", b"a;b\n1;2\n" + b";" * 30_000_000, ["cells.csv", "row 3", "10,000 columns"]),
        ("late.csv", text(f"a,b\n{ROWS * 3000}1,") + b"9" * 30_000_000, ["late.csv", "line 600,002"]),
        ("quote.csv", text(f'a,b\n{ROWS}1,"2\n{ROWS}'), ["quote.csv"]),
        ("zeros.csv", text(f"a,b\n{ROWS}1,2\0\n"), ["zeros.csv"]),
        ("latin.csv", text(f"a,b\n{ROWS * 3000}") + "1,café\n".encode("latin-1"), ["latin.csv", "byte"]),
        ("header.csv", b"a,b\n", ["header.csv"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_with_its_place(
    client: httpx.Client, name: str, content: bytes, said: list[str]
):
    refuse(client, name, content, *said)


def test_an_empty_file_is_not_taken(client: httpx.Client):
    response = client.post("/api/uploads", json={"filename": "empty.csv", "size": 0})
    assert response.status_code == 422
    refuse(client, "blank.csv", b" \n\n", "blank.csv")


def test_a_wrong_delimiter_and_a_wrong_encoding_are_said(client: httpx.Client):
    refuse(client, "comma.csv", text(f"a,b\n{ROWS}"), "comma.csv", "divided by ';'", options={"delimiter": ";"})
    content = text(f"a,b\n{ROWS}") + b"1,\xe9\n"
    refuse(client, "bytes.csv", content, "bytes.csv", "byte", "e9", options={"encoding": "utf-8"})


def test_formulas_in_cells_are_texts_and_nothing_else(client: httpx.Client):
    formula = '=HYPERLINK(""http://127.0.0.1/?""&A1)'
    rows = "".join(f"{row}.5,{'plain' if row % 3 else chr(34) + formula + chr(34)}\n" for row in range(60))
    told = bring(client, "formulas.csv", text(f"a,kind\n{rows}"))
    assert told.is_made
    assert "=HYPERLINK(" in told.said
    refuse(client, "sums.csv", text(f"a,b\n{ROWS}=1+1,2\n"), "sums.csv", "row 202, column 'a'", "=1+1")


@pytest.mark.parametrize("name", ["данные.csv", "数据 表.csv", "📈.csv", "بيانات.csv", "a" * 250 + ".csv", "-rf.csv"])
def test_names_in_any_script_are_kept(client: httpx.Client, name: str):
    told = bring(client, name, text(f"größe,価格\n{ROWS}"))
    assert told.is_made, told.said
    assert name in told.said


def test_a_name_that_reads_as_another_one_is_refused(client: httpx.Client):
    response = client.post("/api/uploads", json={"filename": "\u202egnp.csv", "size": 10})
    assert response.status_code == 422
    assert "U+202E" in response.text


PHOTOS = paint_classes("cat", "dog", count=6)


def test_an_image_that_is_cut_off_is_named(client: httpx.Client):
    refuse(client, "photos.zip", zip_files(PHOTOS | {"cat/cut.png": paint(9)[:-60]}), "cat/cut.png", "cannot be read")


def test_an_image_of_billions_of_pixels_is_not_decoded(client: httpx.Client):
    huge = make_huge_png(50_000, 50_000)
    assert len(huge) < 2_000_000
    refuse(client, "photos.zip", zip_files(PHOTOS | {"cat/huge.png": huge}), "cat/huge.png", "64,000,000 pixels")


def test_an_empty_class_folder_and_a_class_that_is_only_in_the_test_are_said(client: httpx.Client):
    files = {f"{part}/{name}": content for part in ("train", "test") for name, content in PHOTOS.items()}
    told = bring(client, "photos.zip", zip_files(files | {"train/mouse/": b""}))
    assert "mouse" in told.said
    told = bring(client, "photos.zip", zip_files(files | {"test/horse/1.png": paint(77)}))
    assert "horse" in told.said


@pytest.mark.parametrize("name", ["../../outside.png", "/etc/outside.png", "cat\\..\\..\\outside.png"])
def test_a_zip_that_leads_out_of_itself_is_refused(client: httpx.Client, name: str):
    refuse(client, "photos.zip", zip_files(PHOTOS | {name: paint(3)}), "outside.png")


def test_links_in_a_zip_are_not_followed(client: httpx.Client):
    told = bring(client, "photos.zip", zip_files(PHOTOS, links={"cat/passwd.png": "/etc/passwd"}))
    assert "passwd.png" in told.said
    assert "root:" not in told.said


def test_ten_gigabytes_of_zeros_are_not_unpacked(client: httpx.Client):
    bomb = zip_zeros({f"cat/{number}.png": b"\x89PNG\r\n\x1a\n" for number in range(3)})
    assert len(bomb) < 16_000_000
    refuse(client, "bomb.zip", bomb, "bomb.zip")
    header = b"\x93NUMPY\x01\x00\x76\x00{'descr': '|u1', 'fortran_order': False, 'shape': (4294836000,), }"
    refuse(
        client,
        "bomb.npz",
        zip_zeros({"x.npy": header.ljust(127) + b"\n", "y.npy": header.ljust(127) + b"\n"}),
        "bomb.npz",
    )


def test_pickled_objects_are_not_unpickled(client: httpx.Client):
    memory = io.BytesIO()
    np.savez(memory, x=np.array([[{"a": 1}]] * 20, object), y=np.arange(20) % 2)
    refuse(client, "objects.npz", memory.getvalue(), "objects.npz", "Python objects")


def test_hdf5_that_leads_elsewhere_is_not_followed(client: httpx.Client, tmp_path: Path):
    path = tmp_path / "links.h5"
    with h5py.File(path, "w") as file:
        file["y"] = np.arange(20) % 2
        file["far"] = h5py.ExternalLink("/etc/passwd", "/x")
        layout = h5py.VirtualLayout((20, 3), "f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", (20, 3))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("outside", (20, 3), "u1", external=[("/etc/passwd", 0, 60)])
    refuse(client, "links.h5", path.read_bytes(), "links.h5", "far", "another file", "lie in other files")


def test_classes_that_only_the_test_has_are_classes(client: httpx.Client):
    x, y = np.zeros((20, 2), "float32") + np.arange(20)[:, None], np.arange(20) % 3
    told = bring(client, "late.npz", pack_npz(x_train=x, y_train=y % 2, x_test=x, y_test=y))
    assert told.is_made, told.said
    assert '"classes":3' in told.said.replace(" ", "")


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_hdf5_is_answered(client: httpx.Client, tmp_path: Path, seed: int):
    sent = upload(client, "damaged.h5", damage_hdf5(tmp_path / "damaged.h5", seed))
    seen = client.post("/api/datasets/inspect", json={"files": [{"upload": sent["id"]}]}, timeout=100)
    assert seen.status_code in {200, 422, 502}, seen.text
    assert seen.headers["Content-Type"] == "application/json" if seen.status_code == 200 else "problem" in seen.text


def test_large_answers_of_a_process_arrive(client: httpx.Client):
    """More than a pipe holds: pictures of copies."""
    x = np.random.default_rng(0).integers(0, 255, (40, 100, 100, 3), "uint8")
    x[20:] = x[:20]
    assert make_dataset(client, "twins", pack_npz(x=x, y=np.arange(40) % 2))["state"] == "finished"
    job = client.post("/api/datasets/twins/duplicates", json={}).json()
    assert wait_until_over(client, job["id"])["state"] == "finished"
    found = client.get("/api/datasets/twins/duplicates")
    assert found.json()["report"]["parts"][0]["copies"] == 20
    assert len(found.content) > 1_000_000
