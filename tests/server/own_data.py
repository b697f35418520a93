"""Sends files and makes data sets of them, as a page does."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import numpy as np

WAIT_S = 100
OCTETS = "application/offset+octet-stream"


def upload(client: httpx.Client, name: str, content: bytes, piece: int | None = None) -> dict[str, Any]:
    """A whole file, in pieces of so many bytes."""
    state: dict[str, Any] = client.post("/api/uploads", json={"filename": name, "size": len(content)}).json()
    step = piece or len(content)
    for start in range(0, len(content), step):
        response = send_piece(client, state["id"], start, content[start : start + step])
        assert response.status_code == 200, response.text
        state = response.json()
    return state


def send_piece(client: httpx.Client, upload_id: object, offset: int, piece: bytes) -> httpx.Response:
    """One piece of a file; the answer, whatever it is."""
    headers = {"Content-Type": OCTETS, "Upload-Offset": str(offset)}
    return client.patch(f"/api/uploads/{upload_id}", content=piece, headers=headers)


def pack_npz(**arrays: np.ndarray) -> bytes:
    """Arrays as a file."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def make_points(samples: int = 40) -> dict[str, np.ndarray]:
    """Two clouds of points, and which one each is of."""
    random = np.random.default_rng(7)
    labels = (np.arange(samples) % 2).astype("int64")
    return {"x": (random.normal(size=(samples, 3)) + 3 * labels[:, None]).astype("float32"), "y": labels}


def begin(
    client: httpx.Client, files: Sequence[Mapping[str, object]], name: str = "mine", kind: str = "arrays"
) -> httpx.Response:
    """The answer to making a data set."""
    body = {"name": name, "title": "Mine", "files": files, "definition": {"kind": kind}}
    return client.post("/api/datasets", json=body)


def wait_for(client: httpx.Client, job_id: str, done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The job, once it is as wanted."""
    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        job: dict[str, Any] = client.get(f"/api/datasets/jobs/{job_id}").json()
        if done(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job is {job}")


def wait_until_over(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job once it is over."""
    return wait_for(client, job_id, lambda job: job["state"] not in {"waiting", "running"})


def make_dataset(client: httpx.Client, name: str = "mine", content: bytes | None = None) -> dict[str, Any]:
    """A data set made of an npz file; its job."""
    sent = upload(client, f"{name}.npz", pack_npz(**make_points()) if content is None else content)
    response = begin(client, [{"upload": sent["id"]}], name)
    assert response.status_code == 202, response.text
    return wait_until_over(client, response.json()["id"])
