"""Makes a data set of arrays on a server, as any program could: send a file, have it prepared, wait."""

import io
import time
from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np

from benchmarks.serving import post_json

POLL_S = 0.2
OVER = {"finished", "failed", "cancelled"}


def make_data_set(client: httpx.Client, name: str, title: str, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Sends the arrays as one npz file, and returns when the data set can be trained on.

    `x_train`, `y_train`, `x_test` and `y_test` are understood as inputs, targets and test part.

    Raises:
        httpx.HTTPStatusError: the server refuses something, with its problem document.
        RuntimeError: the data set cannot be made of the file; what is wrong with it.
    """
    upload = send_file(client, f"{name}.npz", pack(arrays))
    wanted = {"name": name, "title": title, "files": [{"upload": upload}], "definition": {"kind": "arrays"}}
    job = post_json(client, "/api/datasets", wanted)
    while job["state"] not in OVER:
        time.sleep(POLL_S)
        job = client.get(f"/api/datasets/jobs/{job['id']}").raise_for_status().json()
    if job["state"] != "finished":
        raise RuntimeError(f"The data set {name} is {job['state']}, expected finished: {job['reason']}")


def send_file(client: httpx.Client, name: str, content: bytes) -> str:
    """Sends a file in pieces. Returns the upload's id."""
    upload = post_json(client, "/api/uploads", {"filename": name, "size": len(content)})
    while not upload["complete"]:
        offset, size = upload["offset"], upload["piece_size"]
        assert isinstance(offset, int)
        assert isinstance(size, int)
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        piece = content[offset : offset + size]
        answer = client.patch(f"/api/uploads/{upload['id']}", content=piece, headers=headers)
        upload = answer.raise_for_status().json()
    return str(upload["id"])


def pack(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """The arrays as an npz file."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()
