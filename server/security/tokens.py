"""The server's token: in a header for programs, in a cookie for pages."""

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from server.settings import Settings


class TokenRule:
    """Knows the token, and what proves that somebody else does. Without a token everybody may come in."""

    def __init__(self, settings: Settings):
        self._token = settings.token.get_secret_value().encode() if settings.token else None
        # Cookies do not tell ports apart: two servers on one machine must not overwrite each other's.
        self.cookie_name = f"layerloom_{settings.port}"

    @property
    def is_needed(self) -> bool:
        """Whether the server was given a token."""
        return self._token is not None

    def accepts_bearer(self, authorization: str | None) -> bool:
        """Whether an `Authorization` header carries the token."""
        scheme, _, given = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self.accepts(given.strip())

    def accepts_cookie(self, cookie: str | None) -> bool:
        """Whether a `Cookie` header carries what `make_cookie` handed out."""
        try:
            morsel = SimpleCookie(cookie or "").get(self.cookie_name)
        except CookieError:
            return False
        return morsel is not None and hmac.compare_digest(morsel.value.encode("utf-8", "replace"), self._proof())

    def accepts(self, given: str) -> bool:
        """Whether this is the token. Takes the same time however much of it is right."""
        return self._token is not None and hmac.compare_digest(given.encode("utf-8", "replace"), self._token)

    def make_cookie(self) -> str:
        """The `Set-Cookie` header for a page that has shown the token. It proves the token without containing it."""
        return f"{self.cookie_name}={self._proof().decode()}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"

    def _proof(self) -> bytes:
        return hmac.new(self._token or b"", b"layerloom cookie", hashlib.sha256).hexdigest().encode()


def take_token(query: bytes) -> tuple[str | None, str]:
    """The `token` of a query string, and the query string without it."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    token = next((value for name, value in pairs if name == "token"), None)
    return token, urlencode([(name, value) for name, value in pairs if name != "token"])
