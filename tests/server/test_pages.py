"""The built pages: files, their caching, and one page for every address that is a page."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.pages import Pages
from server.settings import Settings


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>page</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-abc123.js").write_text("plain")
    (folder / "assets" / "index-abc123.js.br").write_bytes(b"brotli")
    (folder / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(b"packed"))
    (tmp_path / "secret.txt").write_text("classified")
    return folder


@pytest.fixture
def pages(settings: Settings, static: Path) -> Iterator[TestClient]:
    app = create_app(settings)
    app.router.default = Pages(static)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("address", ["/", "/models/0123", "/runs/x/curves", "/assets"])
def test_every_page_is_the_one_page_and_is_asked_for_anew(pages: TestClient, address: str):
    response = pages.get(address)
    assert (response.status_code, response.text) == (200, "<!doctype html><title>page</title>")
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache"


def test_a_hashed_file_is_kept_for_ever_and_sent_packed(pages: TestClient):
    answers = {
        encoding: pages.get("/assets/index-abc123.js", headers={"Accept-Encoding": encoding})
        for encoding in ("identity", "gzip", "gzip, deflate, br")
    }
    assert answers["identity"].text == "plain"
    assert "content-encoding" not in answers["identity"].headers
    assert answers["gzip"].text == "packed"
    assert answers["gzip"].headers["content-encoding"] == "gzip"
    assert answers["gzip, deflate, br"].headers["content-encoding"] == "br"
    for response in answers.values():
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-type"].startswith("text/javascript")
        assert response.headers["vary"] == "Accept-Encoding"


def test_a_file_that_has_not_changed_is_not_sent_again(pages: TestClient):
    etag = pages.get("/favicon.svg").headers["etag"]
    assert pages.get("/favicon.svg", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", ["/assets/gone.js", "/nope.png", "/robots.txt"])
def test_a_file_that_is_not_there_is_not_the_page(pages: TestClient, address: str):
    assert pages.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd", "/%00", "/" + "x" * 5000],
)
def test_nothing_outside_the_folder_is_sent(pages: TestClient, address: str):
    response = pages.get(f"http://127.0.0.1{address}")
    assert response.status_code in {200, 404}
    assert "classified" not in response.text
    assert "root:" not in response.text


def test_an_unknown_address_of_the_api_is_not_the_page(pages: TestClient):
    for address in ("/api", "/api/", "/api/nope", "/api/nope.js"):
        response = pages.get(address)
        assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_pages_are_only_read(pages: TestClient):
    assert pages.post("/").status_code == 405


def test_a_server_without_built_pages_says_so(settings: Settings, tmp_path: Path):
    app = create_app(settings)
    app.router.default = Pages(tmp_path / "nowhere")
    response = TestClient(app, base_url="http://127.0.0.1").get("/")
    assert response.status_code == 503
    assert "make run" in response.text
