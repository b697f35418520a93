"""What scripts/bootstrap.py says when it cannot go on. Nothing is installed here."""

import ast
import hashlib
import json
import shutil
import sys
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from scripts import bootstrap

ROOT = Path(__file__).resolve().parent.parent
DiskUsage = namedtuple("DiskUsage", ["total", "used", "free"])


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone in which nothing was installed yet, on a machine with nothing on PATH."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bin").mkdir()
    venv = tmp_path / ".venv"
    places = {
        "ROOT": tmp_path,
        "VENV": venv,
        "VENV_PYTHON": venv / "bin" / "python",
        "STAMP": venv / "layerloom-installed.json",
        "LOG": tmp_path / ".make" / "install.log",
    }
    for name, path in places.items():
        monkeypatch.setattr(bootstrap, name, str(path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


@pytest.fixture
def refusal(clone, capsys):
    """Runs `make run`'s first half, which has to refuse, and gives the one sentence that it said."""

    def refuse():
        assert bootstrap.main(["run"]) == 1
        said = capsys.readouterr().err
        assert said.startswith("layerloom: ")
        assert said.endswith(".\n")
        assert said.count("\n") == 1
        return said

    return refuse


def write_program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_the_script_parses_on_python_3_6():
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_which_ones_will_do(refusal, monkeypatch):
    monkeypatch.setattr(bootstrap, "own_version", lambda: (3, 9))
    said = refusal()
    assert "needs Python 3.11 to 3.13" in said
    assert "is Python 3.9" in said


def test_a_python_from_the_future_is_told_the_same(refusal, monkeypatch):
    monkeypatch.setattr(bootstrap, "own_version", lambda: (3, 14))
    assert "is Python 3.14" in refusal()


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(clone, monkeypatch):
    monkeypatch.setattr(bootstrap, "own_version", lambda: (3, 9))
    newer = clone / "bin" / "python3.12"
    write_program(newer, "echo 3 12")
    assert bootstrap.find_python() == (str(newer), (3, 12))


def test_a_name_on_the_path_that_does_not_start_is_passed_over(clone, monkeypatch):
    monkeypatch.setattr(bootstrap, "own_version", lambda: (3, 9))
    write_program(clone / "bin" / "python3.13", "echo 'command not found' >&2; exit 127")
    write_program(clone / "bin" / "python3.11", "echo 3 11")
    assert bootstrap.find_python() == (str(clone / "bin" / "python3.11"), (3, 11))


def test_a_full_disk_is_found_before_anything_is_installed(refusal, monkeypatch, clone):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: DiskUsage(10**11, 10**11 - 10**9, 10**9))
    said = refusal()
    assert "needs 4.0 GB of free disk space" in said
    assert f"{clone} has 1.0 GB" in said
    assert not (clone / ".venv").exists()


def test_a_python_without_its_venv_module_names_the_package(refusal, monkeypatch, clone):
    monkeypatch.setattr(bootstrap, "own_version", lambda: (3, 9))
    write_program(clone / "bin" / "python3.12", 'case "$2" in *venv*) exit 1;; *) echo 3 12;; esac')
    said = refusal()
    assert "lacks Python's `venv` module" in said
    assert "sudo apt install python3.12-venv" in said


def pip(*arguments):
    return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *arguments]


def test_no_network_is_one_sentence(clone, tmp_path):
    nowhere = pip("--retries", "1", "--timeout", "1", "--index-url", "http://127.0.0.1:9/simple", "layerloom-nowhere")
    with pytest.raises(bootstrap.SetupError, match=r"the package index cannot be reached.*install\.log\.$"):
        bootstrap.run_or_explain("Installing the Python packages", nowhere)


def test_a_file_other_than_the_locked_one_is_not_installed(clone, tmp_path):
    wheel = tmp_path / "loomtest-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("loomtest-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: loomtest\nVersion: 1.0\n")
        archive.writestr("loomtest-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("loomtest-1.0.dist-info/RECORD", "")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"loomtest==1.0 --hash=sha256:{hashlib.sha256(b'another file').hexdigest()}\n")
    offline = pip("--no-index", "--find-links", str(tmp_path), "--require-hashes", "--requirement", str(lock))
    with pytest.raises(bootstrap.SetupError, match="a downloaded file is not the one that is locked"):
        bootstrap.run_or_explain("Installing the Python packages", [*offline, "--target", str(tmp_path / "target")])
    assert not (tmp_path / "target").exists()


def test_a_disk_that_fills_up_on_the_way_is_one_sentence():
    output = (
        "Collecting keras\nERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
    )
    assert "because the disk is full" in bootstrap.explain_failure("Installing the Python packages", output)


def test_any_other_failure_quotes_the_installers_own_error():
    said = bootstrap.explain_failure(
        "Installing chromium", "Reading package lists...\nE: Unable to locate package chromium\n"
    )
    assert "Installing chromium failed: E: Unable to locate package chromium (" in said


@pytest.fixture
def installed(clone):
    """A clone in which a group of packages counts as installed."""

    def install(group):
        (clone / ".venv" / "bin").mkdir(parents=True)
        write_program(clone / ".venv" / "bin" / "python", "echo 3 11")
        Path(bootstrap.STAMP).write_text(json.dumps({group: bootstrap.describe_installation(group)}))
        return clone

    return install


def test_what_is_installed_is_not_installed_again(installed):
    installed("run")
    assert bootstrap.is_installed("run")
    assert not bootstrap.is_installed("dev")


def test_the_developers_packages_include_the_servers(installed):
    installed("dev")
    assert bootstrap.is_installed("run")


def test_a_newer_date_alone_installs_nothing(installed):
    (installed("run") / "requirements" / "run.txt").touch()
    assert bootstrap.is_installed("run")


def test_a_changed_lock_file_is_installed(installed):
    with (installed("run") / "requirements" / "run.txt").open("a") as lock:
        lock.write("# newer\n")
    assert not bootstrap.is_installed("run")


def test_a_clone_that_was_moved_is_installed_anew(installed, monkeypatch):
    clone = installed("run")
    elsewhere = clone / "elsewhere"
    elsewhere.mkdir()
    shutil.copytree(clone / "requirements", elsewhere / "requirements")
    shutil.copy(clone / "pyproject.toml", elsewhere)
    monkeypatch.setattr(bootstrap, "ROOT", str(elsewhere))
    assert not bootstrap.is_installed("run")
