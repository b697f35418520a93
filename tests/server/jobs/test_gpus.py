"""The GPUs that workers share, as NVIDIA's own program names them."""

from pathlib import Path

import pytest

from server.jobs.gpus import list_gpus

FIRST, SECOND = "GPU-8a2f7a52-0b9e-4d47-93cf-1d1c1a6f6d2e", "GPU-0c1d2e3f-4a5b-6c7d-8e9f-a0b1c2d3e4f5"


def install_nvidia_smi(folder: Path, script: str) -> str:
    """A program of that name that runs the script; answers the path to look for programs in."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


@pytest.fixture(autouse=True)
def nobody_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_the_gpus_of_the_machine_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    script = f'[ "$*" = "--query-gpu=uuid --format=csv,noheader" ] && printf "{FIRST}\\n{SECOND}\\n"'
    monkeypatch.setenv("PATH", install_nvidia_smi(tmp_path, script))
    assert list_gpus() == [FIRST, SECOND]


@pytest.mark.parametrize(("chosen", "expected"), [("1,0", ["1", "0"]), (FIRST, [FIRST]), ("", []), ("-1", [])])
def test_those_that_somebody_chose_come_first(monkeypatch: pytest.MonkeyPatch, chosen: str, expected: list[str]):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert list_gpus() == expected


@pytest.mark.parametrize("script", ["echo 'No devices were found'", "echo failed >&2; exit 9"])
def test_a_driver_without_gpus_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str):
    monkeypatch.setenv("PATH", install_nvidia_smi(tmp_path, script))
    assert list_gpus() == []


def test_a_machine_without_the_driver_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list_gpus() == []
