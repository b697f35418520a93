"""Looks at every request and every WebSocket before the application does."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.health import HEALTH_PATH
from server.problem_response import ProblemResponse, make_problem
from server.security.body_limit import announces_too_much, limit_body, say_too_large
from server.security.headers import add_security_headers
from server.security.hosts import HostRule
from server.security.sign_in import SIGN_IN_PAGE
from server.security.tokens import TokenRule, take_token
from server.settings import Settings
from server.uploads import is_upload

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset({HEALTH_PATH})
"""Answered without the token: a health check has none, and learns nothing."""
WORKER_PATHS = {"POST": re.compile(r"/api/runs/[^/]+/events"), "GET": re.compile(r"/api/runs/[^/]+/commands")}
"""A worker posts and asks here with the token of its attempt, which the route checks."""


class SecurityMiddleware:
    """Checks host, origin, token and size, in this order, and adds the security headers to whatever is answered."""

    def __init__(self, app: ASGIApp, settings: Settings):
        self._app = app
        self._hosts = HostRule(settings)
        self._tokens = TokenRule(settings)
        self._origins = frozenset(settings.allowed_origins)
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        send = add_security_headers(send, is_api=_is_api(scope))
        refusal = self._refuse(scope)
        if refusal is not None and scope["type"] == "websocket":
            await _refuse_websocket(refusal, scope, receive, send)
        elif refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, limit_body(receive, self._limit_of(scope)), send)

    def _limit_of(self, scope: Scope) -> int:
        return self._settings.max_upload_bytes if is_upload(scope) else self._settings.max_body_bytes

    def _refuse(self, scope: Scope) -> Response | None:
        """The answer for who may not come in; None for who may."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else None
        if not self._hosts.allows(host):
            return _answer_problem(
                403, f"This server does not answer to the host {host!r}; LAYERLOOM_ALLOWED_HOSTS can name more."
            )
        if not self._is_same_origin(scope, headers, host):
            return _answer_problem(
                403,
                f"Requests that change something must come from this server's own pages, not {_say_origin(headers)}.",
            )
        if self._tokens.is_needed and not self._is_known(scope, headers):
            return self._ask_for_token(scope)
        if scope["type"] == "http" and announces_too_much(scope, limit := self._limit_of(scope)):
            return ProblemResponse(make_problem(413, say_too_large(limit)), {"Connection": "close"})
        return None

    def _is_same_origin(self, scope: Scope, headers: Headers, host: str | None) -> bool:
        """A browser names the origin in all that changes something and in WebSockets; other programs name none."""
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return True
        origins = headers.getlist("origin")
        if not origins:
            return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        if origins[0] in self._origins:
            return True
        origin = urlsplit(origins[0])
        return (
            len(origins) == 1 and origin.scheme in {"http", "https"} and origin.netloc.lower() == (host or "").lower()
        )

    def _is_known(self, scope: Scope, headers: Headers) -> bool:
        path = scope["path"]
        if path in OPEN_PATHS:
            return True
        worker_path = WORKER_PATHS.get(scope["method"]) if scope["type"] == "http" else None
        if worker_path is not None and worker_path.fullmatch(path):
            return True
        return self._tokens.accepts_bearer(headers.get("authorization")) or self._tokens.accepts_cookie(
            headers.get("cookie")
        )

    def _ask_for_token(self, scope: Scope) -> Response:
        """A page can show the token once in its address, and gets a cookie for it."""
        is_page = scope["type"] == "http" and scope["method"] == "GET" and not _is_api(scope)
        if not is_page:
            detail = "This server wants its token: send the header Authorization: Bearer <token>."
            return ProblemResponse(make_problem(401, detail), {"WWW-Authenticate": "Bearer"})
        given, query = take_token(scope["query_string"])
        if given is not None and self._tokens.accepts(given):
            # The path alone could name another server ("//elsewhere").
            address = f"/{scope['path'].lstrip('/')}" + (f"?{query}" if query else "")
            return RedirectResponse(
                address, 303, {"Set-Cookie": self._tokens.make_cookie(), "Cache-Control": "no-store"}
            )
        return HTMLResponse(SIGN_IN_PAGE, 401, {"Cache-Control": "no-store", "WWW-Authenticate": "Bearer"})


def _is_api(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == "/api" or path.startswith("/api/")


def _answer_problem(status: int, detail: str) -> Response:
    return ProblemResponse(make_problem(status, detail))


def _say_origin(headers: Headers) -> str:
    return repr(headers.get("origin") or headers.get("sec-fetch-site"))


async def _refuse_websocket(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers the handshake with the refusal itself where the server can, else closes it."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
