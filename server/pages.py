"""The browser's part: the built frontend, and its one page for every address that is a page."""

import mimetypes
from os import PathLike, stat_result
from pathlib import Path
from stat import S_ISREG

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
HASHED = "assets/"
"""Vite puts a hash of the content into the names of these files, so that they never change."""
ENCODINGS = {"br": ".br", "gzip": ".gz"}
NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Layerloom</title></head>
<body>
<h1>The pages are not built</h1>
<p>The server runs, and so does its API, but the browser's part has not been built. <code>make run</code> builds it.</p>
</body>
</html>
"""


class Pages(StaticFiles):
    """Answers whatever no route of the API takes."""

    def __init__(self, directory: Path = STATIC):
        super().__init__(directory=directory, check_dir=False)
        self._index = directory / "index.html"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"] == "/api" or scope["path"].startswith("/api/")):
            raise HTTPException(404)
        self.config_checked = True
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at this path, else the page, else a word on why there is none."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        found = await run_in_threadpool(self._find, path, Headers(scope=scope).get("accept-encoding", ""))
        if found is not None:
            return found if not self.is_not_modified(found.headers, Headers(scope=scope)) else _not_modified(found)
        if Path(path).suffix or path.startswith(HASHED):
            raise HTTPException(404)
        return HTMLResponse(NOT_BUILT, 503)

    def _find(self, path: str, accepted: str) -> FileResponse | None:
        name = "index.html" if path == "." else path
        page = not Path(name).suffix and not name.startswith(HASHED)
        for candidate in (name, "index.html") if page else (name,):
            full_path, stat = self._look_up(candidate)
            if stat is not None:
                return self._make_response(candidate, full_path, stat, accepted)
        return None

    def _make_response(
        self, name: str, full_path: str | PathLike[str], stat: stat_result, accepted: str
    ) -> FileResponse:
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if name.startswith(HASHED) else "no-cache",
            "Vary": "Accept-Encoding",
        }
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        for encoding, suffix in ENCODINGS.items():
            if encoding in accepted:
                packed_path, packed_stat = self._look_up(name + suffix)
                if packed_stat is not None:
                    headers["Content-Encoding"] = encoding
                    return FileResponse(packed_path, headers=headers, media_type=media_type, stat_result=packed_stat)
        return FileResponse(full_path, headers=headers, media_type=media_type, stat_result=stat)

    def _look_up(self, name: str) -> tuple[str | PathLike[str], stat_result | None]:
        """The regular file of this name. Nothing outside the directory is found, whatever the name says."""
        try:
            full_path, stat = self.lookup_path(name)
        except (OSError, ValueError):
            return "", None
        return full_path, stat if stat is not None and S_ISREG(stat.st_mode) else None


def _not_modified(response: FileResponse) -> Response:
    return NotModifiedResponse(response.headers)
