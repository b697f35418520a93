"""The `Content-Disposition` header of a download (RFC 6266)."""

from urllib.parse import quote


def format_attachment(filename: str) -> str:
    """An attachment with this name, and an ASCII name for clients that know no other.

    Whatever could end the header or name a folder is replaced.
    """
    safe = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in filename).strip(". ") or "model"
    ascii_name = safe.encode("ascii", "replace").decode().replace("?", "_")
    extended = quote(safe.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{extended}"
