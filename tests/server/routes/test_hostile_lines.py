"""Lines without an end through a real server: sent in pieces, refused with their place, and nobody's memory notices.

The processes that read files may allocate less than the line has, so whoever holds it whole is told by the system.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.live_server import LiveServer, serve
from tests.server.own_data import make_dataset, send_piece, wait_until_over

LINE_MB = 200
"""A gigabyte makes no other way through the code; it was tried, and takes the suite too long."""

PIECE = b"9" * (8 << 20)
ROWS = "".join(f"{row}.5,{row * 2}.25\n" for row in range(200))
MANY_ROWS = 600_000
MOST_GROWTH = 64 << 20
"""What the server's memory may have grown by at its peak: some pieces on their way to the disk."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    limits = {"DATA_MEMORY_BYTES": str(128 << 20), "COMPILER_MEMORY_BYTES": str(256 << 20)}
    with serve(tmp_path_factory.mktemp("lines"), **limits) as server:
        server.api.base_url = f"http://127.0.0.1:{server.port}"
        server.api.timeout = httpx.Timeout(120)
        assert make_dataset(server.api, "harmless")["state"] == "finished"
        before = measure_peak(server)
        yield server
        assert measure_peak(server) - before < MOST_GROWTH


def measure_peak(server: LiveServer) -> int:
    """The most memory that the server's process ever had, in bytes, by the kernel's count."""
    assert server._process is not None
    with open(f"/proc/{server._process.pid}/status") as status:
        (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


def send(client: httpx.Client, name: str, size: int, pieces: Iterable[bytes]) -> str:
    """Sends a file piece by piece; the upload's id."""
    answer = client.post("/api/uploads", json={"filename": name, "size": size}).raise_for_status()
    upload_id, offset = str(answer.json()["id"]), 0
    for piece in filter(None, pieces):
        send_piece(client, upload_id, offset, piece).raise_for_status()
        offset += len(piece)
    return upload_id


def send_line(client: httpx.Client, name: str, head: bytes, tail: bytes = b"") -> str:
    """Sends a file with a line of so many megabytes after its head."""
    times = (LINE_MB << 20) // len(PIECE)
    return send(client, name, len(head) + times * len(PIECE) + len(tail), [head, *[PIECE] * times, tail])


def inspect(client: httpx.Client, upload_id: str) -> httpx.Response:
    return client.post("/api/datasets/inspect", json={"files": [{"upload": upload_id}]})


@pytest.mark.parametrize(
    ("name", "head", "tail", "said"),
    [
        ("second.csv", f"a,b\n{ROWS}1,".encode(), f"\n{ROWS}".encode(), "second.csv: line 202: expected"),
        ("third.tsv", f"a,b\n{ROWS}1,".replace(",", "\t").encode(), b"", "third.tsv: line 202: expected"),
    ],
)
def test_a_line_without_an_end_is_refused_with_its_line(
    server: LiveServer, name: str, head: bytes, tail: bytes, said: str
):
    upload_id = send_line(server.api, name, head, tail)
    response = inspect(server.api, upload_id)
    assert response.status_code in {200, 422}, response.text
    assert said in response.text
    server.api.delete(f"/api/uploads/{upload_id}").raise_for_status()


def test_a_line_without_an_end_far_behind_the_beginning_is_refused_with_its_line(server: LiveServer):
    rows = "".join(f"{row}.5,{row * 2}.25\n" for row in range(MANY_ROWS))
    upload_id = send_line(server.api, "late.csv", f"a,b\n{rows}1,".encode(), f"\n{ROWS}".encode())
    seen = inspect(server.api, upload_id)
    assert seen.status_code == 200, seen.text
    body = {
        "name": "late",
        "title": "Late",
        "files": [{"upload": upload_id}],
        "definition": seen.json()["definition"],
    }
    begun = server.api.post("/api/datasets", json=body)
    assert begun.status_code == 202, begun.text
    job = wait_until_over(server.api, begun.json()["id"])
    assert job["state"] == "failed"
    assert f"late.csv: line {MANY_ROWS + 2:,}: expected rows of at most" in job["reason"]


def test_a_text_without_an_end_is_named_before_it_is_read(server: LiveServer, tmp_path: Path):
    path = tmp_path / "texts.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(6):
            packed.writestr(f"{'good' if number % 2 else 'bad'}/{number}.txt", f"some words {number}")
        with packed.open("good/endless.txt", "w") as member:
            for _ in range((LINE_MB << 20) // len(PIECE)):
                member.write(PIECE)
    with path.open("rb") as file:
        upload_id = send(server.api, "texts.zip", path.stat().st_size, iter(lambda: file.read(len(PIECE)), b""))
    body = {"name": "texts", "title": "Texts", "files": [{"upload": upload_id}], "definition": {"kind": "texts"}}
    seen = inspect(server.api, upload_id)
    assert "good/endless.txt" in seen.text, seen.text
    job = wait_until_over(server.api, server.api.post("/api/datasets", json=body).raise_for_status().json()["id"])
    assert job["state"] == "failed"
    assert "good/endless.txt" in str(job)
