"""A token that the server makes for itself at its first start and keeps in its data folder."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

TOKEN_FILE = "token"  # noqa: S105  # the file's name, not a token
TOKEN_BYTES = 24


def keep_token(home: Path) -> SecretStr:
    """The folder's token; made, for its owner's eyes only, where there is none yet. Raises OSError."""
    path = home / TOKEN_FILE
    if not path.exists():
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(TOKEN_BYTES) + "\n")
        unfinished.replace(path)
    return SecretStr(path.read_text(encoding="ascii").strip())
