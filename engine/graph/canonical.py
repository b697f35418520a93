"""The content address of a graph: the same drawing has the same hash on every machine."""

import hashlib
import json

from pydantic import BaseModel


def canonical_json(document: BaseModel) -> str:
    """The document as JSON with sorted keys, no spaces, and nothing that equals its default."""
    plain = document.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(document: BaseModel) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document).encode("utf-8", "surrogatepass")).hexdigest()
