"""Who may come in: every route and every method of the application is tried."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.testclient import WebSocketDenialResponse

from server.app import create_app
from server.security.headers import HEADERS
from server.settings import Settings

TOKEN = "correct horse battery staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
STREAM = "ws://127.0.0.1/api/stream"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE")


def list_addresses() -> list[str]:
    paths = create_app(Settings(home=Path("unused"))).openapi()["paths"]
    return [re.sub(r"\{[^}]+\}", "x", path) for path in paths]


ADDRESSES = [
    *list_addresses(),
    "/api/openapi.json",
    "/api/nope",
    "/",
    "/models/x",
    "/assets/x.js",
    "/docs",
    "//",
    "/%2e%2e/",
]


@pytest.fixture
def guarded(settings: Settings) -> Iterator[TestClient]:
    """A server with a token."""
    settings = settings.model_copy(update={"token": SecretStr(TOKEN)})
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


def test_the_sweep_knows_all_routes():
    assert len(ADDRESSES) > 30
    assert "/api/models/x/graph/layers/x" in ADDRESSES
    assert "/api/runs/x/events" in ADDRESSES


def test_no_route_answers_without_the_token(guarded: TestClient):
    answered = {
        (method, address, response.status_code)
        for address in ADDRESSES
        for method in METHODS
        if (response := guarded.request(method, address)).status_code != 401
    }
    # A health check needs no token. A worker has one of its own, which the route looks for: see the test of that route.
    assert {address for _, address, _ in answered} == {"/api/health", "/api/runs/x/events"}
    assert [status for method, address, status in answered if (method, address) == ("GET", "/api/health")] == [200]
    assert {method for method, address, _ in answered if address == "/api/runs/x/events"} == {"POST"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer é".encode()},
        {"Cookie": f"layerloom_8000={TOKEN}"},
        {"Cookie": "layerloom_8000="},
        {"Cookie": "é=; \x01".encode()},
        {"Authorization": ""},
    ],
)
def test_a_wrong_token_is_no_token(guarded: TestClient, headers: dict[str, str | bytes]):
    assert guarded.get("/api/models", headers=headers).status_code == 401


def test_the_token_opens_the_api_in_a_header_but_not_in_the_address(guarded: TestClient):
    assert guarded.get("/api/models", headers=BEARER).status_code == 200
    assert guarded.get("/api/models", params={"token": TOKEN}).status_code == 401


def test_a_page_shows_the_token_once_and_gets_a_cookie_that_is_not_the_token(guarded: TestClient):
    shown = guarded.get("/models/x", params={"token": TOKEN, "tab": "runs"}, follow_redirects=False)
    assert (shown.status_code, shown.headers["location"]) == (303, "/models/x?tab=runs")
    cookie = shown.headers["set-cookie"]
    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert guarded.get("/api/models").status_code == 200


def test_a_page_without_the_token_asks_for_it(guarded: TestClient):
    for parameters in ({}, {"token": "wrong"}):
        asked = guarded.get("/", params=parameters)
        assert asked.status_code == 401
        assert asked.headers["content-type"].startswith("text/html")
        assert '<form method="get">' in asked.text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%5cevil.example", "//evil.example/%2f.."])
def test_showing_the_token_never_leads_to_another_server(guarded: TestClient, path: str):
    shown = guarded.get(f"http://127.0.0.1:8000{path}", params={"token": TOKEN}, follow_redirects=False)
    assert re.match(r"/(?![/\\])", shown.headers["location"])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "",
        "127.0.0.1@evil.example",
        "localhost/",
        "localhost:port",
        "[::1",
        "0.0.0.0",
        "10.0.0.1",
        "localhost, evil.example",
        "evil.example#localhost",
    ],
)
def test_a_host_that_is_not_ours_gets_nothing_anywhere(client: TestClient, host: str):
    for address in ("/api/health", "/api/models", "/"):
        for method in ("GET", "POST"):
            assert client.request(method, address, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "127.8.9.1", "[::1]"])
def test_this_machines_own_names_are_ours(client: TestClient, host: str):
    assert client.get("/api/health", headers={"Host": host}).status_code == 200


def test_two_hosts_are_no_host(client: TestClient):
    assert client.get("/api/health", headers=[("Host", "localhost"), ("Host", "localhost")]).status_code == 403


def test_configured_hosts_and_addresses_of_an_open_server_are_answered(settings: Settings):
    opened = settings.model_copy(
        update={"host": "0.0.0.0", "allowed_hosts": ["Lab.example"], "token": SecretStr(TOKEN)}
    )
    client = TestClient(create_app(opened))
    statuses = {
        host: client.get("/api/health", headers={"Host": host}).status_code
        for host in ("lab.example:80", "10.0.0.1:8000", "[fe80::1]", "evil.example")
    }
    assert statuses == {"lab.example:80": 200, "10.0.0.1:8000": 200, "[fe80::1]": 200, "evil.example": 403}


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "file://"},
    {"Origin": "ftp://127.0.0.1"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def test_pages_of_other_sites_can_change_nothing_anywhere(client: TestClient):
    for address in ADDRESSES:
        for method in ("POST", "PUT", "PATCH", "DELETE", "NONSENSE"):
            response = client.request(method, address, headers={"Origin": "http://evil.example"})
            assert response.status_code == 403, (method, address)


@pytest.mark.parametrize("headers", FOREIGN)
def test_nothing_but_our_own_origin_is_our_own(client: TestClient, headers: dict[str, str]):
    assert client.post("/api/models", json={"name": "a"}, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_pages_and_programs_can_change_things(client: TestClient, headers: dict[str, str]):
    assert client.post("/api/models", json={"name": "a"}, headers=headers).status_code == 201


def test_a_configured_origin_can_change_things(settings: Settings):
    settings = settings.model_copy(update={"allowed_origins": ["http://localhost:5173"]})
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        headers = {"Origin": "http://localhost:5173"}
        assert client.post("/api/models", json={"name": "a"}, headers=headers).status_code == 201


@pytest.mark.parametrize("headers", [*FOREIGN, {"Host": "evil.example"}])
def test_websockets_are_guarded_like_everything_else(client: TestClient, headers: dict[str, str]):
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(STREAM, headers=headers):
        pass
    assert refused.value.status_code == 403


def test_a_websocket_needs_the_token(guarded: TestClient):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            guarded.websocket_connect(STREAM, headers=headers),
        ):
            pass
        assert refused.value.status_code == 401
    with guarded.websocket_connect(STREAM, headers=BEARER):
        pass
    guarded.get("/", params={"token": TOKEN})
    with guarded.websocket_connect(STREAM):
        pass


def test_every_answer_has_the_security_headers(client: TestClient):
    # Without those that would start Keras just to be answered.
    for address in [a for a in ADDRESSES if not re.search("catalogue|datasets|check", a)]:
        for method in ("GET", "POST", "DELETE"):
            headers = client.request(method, address).headers
            assert {name: headers.get(name) for name in HEADERS} == HEADERS, (method, address)
    refused = client.get("/api/health", headers={"Host": "evil.example"}).headers
    assert {name: refused.get(name) for name in HEADERS} == HEADERS


def test_a_body_that_is_too_large_is_refused_before_it_is_read(settings: Settings):
    settings = settings.model_copy(update={"max_body_bytes": 2000})
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        headers = {"Content-Type": "application/json"}
        announced = client.post("/api/models", content=b"x" * 2001, headers=headers)
        chunked = client.post("/api/models", content=iter([b"x" * 1000] * 3), headers=headers)
        for response in (announced, chunked):
            assert response.status_code == 413
            assert response.headers["content-type"] == "application/problem+json"
            assert "at most 2000 bytes" in response.json()["detail"]
        lied = client.post("/api/models", content=b"{}", headers=headers | {"Content-Length": "-5"})
        assert lied.status_code == 413
